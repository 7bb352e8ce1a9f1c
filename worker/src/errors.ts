/**
 * Every error a client of this API can receive.
 *
 * A code is a promise: once published it keeps its meaning and its status. Add a row to the table
 * before throwing a new one. Nothing else in the worker knows about statuses.
 */

const ERRORS = {
  invalid_request: {
    status: 400,
    message: "This request cannot be understood. Check its fields against /docs.",
  },
  invalid_memory_key: {
    status: 401,
    message:
      "This memory key does not open anything. Send a current key (mk_…) as `Authorization: Bearer` or in X-Memory-Key; keys are made in the dashboard.",
  },
  cap_reached: {
    status: 402,
    message:
      "This memory key has reached its monthly token cap. Raise the cap or wait for the next month.",
  },
  payment_required: {
    status: 402,
    message:
      "This account has used up its plan. Choose a plan or settle the open invoice in the dashboard.",
  },
  not_permitted: {
    status: 403,
    message: "This memory key may not do that. Use a key made in the dashboard.",
  },
  not_found: {
    status: 404,
    message: "There is nothing at this address. /docs lists what there is.",
  },
  model_not_found: {
    status: 404,
    message:
      "No provider serves this model. Name one with its provider, like openai/gpt-4o or anthropic/claude-sonnet-4-5.",
  },
  memory_not_found: { status: 404, message: "This vault holds no memory with that id." },
  receipt_not_found: { status: 404, message: "This vault holds no receipt with that id." },
  response_not_found: {
    status: 404,
    message: "This memory key has made no response with that id. Start a new one without it.",
  },
  key_not_found: { status: 404, message: "This memory key has made no key with that id." },
  method_not_allowed: {
    status: 405,
    message:
      "This address does not answer to that method. The Allow header names the ones it does.",
  },
  external_id_taken: {
    status: 409,
    message:
      "A memory key with this external_id exists. Use that key or choose another external_id.",
  },
  body_too_large: { status: 413, message: "The body is larger than 32 MB. Send less at once." },
  provider_key_missing: {
    status: 422,
    message:
      "This account has no key for the model's provider. Add one in the dashboard under Provider keys, or send it in X-Provider-Key.",
  },
  idempotency_conflict: {
    status: 422,
    message: "This Idempotency-Key was used with another body. Use a new one for a new request.",
  },
  rate_limited: { status: 429, message: "Too many requests. Wait as long as Retry-After says." },
  internal_error: {
    status: 500,
    message: "Something went wrong on our side. Try again in a moment.",
  },
  provider_unreachable: {
    status: 502,
    message:
      "The model's provider cannot be reached. Try again in a moment, or ask another provider.",
  },
  auth_unavailable: {
    status: 503,
    message: "Memory keys cannot be checked at the moment. Wait as long as Retry-After says.",
  },
  provider_timeout: {
    status: 504,
    message: "The model's provider did not answer in time. Try again, or ask for a shorter answer.",
  },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** Whose SDK reads the refusal. The shape belongs to the route, the code to us. */
export type ErrorShape = "openai" | "anthropic";

/** Anthropic's endpoints speak to Anthropic's SDKs, and all others to OpenAI's. */
export function errorShape(path: string): ErrorShape {
  return /^\/v1\/messages(?:\/|$)/.test(path) ? "anthropic" : "openai";
}

type ErrorDetails = ErrorOptions & {
  /** The field of the request that is at fault. */
  readonly param?: string;
  readonly retryAfterSeconds?: number;
  /** The methods an address does answer to. */
  readonly allow?: readonly string[];
};

/** Thrown by any module to end the request; becomes a response only in `app.ts`. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly retryAfterSeconds: number | null;
  readonly allow: readonly string[];

  /** Without a message of its own an error says what its code says. */
  constructor(code: ErrorCode, message?: string, details: ErrorDetails = {}) {
    super(message ?? ERRORS[code].message, details);
    this.code = code;
    this.param = details.param ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.allow = details.allow ?? [];
  }

  get status() {
    return ERRORS[this.code].status;
  }

  /** What we did not expect, clients may not read. */
  static from(thrown: unknown): ApiError {
    if (thrown instanceof ApiError) return thrown;
    return new ApiError("internal_error", undefined, { cause: thrown });
  }
}

/** The body an SDK of that family looks for, so that its own typed errors work against our API. */
export function errorBody(error: ApiError, requestId: string, shape: ErrorShape = "openai") {
  const { code, message, param } = error;
  const type = errorType(error.status);
  if (shape === "anthropic") {
    return {
      type: "error",
      error: { type: ANTHROPIC_TYPES[error.status], message },
      request_id: requestId,
    };
  }
  return { error: { code, message, type, param, request_id: requestId } };
}

/** Headers that belong to a refusal; the request's id goes under the name its SDK reads. */
export function errorHeaders(
  error: ApiError,
  requestId: string,
  shape: ErrorShape = "openai",
): Record<string, string> {
  const headers: Record<string, string> = {
    [shape === "anthropic" ? "request-id" : "x-request-id"]: requestId,
  };
  // SDKs repeat 408, 409, 429 and every 5xx by themselves; only these two get better by waiting.
  if (error.status !== 429 && error.status !== 503) headers["x-should-retry"] = "false";
  if (error.status === 429 || error.status === 503) {
    headers["retry-after"] = String(error.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS);
  }
  if (error.status === 401) headers["www-authenticate"] = 'Bearer realm="MemoryRouter"';
  if (error.allow.length > 0) headers["allow"] = error.allow.join(", ");
  return headers;
}

const DEFAULT_RETRY_AFTER_SECONDS = 5;

type ErrorStatus = ApiError["status"];

function errorType(status: ErrorStatus): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "api_error";
}

const ANTHROPIC_TYPES = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  405: "invalid_request_error",
  409: "invalid_request_error",
  413: "request_too_large",
  422: "invalid_request_error",
  429: "rate_limit_error",
  500: "api_error",
  502: "api_error",
  503: "api_error",
  504: "timeout_error",
} satisfies Record<ErrorStatus, string>;
