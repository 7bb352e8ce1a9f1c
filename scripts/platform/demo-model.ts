/** The demo model behind OpenAI's chat API, in JSON and as a stream. */

import { createHash } from "node:crypto";

import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { z } from "zod";

import { BLOCK_TAG } from "../../worker/src/recall/block.ts";
import { answerFrom } from "./demo-answer.ts";
import { serveOnLoopback } from "./serve.ts";

/** As the provider calls it; a request through the worker says `demo/memory`. */
const MODEL = "memory";

const part = z.looseObject({ type: z.string(), text: z.string().optional() });

const requestSchema = z.looseObject({
  model: z.string(),
  messages: z
    .array(
      z.looseObject({
        role: z.string(),
        content: z.union([z.string(), z.array(part)]).nullish(),
      }),
    )
    .min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
});

type ChatRequest = z.output<typeof requestSchema>;

export async function startDemoModel(port: number): Promise<{ stop: () => Promise<void> }> {
  const served = await serveOnLoopback(createDemoModel().fetch, port);
  return { stop: served.close };
}

export function createDemoModel(): Hono {
  const app = new Hono();

  const models = { id: MODEL, object: "model", created: 0, owned_by: "memoryrouter" };
  app.get("/v1/models", (c) => c.json({ object: "list", data: [models] }));

  app.post("/v1/chat/completions", async (c) => {
    const parsed = requestSchema.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) {
      const message = z.prettifyError(parsed.error);
      return c.json(
        { error: { code: "invalid_request", message, type: "invalid_request_error", param: null } },
        400,
      );
    }
    const request = parsed.data;
    const answer = answerFrom(newestUserText(request), BLOCK_TAG);
    const usage = countUsage(request, answer);
    const frame = frameOf(request, answer);

    if (request.stream !== true) {
      const message = { role: "assistant", content: answer, refusal: null };
      const choices = [{ index: 0, message, logprobs: null, finish_reason: "stop" }];
      return c.json({ ...frame, object: "chat.completion", choices, usage });
    }
    return streamSSE(c, async (stream) => {
      for (const chunk of chunksOf(answer)) {
        const choices = [{ index: 0, logprobs: null, finish_reason: null, ...chunk }];
        await stream.writeSSE({
          data: JSON.stringify({ ...frame, object: "chat.completion.chunk", choices }),
        });
      }
      if (request.stream_options?.include_usage === true) {
        await stream.writeSSE({
          data: JSON.stringify({ ...frame, object: "chat.completion.chunk", choices: [], usage }),
        });
      }
      await stream.writeSSE({ data: "[DONE]" });
    });
  });

  return app;
}

function newestUserText({ messages }: ChatRequest): string {
  const newest = messages.findLast(({ role }) => role === "user");
  return textOf(newest?.content);
}

function textOf(content: ChatRequest["messages"][number]["content"]): string {
  if (typeof content === "string") return content;
  return (content ?? []).map(({ text }) => text ?? "").join("\n");
}

/** The same request gets the same id, as it gets the same answer. */
function frameOf(request: ChatRequest, answer: string) {
  const hash = createHash("sha256").update(JSON.stringify(request)).update(answer).digest("hex");
  return {
    id: `chatcmpl-demo-${hash.slice(0, 24)}`,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
  };
}

/** Word by word, as a model would say it. */
function chunksOf(answer: string): object[] {
  const words = answer.match(/\S+\s*/g) ?? [];
  return [
    { delta: { role: "assistant", content: "" } },
    ...words.map((content) => ({ delta: { content } })),
    { delta: {}, finish_reason: "stop" },
  ];
}

function countUsage({ messages }: ChatRequest, answer: string) {
  const tokens = (text: string) => Math.ceil(text.length / 4);
  const prompt = messages.reduce((sum, { content }) => sum + tokens(textOf(content)), 0);
  const completion = tokens(answer);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  };
}
