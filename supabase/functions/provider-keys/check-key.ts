/**
 * Asks a provider whether it accepts a key, and whether the account behind it can pay.
 *
 * Listing models says whether a key is genuine but not whether it has credit, so a second
 * question follows where one is free or next to nothing: OpenAI is asked to embed a full
 * stop (a few millionths of a cent), Anthropic to count the tokens of one (free), and
 * OpenRouter's own description of the key holds the remainder of its limit. Only a clear "no
 * credit" counts there; any other refusal leaves the verdict at valid.
 */

import type { Origins, ProviderId } from "./vendors.ts";

export const checkResults = ["valid", "wrong_key", "no_credit", "unreachable"] as const;

export type CheckResult = (typeof checkResults)[number];

export type CheckKey = (provider: ProviderId, secret: string) => Promise<CheckResult>;

type Answer = { readonly status: number; readonly text: string };

/** Sends to one provider. Rejects when it does not answer in time. */
type Ask = (path: string, body?: object) => Promise<Answer>;

type Options = {
  readonly origins: Origins;
  readonly fetch: typeof fetch;
  /** For both questions together. */
  readonly timeoutMs: number;
};

export function createCheckKey({ origins, fetch, timeoutMs }: Options): CheckKey {
  return async (provider, secret) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const ask: Ask = async (path, body) => {
      const response = await fetch(`${origins[provider]}${path}`, {
        method: body ? "POST" : "GET",
        headers: { ...credentials(provider, secret), "content-type": "application/json" },
        body: body ? JSON.stringify(body) : null,
        // A redirect would carry the key to a host that we did not choose.
        redirect: "manual",
        signal,
      });
      return { status: response.status, text: await response.text() };
    };
    try {
      return await checks[provider](ask);
    } catch {
      return "unreachable";
    }
  };
}

function credentials(provider: ProviderId, secret: string): Record<string, string> {
  return provider === "anthropic"
    ? { "x-api-key": secret, "anthropic-version": "2023-06-01" }
    : { authorization: `Bearer ${secret}` };
}

const checks: Record<ProviderId, (ask: Ask) => Promise<CheckResult>> = {
  openai: async (ask) => {
    const verdict = read(await ask("/models"));
    if (verdict !== "valid") return verdict;
    return confirm(() => ask("/embeddings", { model: "text-embedding-3-small", input: "." }));
  },

  anthropic: async (ask) => {
    const models = await ask("/models?limit=1");
    const verdict = read(models);
    const model = firstModel(models.text);
    if (verdict !== "valid" || model === null) return verdict;
    const messages = [{ role: "user", content: "." }];
    return confirm(() => ask("/messages/count_tokens", { model, messages }));
  },

  openrouter: async (ask) => {
    const key = await ask("/key");
    const verdict = read(key);
    return verdict === "valid" && isUsedUp(key.text) ? "no_credit" : verdict;
  },
};

/** The second question. It can only find a lack of credit; its own failure proves nothing. */
async function confirm(ask: () => Promise<Answer>): Promise<CheckResult> {
  const answer = await ask().catch(() => null);
  return answer && read(answer) === "no_credit" ? "no_credit" : "valid";
}

function read({ status, text }: Answer): CheckResult {
  if (saysNoCredit(status, text)) return "no_credit";
  if (status === 401) return "wrong_key";
  // 403 is a genuine key whose permissions are narrower than listing models.
  if (status === 403 || (status >= 200 && status < 300)) return "valid";
  return "unreachable";
}

/** OpenRouter answers 402, OpenAI 429 with this code, Anthropic 402 or 400 with this sentence. */
function saysNoCredit(status: number, text: string): boolean {
  if (status === 402) return true;
  if (status === 429) return text.includes("insufficient_quota");
  return status === 400 && text.includes("credit balance is too low");
}

function firstModel(text: string): string | null {
  const [first] = listIn(readJson(text));
  const id = property(first, "id");
  return typeof id === "string" ? id : null;
}

function listIn(value: unknown): readonly unknown[] {
  const data = property(value, "data");
  return Array.isArray(data) ? data : [];
}

function isUsedUp(text: string): boolean {
  const remaining = property(property(readJson(text), "data"), "limit_remaining");
  return typeof remaining === "number" && remaining <= 0;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
