import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  type Dashboard,
  addOpenAIKey,
  createMemoryKey,
  openDashboard,
  signInByMail,
  signOut,
  signUp,
} from "./support/dashboard.ts";
import {
  type FakeProvider,
  beginStream,
  events,
  startFakeProvider,
} from "./support/fake-provider.ts";
import { type TestStack, startTestStack } from "./support/test-stack.ts";

let provider: FakeProvider;
let stack: TestStack;
let dashboard: Dashboard;

beforeAll(async () => {
  provider = await startFakeProvider();
  stack = await startTestStack({ upstreams: { openai: provider.url } });
  dashboard = await openDashboard(stack);
});

afterAll(async () => {
  await dashboard?.close();
  await stack?.stop();
  await provider?.stop();
});

const client = (apiKey: string, session: string) =>
  new OpenAI({
    apiKey,
    baseURL: `${stack.api}/v1`,
    maxRetries: 0,
    defaultHeaders: { "X-Session-ID": session },
  });

/** Asks for a streamed answer and reads it to its end. */
async function tell(openai: OpenAI, model: string, content: string): Promise<string> {
  const messages = [{ role: "user" as const, content }];
  let text = "";
  for await (const chunk of await openai.chat.completions.create({
    model,
    messages,
    stream: true,
  })) {
    text += chunk.choices[0]?.delta.content ?? "";
  }
  return text;
}

const ADA = "ada@example.com";
let key: string;

describe("A developer who has just arrived", () => {
  it("signs up by mail, and signs in again with a link", async () => {
    await signUp(dashboard, stack, ADA);
    await signOut(dashboard);
    await signInByMail(dashboard, stack, ADA);
    await dashboard.page.goto("/account");
    await dashboard.page.getByRole("main").getByText(ADA).first().waitFor();
    expect(new URL(dashboard.page.url()).pathname).toBe("/account");
  });

  it("makes a memory key that is shown once", async () => {
    key = await createMemoryKey(dashboard, "Ada's first key");
    expect(key).toMatch(/^mk_[0-9A-Za-z]{49}$/);

    await dashboard.page.reload();
    await dashboard.page.getByText("Ada's first key").waitFor();
    const seen = await dashboard.page.content();
    expect(seen).not.toContain(key);
    expect(seen).toContain(key.slice(-4));
  });

  it("gets answers that know what was said in an earlier conversation", async () => {
    await tell(client(key, "monday"), stack.demo.model, "My cat is called Miso and she is eleven.");
    const answer = await tell(client(key, "tuesday"), stack.demo.model, "What is my cat called?");
    expect(answer).toContain("Miso");
  });

  it("is told apart from the owner of a key that her provider refuses", async () => {
    await addOpenAIKey(dashboard, "sk-bad-0000000000000000000000000000");
    await dashboard.page.getByRole("alert").waitFor();
    expect(await dashboard.page.getByRole("alert").textContent()).toMatch(/refuse|accept|wrong/i);
    await dashboard.page.keyboard.press("Escape");
  });

  it("adds her provider key, which is tried before it is stored", async () => {
    await addOpenAIKey(dashboard, "sk-good-0000000000000000000000000000");
    await dashboard.page.getByText("Works", { exact: true }).waitFor();
    expect(await dashboard.page.content()).not.toContain("sk-good-000000");
  });
});

describe("A provider behind the proxy", () => {
  /** What the client put on the wire and what came back, to the byte. */
  async function exchange(body: string, session: string) {
    const response = await fetch(`${stack.api}/v1/chat/completions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "x-session-id": session,
      },
      body,
    });
    return { response, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  it("gets the client's bytes, but for the model's prefix and the block behind the newest user text", async () => {
    const sent =
      `{ "temperature": 1.0, "seed":9223372036854775807,\n "model" : "openai/gpt-4o",` +
      ` "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"How old is my c\\u0061t?"}]  , "top_p":1e0 }`;
    provider.requests.length = 0;
    const { response } = await exchange(sent, "wednesday");
    expect(response.status).toBe(200);
    expect(response.headers.get("x-memory-status")).toBe("hit");

    const [recorded] = provider.requests;
    const received = recorded?.body.toString("utf8") ?? "";
    const [before = "", after = ""] = sent.replace("openai/gpt-4o", "gpt-4o").split(`?"}]`);
    expect(received.startsWith(`${before}?`)).toBe(true);
    expect(received.endsWith(`"}]${after}`)).toBe(true);
    const block = received.slice(before.length + 1, received.length - after.length - 3);
    expect(block).toContain("Miso");
    expect(recorded?.headers.authorization).toBe("Bearer sk-good-0000000000000000000000000000");
    expect(JSON.stringify(recorded?.headers)).not.toMatch(/mk_|x-memory|x-session/i);
  });

  it("is heard to the byte", async () => {
    const stream = events(["Hel", "lo, ", "wörld ", "🐈"]).join(": a comment\r\n\r\n");
    provider.answer = (_, response) => {
      beginStream(response);
      response.end(stream);
    };
    const body = {
      model: "openai/gpt-4o",
      stream: true,
      messages: [{ role: "user", content: "Hi there" }],
    };
    const { response, bytes } = await exchange(JSON.stringify(body), "thursday");
    expect(bytes.toString("utf8")).toBe(stream);
    expect(response.headers.get("x-request-id")).toBe("req_from_the_provider");
  });

  it("gets the very same bytes when memory is off", async () => {
    provider.requests.length = 0;
    const body = `{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"x":1.0,"x":2}`;
    const { response } = await exchange(body, "friday");
    expect(response.headers.get("x-memory-status")).not.toBe("off");

    provider.requests.length = 0;
    await fetch(`${stack.api}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}:off`, "content-type": "application/json" },
      body,
    });
    expect(provider.requests[0]?.body.toString("utf8")).toBe(body);
  });
});
