/** The API of a stack, as a program without an SDK uses it. */

import { z } from "zod";

import type { StackFile } from "../../../scripts/platform/stack-file.ts";

const minted = z.object({ id: z.string(), key: z.string() });
const found = z.object({ memories: z.array(z.object({ content: z.string(), role: z.string() })) });

async function post(
  stack: StackFile,
  memoryKey: string,
  path: string,
  body: unknown,
): Promise<unknown> {
  const response = await fetch(`${stack.api}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${memoryKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return await response.json();
}

/** A key with an empty vault, in the account of the key that makes it. */
export async function mintKey(
  stack: StackFile,
  mintingKey = stack.demo.memoryKey,
): Promise<string> {
  return minted.parse(await post(stack, mintingKey, "/v1/keys", { name: "a fresh vault" })).key;
}

/** What a key remembers about a question, as `role: words`. */
export async function search(
  stack: StackFile,
  memoryKey: string,
  query: string,
): Promise<string[]> {
  const answer = await post(stack, memoryKey, "/v1/memory/search", { query, limit: 50 });
  return found.parse(answer).memories.map(({ role, content }) => `${role}: ${content}`);
}
