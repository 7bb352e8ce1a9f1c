/**
 * Takes a customer's key for a provider, tries it, and puts it away where nobody reads it again.
 *
 * `POST /provider-keys` stores, `POST /provider-keys/{id}/check` tries a stored key again. A key
 * that the provider refuses is not stored, nor one that could not be tried. A genuine key
 * without credit is: topping up the account repairs it, pasting it a second time would not.
 */

import { z } from "zod";

import type { CheckKey, CheckResult } from "./check-key.ts";
import { allowOrigins, type Cors } from "./cors.ts";
import {
  explainMismatch,
  providerIds,
  type ProviderId,
  recogniseVendor,
  vendors,
} from "./vendors.ts";

export type NewProviderKey = {
  readonly userId: string;
  readonly provider: ProviderId;
  readonly secret: string;
  readonly nickname: string | null;
  readonly checkResult: CheckResult;
};

export type Ports = {
  /** Whose session the token is; `null` when it is nobody's. */
  readonly identify: (token: string) => Promise<string | null>;
  readonly checkKey: CheckKey;
  /** Resolves to the stored row as the dashboard shows it, without the secret. */
  readonly storeKey: (key: NewProviderKey) => Promise<unknown>;
  /** `null` when this person has no such key. */
  readonly revealKey: (userId: string, id: string) => Promise<string | null>;
  /** Resolves to the row with what was recorded. */
  readonly recordCheck: (userId: string, id: string, result: CheckResult) => Promise<unknown>;
  readonly newRequestId: () => string;
  readonly logError: (requestId: string, cause: unknown) => void;
};

const statuses = {
  invalid_request: 400,
  unauthorized: 401,
  provider_key_not_found: 404,
  method_not_allowed: 405,
  wrong_key: 422,
  no_credit: 422,
  wrong_vendor: 422,
  internal_error: 500,
  provider_unreachable: 502,
} as const;

type ErrorCode = keyof typeof statuses;

class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ErrorCode;
  /** What was stored in spite of the refusal. */
  readonly stored: unknown;

  constructor(code: ErrorCode, message: string, stored?: unknown) {
    super(message);
    this.code = code;
    this.stored = stored;
  }
}

const maxBodyChars = 8_192;

const newKeySchema = z.object({
  provider: z.enum(providerIds, "must be openai, anthropic or openrouter"),
  secret: z
    .string("must be the key as text")
    .trim()
    .min(1, "is empty")
    .max(512, "is longer than any provider's key")
    .regex(/^[\x21-\x7e]*$/, "has spaces or other characters that no key contains"),
  nickname: z.string("must be text").trim().max(80, "is longer than 80 characters").nullish(),
});

export function createHandler(ports: Ports, origins: readonly string[]) {
  return async (request: Request): Promise<Response> => {
    const cors = allowOrigins(origins, request.headers.get("origin"));
    if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: cors });
    const requestId = ports.newRequestId();
    try {
      return await route(request, ports, cors);
    } catch (error) {
      if (error instanceof Refusal) return refuse(error, requestId, cors);
      ports.logError(requestId, error);
      const message = "We could not finish this. Try again; if it stays, send us the request id.";
      return refuse(new Refusal("internal_error", message), requestId, cors);
    }
  };
}

async function route(request: Request, ports: Ports, cors: Cors): Promise<Response> {
  // The part before the function's name is the host's business.
  const { pathname } = new URL(request.url);
  const path = /\/provider-keys(?:\/(?<id>[^/]+)\/check)?\/?$/.exec(pathname);
  if (!path) throw new Refusal("provider_key_not_found", "There is nothing at this address.");
  if (request.method !== "POST") throw new Refusal("method_not_allowed", "Send a POST request.");

  const userId = await authenticate(request, ports);
  const id = path.groups?.["id"];
  return id === undefined
    ? Response.json(await addKey(await request.text(), userId, ports), {
        status: 201,
        headers: cors,
      })
    : Response.json(await recheckKey(id, userId, ports), { headers: cors });
}

async function authenticate(request: Request, { identify }: Ports): Promise<string> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const userId = token ? await identify(token) : null;
  if (userId) return userId;
  throw new Refusal("unauthorized", "Your session has ended. Sign in again.");
}

async function addKey(body: string, userId: string, { checkKey, storeKey }: Ports) {
  const { provider, secret, nickname } = readNewKey(body);
  const mismatch = explainMismatch(provider, secret);
  if (mismatch) throw new Refusal("wrong_vendor", mismatch);

  const checkResult = await checkKey(provider, secret);
  if (checkResult === "wrong_key" || checkResult === "unreachable") {
    throw refusalFor(checkResult, provider);
  }
  const row = await storeKey({ userId, provider, secret, nickname: nickname || null, checkResult });
  if (checkResult === "no_credit") throw refusalFor(checkResult, provider, row);
  return row;
}

function readNewKey(body: string): z.output<typeof newKeySchema> {
  if (body.length > maxBodyChars) throw new Refusal("invalid_request", "The request is too long.");
  const parsed = newKeySchema.safeParse(readJson(body));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".");
  throw new Refusal(
    "invalid_request",
    field && issue
      ? `"${field}" ${issue.message}.`
      : "Send a JSON object with provider and secret.",
  );
}

/** A refused or unreachable key is an answer here rather than an error: it was asked for. */
async function recheckKey(id: string, userId: string, ports: Ports) {
  const secret = z.uuid().safeParse(id).success ? await ports.revealKey(userId, id) : null;
  // What is stored had to look like its vendor's key, so the key itself says whom to ask.
  const provider = secret === null ? null : recogniseVendor(secret);
  if (secret === null || provider === null || provider === "memoryrouter") {
    throw new Refusal("provider_key_not_found", "This provider key does not exist.");
  }
  return ports.recordCheck(userId, id, await ports.checkKey(provider, secret));
}

function refusalFor(
  result: "wrong_key" | "no_credit" | "unreachable",
  provider: ProviderId,
  row?: unknown,
) {
  const { label } = vendors[provider];
  switch (result) {
    case "wrong_key":
      return new Refusal(
        "wrong_key",
        `${label} does not accept this key. It was not stored. Copy it again, or make a new one at ${label}.`,
      );
    case "no_credit":
      return new Refusal(
        "no_credit",
        `The key is right and was stored, but its account at ${label} has no credit left. Requests will fail until you top it up.`,
        row,
      );
    case "unreachable":
      return new Refusal(
        "provider_unreachable",
        `${label} could not be reached to try the key, so it was not stored. Try again in a moment.`,
      );
  }
}

function refuse({ code, message, stored }: Refusal, requestId: string, cors: Cors): Response {
  const error = { code, message, request_id: requestId };
  const body = stored === undefined ? { error } : { error, provider_key: stored };
  const allow: Record<string, string> =
    code === "method_not_allowed" ? { allow: "POST, OPTIONS" } : {};
  const headers = { ...cors, ...allow, "x-request-id": requestId };
  return Response.json(body, { status: statuses[code], headers });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
