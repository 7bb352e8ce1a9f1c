/** Sends to one of our Edge Functions as the person who is signed in. */

import * as z from "zod/mini";

import { env } from "@/lib/env";
import { FunctionError } from "@/lib/function-error";
import { accessToken } from "@/lib/supabase";

const refusalSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), request_id: z.string() }),
});

export async function callFunction(path: string, body: object = {}): Promise<unknown> {
  const response = await fetch(`${env.functionsUrl}${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await accessToken()}`,
      apikey: env.publishableKey,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;

  const refusal = refusalSchema.safeParse(answer);
  if (!refusal.success) {
    const message = `The server answered ${response.status}. Try again in a moment.`;
    throw new FunctionError("unexpected_answer", message, response.headers.get("x-request-id"));
  }
  const { code, message, request_id: requestId } = refusal.data.error;
  throw new FunctionError(code, message, requestId);
}
