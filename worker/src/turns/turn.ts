/**
 * A turn and its steps, in the form the database and the queue know them by.
 *
 * A turn is one user message and what came of it; a step is one model request in it, of which an
 * agent's turn has several.
 */

import { z } from "zod";

const dialectSchema = z.enum(["chat-completions", "responses", "messages"]);

export const turnSchema = z.object({
  turn_id: z.uuid(),
  turn_key: z.string(),
  step_key: z.string(),
  request_id: z.uuid(),
  session_id: z.string().nullable(),
  session_seed: z.string(),
  dialect: dialectSchema,
  provider: z.string(),
  model: z.string(),
  /** Null as well when it may not be stored. */
  user_text: z.string().nullable(),
  user_name: z.string().nullable(),
  user_text_cut: z.boolean(),
  stores_user: z.boolean(),
  continues: z.boolean(),
  is_retry: z.boolean(),
  idempotency_key: z.string().nullable(),
  begun_at: z.iso.datetime(),
});

export type Turn = Readonly<z.output<typeof turnSchema>>;

const count = z.number().int().nullable();

export const stepSchema = z.object({
  request_id: z.uuid(),
  step_key: z.string(),
  status: z.number().int(),
  finish: z.enum(["complete", "truncated", "stalled", "disconnected", "stopped", "error"]),
  answer: z.string().nullable(),
  answer_cut: z.boolean(),
  stores_answer: z.boolean(),
  response_id: z.string().nullable(),
  /** Null when the provider reported none. */
  usage: z
    .object({
      prompt: count,
      cached: count,
      cache_write: count,
      completion: count,
      reasoning: count,
    })
    .nullable(),
  tokens_retrieved: z.number().int(),
  memories_retrieved: z.number().int(),
  memory_status: z.string(),
  latency: z.record(z.string(), z.number()),
  answered_at: z.iso.datetime(),
});

export type Step = Readonly<z.output<typeof stepSchema>>;

/** A memory that a block held, so that forgetting it can find the block. */
export type BlockMemory = { readonly id: string; readonly part: number };
