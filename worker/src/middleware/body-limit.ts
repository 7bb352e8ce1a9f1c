/**
 * Bounds what a request may weigh, before and while it is read.
 *
 * A length that is declared is refused unread; one that is not is counted as it comes. Compressed
 * bodies are not taken: a few kilobytes of them can become more than an isolate holds.
 */

import { createMiddleware } from "hono/factory";

import type { AppEnv, BodyEnv } from "../app-env.ts";
import { ApiError } from "../errors.ts";

const MAX_BODY_BYTES = 32 * 1024 * 1024;

export type RequestBody = {
  /** All of it at once. */
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer>>;
  /** As it comes. */
  readonly chunks: () => AsyncIterable<Uint8Array>;
};

export const bodyLimit = (maxBytes = MAX_BODY_BYTES) =>
  createMiddleware<AppEnv & BodyEnv>(async (c, next) => {
    const encoding = c.req.header("content-encoding")?.trim().toLowerCase() ?? "identity";
    if (encoding !== "identity") {
      throw new ApiError("invalid_request", "Compressed bodies are not taken. Send it as it is.", {
        param: "Content-Encoding",
      });
    }
    const declared = Number(c.req.header("content-length") ?? 0);
    if (declared > maxBytes) throw new ApiError("body_too_large");

    const chunks = () => limited(c.req.raw.body, maxBytes);
    c.set("body", { chunks, bytes: () => gathered(chunks(), declared) });
    await next();
  });

async function* limited(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = body.getReader();
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new ApiError("invalid_request", "The body ended before it was complete.", { cause });
      });
      if (done) return;
      total += value.byteLength;
      if (total > maxBytes) throw new ApiError("body_too_large");
      yield value;
    }
  } finally {
    // What nobody will read need not be sent either.
    await reader.cancel().catch(() => {});
  }
}

/** In one buffer of the declared length where that is true, else in one that grows. */
async function gathered(
  chunks: AsyncIterable<Uint8Array>,
  declaredBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let buffer = new Uint8Array(declaredBytes > 0 ? declaredBytes : 64 * 1024);
  let length = 0;
  for await (const chunk of chunks) {
    if (length + chunk.byteLength > buffer.byteLength) {
      const grown = new Uint8Array(Math.max(buffer.byteLength * 2, length + chunk.byteLength));
      grown.set(buffer.subarray(0, length));
      buffer = grown;
    }
    buffer.set(chunk, length);
    length += chunk.byteLength;
  }
  return buffer.subarray(0, length);
}
