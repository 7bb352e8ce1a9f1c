import OpenAI, { BadRequestError } from "openai";
import { describe, expect, it } from "vitest";

import { createDemoModel } from "./demo-model.ts";

function client() {
  const app = createDemoModel();
  return new OpenAI({
    apiKey: "none",
    baseURL: "http://local/v1",
    maxRetries: 0,
    fetch: async (url, init) => app.request(new Request(url, init)),
  });
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const MEMORIES = "<memory_context>\nuser: My cat is called Tom.\n</memory_context>";

const QUESTION = {
  model: "memory",
  messages: [
    { role: "system" as const, content: "Be brief." },
    {
      role: "user" as const,
      content: [
        { type: "text" as const, text: "What is my cat called?" },
        { type: "text" as const, text: MEMORIES },
      ],
    },
  ],
};

describe("the demo model's API", () => {
  it("answers OpenAI's client in one piece", async () => {
    const { choices, usage, id } = await client().chat.completions.create(QUESTION);
    expect(choices[0]?.message.content).toBe("You told me: “My cat is called Tom.”");
    expect(choices[0]?.finish_reason).toBe("stop");
    expect(usage?.total_tokens).toBeGreaterThan(0);
    expect(await client().chat.completions.create(QUESTION)).toMatchObject({ id });
  });

  it("streams the same answer, and usage only when it is asked for", async () => {
    for (const include_usage of [true, false]) {
      const stream = await client().chat.completions.create({
        ...QUESTION,
        stream: true,
        stream_options: { include_usage },
      });
      const chunks = await collect(stream);
      const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
      expect(text).toBe("You told me: “My cat is called Tom.”");
      expect(chunks.some(({ usage }) => usage != null)).toBe(include_usage);
    }
  });

  it("lists itself", async () => {
    const models = await collect(client().models.list());
    expect(models.map(({ id }) => id)).toEqual(["memory"]);
  });

  it("refuses a request without messages", async () => {
    const request = client().chat.completions.create({ model: "memory", messages: [] });
    await expect(request).rejects.toBeInstanceOf(BadRequestError);
  });
});
