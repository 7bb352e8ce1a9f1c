// Generated from supabase/migrations by `npm run database:types`. Do not edit.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  public: {
    Tables: {
      audit_log: {
        Row: {
          action: string;
          actor_id: string | null;
          created_at: string;
          details: NonNullable<Json>;
          id: string;
          subject_id: string;
          user_id: string;
        };
        ComputedFields: never;
        Insert: {
          action: string;
          actor_id?: string | null;
          created_at?: string;
          details?: NonNullable<Json>;
          id?: string;
          subject_id: string;
          user_id: string;
        };
        Update: {
          action?: string;
          actor_id?: string | null;
          created_at?: string;
          details?: NonNullable<Json>;
          id?: string;
          subject_id?: string;
          user_id?: string;
        };
        Relationships: [];
      };
      memories: {
        Row: {
          content: string;
          content_hash: string | null;
          created_at: string;
          id: string;
          is_turn_due: boolean;
          is_window_due: boolean;
          lexeme_count: number;
          lexemes: unknown;
          memory_key_id: string;
          metadata: Json | null;
          name: string | null;
          part: number;
          position: number;
          role: string;
          session_id: string;
          session_number: number;
          source: string;
          step_key: string | null;
          stored_at: string;
          token_count: number;
          turn_id: string | null;
          turn_stamp: number;
          window_stamp: number;
        };
        ComputedFields: never;
        Insert: {
          content: string;
          content_hash?: string | null;
          created_at: string;
          id: string;
          is_turn_due?: boolean;
          is_window_due?: boolean;
          lexeme_count: number;
          lexemes: unknown;
          memory_key_id: string;
          metadata?: Json | null;
          name?: string | null;
          part?: number;
          position: number;
          role: string;
          session_id: string;
          session_number: number;
          source: string;
          step_key?: string | null;
          stored_at?: string;
          token_count: number;
          turn_id?: string | null;
          turn_stamp?: number;
          window_stamp?: number;
        };
        Update: {
          content?: string;
          content_hash?: string | null;
          created_at?: string;
          id?: string;
          is_turn_due?: boolean;
          is_window_due?: boolean;
          lexeme_count?: number;
          lexemes?: unknown;
          memory_key_id?: string;
          metadata?: Json | null;
          name?: string | null;
          part?: number;
          position?: number;
          role?: string;
          session_id?: string;
          session_number?: number;
          source?: string;
          step_key?: string | null;
          stored_at?: string;
          token_count?: number;
          turn_id?: string | null;
          turn_stamp?: number;
          window_stamp?: number;
        };
        Relationships: [
          {
            foreignKeyName: "memories_memory_key_id_fkey";
            columns: ["memory_key_id"];
            isOneToOne: false;
            referencedRelation: "memory_keys";
            referencedColumns: ["id"];
          },
        ];
      };
      memory_key_secrets: {
        Row: {
          created_at: string;
          expires_at: string | null;
          hash: string;
          id: string;
          kind: string;
          last_four: string;
          memory_key_id: string;
          prefix: string;
          revoked_at: string | null;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          expires_at?: string | null;
          hash: string;
          id?: string;
          kind?: string;
          last_four: string;
          memory_key_id: string;
          prefix: string;
          revoked_at?: string | null;
        };
        Update: {
          created_at?: string;
          expires_at?: string | null;
          hash?: string;
          id?: string;
          kind?: string;
          last_four?: string;
          memory_key_id?: string;
          prefix?: string;
          revoked_at?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "memory_key_secrets_memory_key_id_fkey";
            columns: ["memory_key_id"];
            isOneToOne: false;
            referencedRelation: "memory_keys";
            referencedColumns: ["id"];
          },
        ];
      };
      memory_keys: {
        Row: {
          created_at: string;
          embedding: string;
          expires_at: string | null;
          external_id: string | null;
          id: string;
          is_active: boolean;
          last_four: string;
          last_used_at: string | null;
          may_mint: boolean;
          memory_token_count: number;
          minted_by: string | null;
          mode: string;
          name: string;
          on_disconnect: string;
          prefix: string;
          retention_days: number | null;
          token_cap: number | null;
          user_id: string;
          vectors_due_at: string | null;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          embedding?: string;
          expires_at?: string | null;
          external_id?: string | null;
          id?: string;
          is_active?: boolean;
          last_four: string;
          last_used_at?: string | null;
          may_mint?: boolean;
          memory_token_count?: number;
          minted_by?: string | null;
          mode?: string;
          name: string;
          on_disconnect?: string;
          prefix: string;
          retention_days?: number | null;
          token_cap?: number | null;
          user_id: string;
          vectors_due_at?: string | null;
        };
        Update: {
          created_at?: string;
          embedding?: string;
          expires_at?: string | null;
          external_id?: string | null;
          id?: string;
          is_active?: boolean;
          last_four?: string;
          last_used_at?: string | null;
          may_mint?: boolean;
          memory_token_count?: number;
          minted_by?: string | null;
          mode?: string;
          name?: string;
          on_disconnect?: string;
          prefix?: string;
          retention_days?: number | null;
          token_cap?: number | null;
          user_id?: string;
          vectors_due_at?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "memory_keys_minted_by_fkey";
            columns: ["minted_by"];
            isOneToOne: false;
            referencedRelation: "memory_keys";
            referencedColumns: ["id"];
          },
        ];
      };
      memory_terms: {
        Row: {
          length: number;
          memory_key_id: string;
          position: number;
          session_number: number;
          term: string;
          tf: number;
        };
        ComputedFields: never;
        Insert: {
          length: number;
          memory_key_id: string;
          position: number;
          session_number: number;
          term: string;
          tf: number;
        };
        Update: {
          length?: number;
          memory_key_id?: string;
          position?: number;
          session_number?: number;
          term?: string;
          tf?: number;
        };
        Relationships: [];
      };
      memory_vectors: {
        Row: {
          embedding: unknown;
          kind: string;
          memory_key_id: string;
          model: number;
          position: number;
          session_number: number;
          signature: unknown;
        };
        ComputedFields: never;
        Insert: {
          embedding: unknown;
          kind: string;
          memory_key_id: string;
          model: number;
          position: number;
          session_number: number;
          signature: unknown;
        };
        Update: {
          embedding?: unknown;
          kind?: string;
          memory_key_id?: string;
          model?: number;
          position?: number;
          session_number?: number;
          signature?: unknown;
        };
        Relationships: [];
      };
      profiles: {
        Row: {
          created_at: string;
          display_name: string | null;
          is_memory_read_only: boolean;
          notification_preferences: NonNullable<Json>;
          updated_at: string;
          user_id: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          display_name?: string | null;
          is_memory_read_only?: boolean;
          notification_preferences?: NonNullable<Json>;
          updated_at?: string;
          user_id: string;
        };
        Update: {
          created_at?: string;
          display_name?: string | null;
          is_memory_read_only?: boolean;
          notification_preferences?: NonNullable<Json>;
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [];
      };
      provider_keys: {
        Row: {
          created_at: string;
          id: string;
          is_active: boolean;
          last_check_result: string | null;
          last_checked_at: string | null;
          last_four: string;
          nickname: string | null;
          provider: string;
          secret_id: string;
          user_id: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          id?: string;
          is_active?: boolean;
          last_check_result?: string | null;
          last_checked_at?: string | null;
          last_four: string;
          nickname?: string | null;
          provider: string;
          secret_id: string;
          user_id: string;
        };
        Update: {
          created_at?: string;
          id?: string;
          is_active?: boolean;
          last_check_result?: string | null;
          last_checked_at?: string | null;
          last_four?: string;
          nickname?: string | null;
          provider?: string;
          secret_id?: string;
          user_id?: string;
        };
        Relationships: [];
      };
      responses: {
        Row: {
          created_at: string;
          id: string;
          memory_key_id: string;
          previous_id: string | null;
          provider: string;
          session_id: string | null;
          turn_id: string | null;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          id: string;
          memory_key_id: string;
          previous_id?: string | null;
          provider: string;
          session_id?: string | null;
          turn_id?: string | null;
        };
        Update: {
          created_at?: string;
          id?: string;
          memory_key_id?: string;
          previous_id?: string | null;
          provider?: string;
          session_id?: string | null;
          turn_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "responses_memory_key_id_fkey";
            columns: ["memory_key_id"];
            isOneToOne: false;
            referencedRelation: "memory_keys";
            referencedColumns: ["id"];
          },
        ];
      };
      sessions: {
        Row: {
          last_at: string;
          lexeme_count: number;
          memory_count: number;
          memory_key_id: string;
          next_position: number;
          number: number;
          opened_at: string;
          seed: string | null;
          session_id: string;
        };
        ComputedFields: never;
        Insert: {
          last_at?: string;
          lexeme_count?: number;
          memory_count?: number;
          memory_key_id: string;
          next_position?: number;
          number?: number;
          opened_at?: string;
          seed?: string | null;
          session_id: string;
        };
        Update: {
          last_at?: string;
          lexeme_count?: number;
          memory_count?: number;
          memory_key_id?: string;
          next_position?: number;
          number?: number;
          opened_at?: string;
          seed?: string | null;
          session_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "sessions_memory_key_id_fkey";
            columns: ["memory_key_id"];
            isOneToOne: false;
            referencedRelation: "memory_keys";
            referencedColumns: ["id"];
          },
        ];
      };
      turn_pieces: {
        Row: {
          memory_key_id: string;
          payload: string;
          piece: number;
          pieces: number;
          received_at: string;
          step_key: string;
          turn_id: string;
        };
        ComputedFields: never;
        Insert: {
          memory_key_id: string;
          payload: string;
          piece: number;
          pieces: number;
          received_at?: string;
          step_key: string;
          turn_id: string;
        };
        Update: {
          memory_key_id?: string;
          payload?: string;
          piece?: number;
          pieces?: number;
          received_at?: string;
          step_key?: string;
          turn_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "turn_pieces_memory_key_id_fkey";
            columns: ["memory_key_id"];
            isOneToOne: false;
            referencedRelation: "memory_keys";
            referencedColumns: ["id"];
          },
        ];
      };
      turn_steps: {
        Row: {
          answered_at: string;
          finish: string;
          is_answer_cut: boolean;
          is_answer_stored: boolean;
          latency: Json | null;
          memory_key_id: string;
          request_id: string;
          response_id: string | null;
          status: number;
          step_key: string;
          turn_id: string;
          usage: Json | null;
        };
        ComputedFields: never;
        Insert: {
          answered_at: string;
          finish: string;
          is_answer_cut?: boolean;
          is_answer_stored?: boolean;
          latency?: Json | null;
          memory_key_id: string;
          request_id: string;
          response_id?: string | null;
          status: number;
          step_key: string;
          turn_id: string;
          usage?: Json | null;
        };
        Update: {
          answered_at?: string;
          finish?: string;
          is_answer_cut?: boolean;
          is_answer_stored?: boolean;
          latency?: Json | null;
          memory_key_id?: string;
          request_id?: string;
          response_id?: string | null;
          status?: number;
          step_key?: string;
          turn_id?: string;
          usage?: Json | null;
        };
        Relationships: [
          {
            foreignKeyName: "turn_steps_memory_key_id_turn_id_fkey";
            columns: ["memory_key_id", "turn_id"];
            isOneToOne: false;
            referencedRelation: "turns";
            referencedColumns: ["memory_key_id", "id"];
          },
        ];
      };
      turns: {
        Row: {
          begun_at: string;
          block: string | null;
          block_memories: NonNullable<Json>;
          completed_at: string | null;
          dialect: string;
          id: string;
          idempotency_key: string | null;
          is_user_stored: boolean;
          is_user_text_cut: boolean;
          memory_key_id: string;
          model: string | null;
          provider: string | null;
          recalled_ids: string[] | null;
          receipt: Json | null;
          request_id: string | null;
          session_id: string;
          state: string;
          stores_user: boolean;
          turn_key: string;
          user_name: string | null;
          user_text: string | null;
        };
        ComputedFields: never;
        Insert: {
          begun_at?: string;
          block?: string | null;
          block_memories?: NonNullable<Json>;
          completed_at?: string | null;
          dialect: string;
          id: string;
          idempotency_key?: string | null;
          is_user_stored?: boolean;
          is_user_text_cut?: boolean;
          memory_key_id: string;
          model?: string | null;
          provider?: string | null;
          recalled_ids?: string[] | null;
          receipt?: Json | null;
          request_id?: string | null;
          session_id: string;
          state?: string;
          stores_user?: boolean;
          turn_key: string;
          user_name?: string | null;
          user_text?: string | null;
        };
        Update: {
          begun_at?: string;
          block?: string | null;
          block_memories?: NonNullable<Json>;
          completed_at?: string | null;
          dialect?: string;
          id?: string;
          idempotency_key?: string | null;
          is_user_stored?: boolean;
          is_user_text_cut?: boolean;
          memory_key_id?: string;
          model?: string | null;
          provider?: string | null;
          recalled_ids?: string[] | null;
          receipt?: Json | null;
          request_id?: string | null;
          session_id?: string;
          state?: string;
          stores_user?: boolean;
          turn_key?: string;
          user_name?: string | null;
          user_text?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "turns_memory_key_id_fkey";
            columns: ["memory_key_id"];
            isOneToOne: false;
            referencedRelation: "memory_keys";
            referencedColumns: ["id"];
          },
        ];
      };
      usage_daily: {
        Row: {
          cache_write_tokens: number;
          cached_tokens: number;
          completion_tokens: number;
          day: string;
          failed_requests: number;
          id: string;
          memories_retrieved: number;
          memory_key_id: string | null;
          model: string;
          prompt_tokens: number;
          provider: string;
          reasoning_tokens: number;
          requests: number;
          tokens_retrieved: number;
          tokens_stored: number;
          unreported_requests: number;
          user_id: string;
        };
        ComputedFields: never;
        Insert: {
          cache_write_tokens?: number;
          cached_tokens?: number;
          completion_tokens?: number;
          day: string;
          failed_requests?: number;
          id?: string;
          memories_retrieved?: number;
          memory_key_id?: string | null;
          model: string;
          prompt_tokens?: number;
          provider: string;
          reasoning_tokens?: number;
          requests?: number;
          tokens_retrieved?: number;
          tokens_stored?: number;
          unreported_requests?: number;
          user_id: string;
        };
        Update: {
          cache_write_tokens?: number;
          cached_tokens?: number;
          completion_tokens?: number;
          day?: string;
          failed_requests?: number;
          id?: string;
          memories_retrieved?: number;
          memory_key_id?: string | null;
          model?: string;
          prompt_tokens?: number;
          provider?: string;
          reasoning_tokens?: number;
          requests?: number;
          tokens_retrieved?: number;
          tokens_stored?: number;
          unreported_requests?: number;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "usage_daily_memory_key_id_fkey";
            columns: ["memory_key_id"];
            isOneToOne: false;
            referencedRelation: "memory_keys";
            referencedColumns: ["id"];
          },
        ];
      };
      usage_records: {
        Row: {
          cache_write_tokens: number | null;
          cached_tokens: number | null;
          completion_tokens: number | null;
          created_at: string;
          finish: string | null;
          id: string;
          latency: Json | null;
          memories_retrieved: number;
          memory_key_id: string | null;
          memory_status: string | null;
          model: string | null;
          prompt_tokens: number | null;
          provider: string | null;
          reasoning_tokens: number | null;
          request_id: string;
          status: number | null;
          tokens_retrieved: number;
          tokens_stored: number;
          turn_id: string | null;
          user_id: string;
        };
        ComputedFields: never;
        Insert: {
          cache_write_tokens?: number | null;
          cached_tokens?: number | null;
          completion_tokens?: number | null;
          created_at?: string;
          finish?: string | null;
          id?: string;
          latency?: Json | null;
          memories_retrieved?: number;
          memory_key_id?: string | null;
          memory_status?: string | null;
          model?: string | null;
          prompt_tokens?: number | null;
          provider?: string | null;
          reasoning_tokens?: number | null;
          request_id: string;
          status?: number | null;
          tokens_retrieved?: number;
          tokens_stored?: number;
          turn_id?: string | null;
          user_id: string;
        };
        Update: {
          cache_write_tokens?: number | null;
          cached_tokens?: number | null;
          completion_tokens?: number | null;
          created_at?: string;
          finish?: string | null;
          id?: string;
          latency?: Json | null;
          memories_retrieved?: number;
          memory_key_id?: string | null;
          memory_status?: string | null;
          model?: string | null;
          prompt_tokens?: number | null;
          provider?: string | null;
          reasoning_tokens?: number | null;
          request_id?: string;
          status?: number | null;
          tokens_retrieved?: number;
          tokens_stored?: number;
          turn_id?: string | null;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "usage_records_memory_key_id_fkey";
            columns: ["memory_key_id"];
            isOneToOne: false;
            referencedRelation: "memory_keys";
            referencedColumns: ["id"];
          },
        ];
      };
    };
    Views: {
      [_ in never]: never;
    };
    Functions: {
      begin_turn: {
        Args: { max_candidates?: number; memory_key_id: string; query?: string; turn: Json };
        Returns: Json;
      };
      complete_turn: { Args: { memory_key_id: string; step: Json; turn: Json }; Returns: Json };
      create_memory_key: {
        Args: { expires_at?: string; mode?: string; name: string; token_cap?: number };
        Returns: Json;
      };
      database_time: { Args: Record<PropertyKey, never>; Returns: string };
      find_response: { Args: { memory_key_id: string; response_id: string }; Returns: Json };
      journal_block: {
        Args: {
          block?: string;
          memories?: Json;
          memory_key_id: string;
          receipt?: Json;
          turn_id: string;
        };
        Returns: undefined;
      };
      keys_awaiting_vectors: { Args: { max_keys?: number }; Returns: Json };
      memory_stats: { Args: { memory_key_id: string }; Returns: Json };
      mint_memory_key: {
        Args: {
          expires_at?: string;
          external_id?: string;
          minting_key_id: string;
          mode?: string;
          name?: string;
          token_cap?: number;
        };
        Returns: Json;
      };
      open_memory_key: { Args: { key_hash: string }; Returns: Json };
      pending_vectors: { Args: { max_texts?: number; memory_key_id: string }; Returns: Json };
      recall_memories: {
        Args: {
          embedding?: string;
          max_candidates?: number;
          memory_key_id: string;
          model?: number;
          query: string;
        };
        Returns: Json;
      };
      receive_turn_piece: {
        Args: {
          memory_key_id: string;
          payload: string;
          piece: number;
          pieces: number;
          step_key: string;
          turn_id: string;
        };
        Returns: Json;
      };
      record_provider_key_check: {
        Args: { check_result: string; provider_key_id: string; user_id: string };
        Returns: Json;
      };
      record_response: {
        Args: {
          memory_key_id: string;
          previous_id?: string;
          provider: string;
          response_id: string;
          session_id?: string;
          turn_id?: string;
        };
        Returns: undefined;
      };
      reveal_provider_key: { Args: { provider_key_id: string; user_id: string }; Returns: string };
      store_memories: {
        Args: { memories: Json; memory_key_id: string; source: string };
        Returns: Json;
      };
      store_provider_key: {
        Args: {
          check_result?: string;
          nickname?: string;
          provider: string;
          secret: string;
          user_id: string;
        };
        Returns: Json;
      };
      store_vectors: {
        Args: { memory_key_id: string; model: number; vectors: Json };
        Returns: number;
      };
      sweep_turns: { Args: Record<PropertyKey, never>; Returns: number };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R;
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R;
      }
      ? R
      : never
    : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I;
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I;
      }
      ? I
      : never
    : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U;
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U;
      }
      ? U
      : never
    : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends (DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never) = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
    : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends (PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never) = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
    : never;

export const Constants = {
  public: {
    Enums: {},
  },
} as const;
