/**
 * Conversations with questions whose answers are known to stand in certain turns.
 *
 * One conversation a line. Data sets have licences of their own, so none lies in this repository:
 * the file is named on the command line.
 */

import { readFile } from "node:fs/promises";

import { z } from "zod";

import { PlatformError } from "../../platform/platform-error.ts";

const turnSchema = z.object({
  id: z.string().min(1),
  session: z.string().min(1),
  role: z.string(),
  name: z.string().nullish(),
  at: z.iso.datetime({ offset: true }),
  text: z.string().min(1),
});

const questionSchema = z.object({
  id: z.string(),
  text: z.string().min(1),
  kind: z.string().min(1),
  /** The turns that hold the answer. */
  evidence: z.array(z.string()).min(1),
});

const conversationSchema = z
  .object({
    conversation: z.string(),
    turns: z.array(turnSchema).min(1),
    questions: z.array(questionSchema),
  })
  .superRefine(({ turns, questions }, context) => {
    const known = new Set(turns.map(({ id }) => id));
    for (const { id, evidence } of questions) {
      const missing = evidence.find((turn) => !known.has(turn));
      if (missing === undefined) continue;
      const message = `question ${id} names turn ${missing} as evidence, which is not there`;
      context.addIssue({ code: "custom", message });
    }
  });

export type Turn = Readonly<z.output<typeof turnSchema>>;
export type Question = Readonly<z.output<typeof questionSchema>>;
export type Conversation = Readonly<z.output<typeof conversationSchema>>;

export async function readCases(path: string): Promise<readonly Conversation[]> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is no such file" : cause.message;
    throw new PlatformError(`${path} cannot be read: ${reason}.`, { cause });
  });
  return parseCases(text, path);
}

export function parseCases(text: string, path: string): readonly Conversation[] {
  const conversations = text
    .split("\n")
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, number }) => parseLine(line, `Line ${number} of ${path}`));
  if (conversations.length === 0) throw new PlatformError(`${path} holds no conversation.`);
  return conversations;
}

function parseLine(line: string, place: string): Conversation {
  let json: unknown;
  try {
    json = JSON.parse(line) as unknown;
  } catch (cause) {
    throw new PlatformError(`${place} is not valid JSON.`, { cause });
  }
  const parsed = conversationSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new PlatformError(
    `${place} is no conversation: ${[field, issue?.message].filter(Boolean).join(": ")}.`,
  );
}
