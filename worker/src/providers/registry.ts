/**
 * Which provider answers for a model, and how it wants to be asked.
 *
 * The only place that lists them. Everything a request may choose is the name of a model: no
 * header and no field chooses a host, and a provider's key fits one row or none.
 */

import type { DialectId } from "../dialects/dialect.ts";
import { ApiError } from "../errors.ts";

type ProviderRow = {
  readonly name: string;
  /** Scheme, host and the path before the dialect's own. Null for a row that needs a setting. */
  readonly base: string | null;
  readonly dialects: readonly DialectId[];
  /** The dialect it was made for, in which it lists its models. */
  readonly nativeDialect: DialectId;
  readonly authorize: (headers: Headers, apiKey: string, dialect: DialectId) => void;
  /** How this vendor's keys begin; null when it takes none. */
  readonly keyShape: RegExp | null;
  /** Model names it answers for when no prefix names a provider. */
  readonly claims?: RegExp;
  /** Names of other vendors' models with a slash in them, kept whole. */
  readonly claimsSlashes?: true;
  /** Its bodies have a `session_id` of their own, which therefore stays where it is. */
  readonly hasSessionId?: true;
  /** The header under which it keeps a conversation on one machine, and so its prompt cache. */
  readonly stickyHeader?: string;
  /** What its list of models wants to be asked with. */
  readonly modelsQuery?: string;
};

const bearer: ProviderRow["authorize"] = (headers, apiKey) =>
  headers.set("authorization", `Bearer ${apiKey}`);

const ANTHROPIC_VERSION = "2023-06-01";

const PROVIDER_IDS = ["openai", "anthropic", "openrouter", "demo"] as const;

type ProviderId = (typeof PROVIDER_IDS)[number];

const PROVIDERS: Readonly<Record<ProviderId, ProviderRow>> = {
  openai: {
    name: "OpenAI",
    base: "https://api.openai.com/v1",
    dialects: ["chat-completions", "responses"],
    nativeDialect: "chat-completions",
    authorize: bearer,
    keyShape: /^sk-(?!ant-|or-)/,
    claims: /^(gpt-|chatgpt-|o\d|text-embedding-|ft:|whisper-|tts-|dall-e-|omni-moderation-)/i,
  },
  anthropic: {
    name: "Anthropic",
    base: "https://api.anthropic.com/v1",
    dialects: ["chat-completions", "messages"],
    nativeDialect: "messages",
    authorize: (headers, apiKey, dialect) => {
      // Its OpenAI-compatible endpoint reads the key where OpenAI's clients put it.
      if (dialect !== "messages") return bearer(headers, apiKey, dialect);
      headers.set("x-api-key", apiKey);
      // It refuses requests without a version. SDKs always name theirs.
      if (!headers.has("anthropic-version")) headers.set("anthropic-version", ANTHROPIC_VERSION);
    },
    keyShape: /^sk-ant-/,
    claims: /^claude/i,
    modelsQuery: "?limit=1000",
  },
  openrouter: {
    name: "OpenRouter",
    base: "https://openrouter.ai/api/v1",
    dialects: ["chat-completions", "responses"],
    nativeDialect: "chat-completions",
    authorize: bearer,
    keyShape: /^sk-or-/,
    claimsSlashes: true,
    hasSessionId: true,
    stickyHeader: "x-session-id",
  },
  demo: {
    name: "the demo model",
    base: null,
    dialects: ["chat-completions"],
    nativeDialect: "chat-completions",
    authorize: () => {},
    keyShape: null,
  },
};

export type Provider = ProviderRow & { readonly id: ProviderId; readonly base: string };

export type ResolvedModel = {
  readonly provider: Provider;
  /** The model as its provider knows it. */
  readonly model: string;
};

export type Registry = {
  readonly providers: readonly Provider[];
  /** One that stands here by its id. Throws `model_not_found` when it no longer does. */
  readonly provider: (id: string) => Provider;
  /** Who answers for a model. Throws `model_not_found` when nobody does. */
  readonly resolve: (model: string, dialect: DialectId) => ResolvedModel;
};

export type RegistryOptions = {
  /** Replaces a provider's base by its id. Only the local stack sets it. */
  readonly upstreams: Readonly<Record<string, string>>;
  /** Where the demo model answers, when there is one. */
  readonly demoOrigin: string | null;
};

export function createRegistry({ upstreams, demoOrigin }: RegistryOptions): Registry {
  const providers = PROVIDER_IDS.flatMap((id): Provider[] => {
    const row = PROVIDERS[id];
    const base = upstreams[id] ?? row.base ?? (demoOrigin && `${demoOrigin}/v1`);
    return base === null ? [] : [{ ...row, id, base: base.replace(/\/+$/, "") }];
  });

  const find = (name: string): ResolvedModel | null => {
    const [, prefix = "", rest = ""] = /^([a-z]+)\/(.+)$/is.exec(name) ?? [];
    const named = providers.find(({ id }) => id === prefix.toLowerCase());
    if (named) return { provider: named, model: rest };

    const claiming =
      providers.find(({ claims }) => claims?.test(name)) ??
      providers.find(({ claimsSlashes }) => claimsSlashes && /.\/./s.test(name));
    return claiming ? { provider: claiming, model: name } : null;
  };

  return {
    providers,
    provider: (id) => {
      const known = providers.find((provider) => provider.id === id);
      if (known) return known;
      throw new ApiError("model_not_found");
    },
    resolve: (name, dialect) => {
      const found = find(name);
      if (found?.provider.dialects.includes(dialect)) return found;
      throw new ApiError("model_not_found", undefined, { param: "model" });
    },
  };
}
