import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";

import { ApiError, errorBody, errorHeaders, errorShape } from "./errors.ts";

describe("ApiError", () => {
  it("says what its code says when it has no message of its own", () => {
    expect(new ApiError("invalid_memory_key").message).toMatch(/Send a current key/);
    expect(new ApiError("invalid_request", "`model` is missing").message).toBe(
      "`model` is missing",
    );
  });

  it("keeps to itself what nobody expected", () => {
    const cause = new Error("connect ECONNREFUSED 10.0.0.3:5432");
    const error = ApiError.from(cause);
    expect(error).toMatchObject({ code: "internal_error", status: 500, cause });
    expect(JSON.stringify(errorBody(error, "r"))).not.toContain("10.0.0.3");
  });

  it("stays what it is", () => {
    const error = new ApiError("rate_limited");
    expect(ApiError.from(error)).toBe(error);
  });
});

describe("a refusal", () => {
  const error = new ApiError("invalid_request", "`model` is missing", { param: "model" });

  it("has OpenAI's shape for OpenAI's SDKs", () => {
    const body = errorBody(error, "req-1");
    expect(body).toEqual({
      error: {
        code: "invalid_request",
        message: "`model` is missing",
        type: "invalid_request_error",
        param: "model",
        request_id: "req-1",
      },
    });
    const headers = new Headers(errorHeaders(error, "req-1"));
    const raised = OpenAI.APIError.generate(error.status, body, undefined, headers);
    expect(raised).toBeInstanceOf(OpenAI.BadRequestError);
    expect(raised).toMatchObject({ code: "invalid_request", param: "model", requestID: "req-1" });
  });

  it("has Anthropic's shape for Anthropic's SDKs", () => {
    const refusal = new ApiError("invalid_memory_key");
    const body = errorBody(refusal, "req-1", "anthropic");
    expect(body).toEqual({
      type: "error",
      error: { type: "authentication_error", message: refusal.message },
      request_id: "req-1",
    });
    const headers = new Headers(errorHeaders(refusal, "req-1", "anthropic"));
    const raised = Anthropic.APIError.generate(refusal.status, body, undefined, headers);
    expect(raised).toBeInstanceOf(Anthropic.AuthenticationError);
    expect(raised).toMatchObject({ requestID: "req-1" });
  });

  it.each([
    ["/v1/messages", "anthropic"],
    ["/v1/messages/count_tokens", "anthropic"],
    ["/v1/messages/nothing", "anthropic"],
    ["/v1/messages2", "openai"],
    ["/v1/responses", "openai"],
    ["/", "openai"],
  ])("has at %s the shape of %s", (path, shape) => {
    expect(errorShape(path)).toBe(shape);
  });

  it("asks for a key where one is wrong", () => {
    expect(errorHeaders(new ApiError("invalid_memory_key"), "r")).toHaveProperty(
      "www-authenticate",
    );
  });

  it("names the methods an address does answer to", () => {
    const refusal = new ApiError("method_not_allowed", undefined, { allow: ["GET", "POST"] });
    expect(errorHeaders(refusal, "r")).toMatchObject({ allow: "GET, POST" });
  });

  it.each([
    ["rate_limited", 30],
    ["auth_unavailable", 5],
  ] as const)("says when to try %s again", (code, retryAfterSeconds) => {
    const headers = errorHeaders(new ApiError(code, undefined, { retryAfterSeconds }), "r");
    expect(headers).toMatchObject({ "retry-after": String(retryAfterSeconds) });
    expect(headers).not.toHaveProperty("x-should-retry");
  });

  it.each([
    "internal_error",
    "provider_timeout",
    "external_id_taken",
    "provider_unreachable",
  ] as const)("tells SDKs not to repeat %s by themselves", (code) => {
    expect(errorHeaders(new ApiError(code), "r")).toMatchObject({ "x-should-retry": "false" });
  });
});
