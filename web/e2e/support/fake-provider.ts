/**
 * A provider that lives on loopback: it records every request to the byte and answers as the test tells it to.
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export type Recorded = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
};

export type Answering = (request: Recorded, response: ServerResponse) => void | Promise<void>;

export type FakeProvider = {
  /** The origin with the version, as an SDK's base URL would spell it. */
  readonly url: string;
  readonly requests: Recorded[];
  /** How inference is answered from now on. */
  answer: Answering;
  readonly stop: () => Promise<void>;
};

/** Starts on a free port. `GET /v1/models` answers like OpenAI's: 200 for keys beginning `sk-good`, else 401. */
export async function startFakeProvider(): Promise<FakeProvider> {
  const requests: Recorded[] = [];

  const server = createServer((incoming, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
      const { method = "", url = "", headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks) };
      if (url.startsWith("/v1/models")) return listModels(request, response);
      requests.push(request);
      await provider.answer(request, response);
    })().catch((cause: unknown) => response.destroy(cause instanceof Error ? cause : undefined));
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The fake has no port");

  const provider: FakeProvider = {
    url: `http://127.0.0.1:${address.port}/v1`,
    requests,
    answer: (_, response) => sendJson(response, completion("Hello!")),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

function listModels({ headers }: Recorded, response: ServerResponse) {
  if (!headers.authorization?.startsWith("Bearer sk-good")) {
    const error = {
      message: "Incorrect API key provided",
      type: "invalid_request_error",
      code: "invalid_api_key",
    };
    return sendJson(response, { error }, 401);
  }
  return sendJson(response, {
    object: "list",
    data: [{ id: "gpt-4o", object: "model", created: 1, owned_by: "openai" }],
  });
}

export function sendJson(response: ServerResponse, body: unknown, status = 200) {
  response.writeHead(status, {
    "content-type": "application/json",
    "x-request-id": "req_from_the_provider",
  });
  response.end(JSON.stringify(body));
}

/** A whole answer as `/v1/chat/completions` gives it. */
export function completion(content: string) {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_790_000_000,
    model: "gpt-4o",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
  };
}

/** The events of a streamed answer, one per delta, `[DONE]` behind them. */
export function events(deltas: readonly string[]): string[] {
  const frame = {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_790_000_000,
    model: "gpt-4o",
  };
  const data = deltas.map((content) => ({
    ...frame,
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  }));
  const last = { ...frame, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
  return [...[...data, last].map((event) => JSON.stringify(event)), "[DONE]"].map(
    (event) => `data: ${event}\n\n`,
  );
}

export function beginStream(response: ServerResponse) {
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "x-request-id": "req_from_the_provider",
  });
}
