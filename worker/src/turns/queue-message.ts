/**
 * What the queue carries while the database is away, in a form that outlives a deployment.
 *
 * A message may weigh 128 KB and a turn four times as much, so a heavy turn travels in pieces
 * that the database puts together again. They may arrive in any order and more than once.
 */

import { z } from "zod";

import { type Step, type Turn, stepSchema, turnSchema } from "./turn.ts";

const VERSION = 1;

/** Below the platform's 128 KB with room for its own envelope. */
const MAX_MESSAGE_BYTES = 100_000;

/** A UTF-16 unit of JSON text becomes three bytes at most when it is written as JSON once more. */
const PIECE_CHARS = 30_000;

const wholeSchema = z.object({
  version: z.literal(VERSION),
  kind: z.literal("turn"),
  memory_key_id: z.uuid(),
  turn: turnSchema,
  step: stepSchema,
});

const pieceSchema = z.object({
  version: z.literal(VERSION),
  kind: z.literal("piece"),
  memory_key_id: z.uuid(),
  turn_id: z.uuid(),
  step_key: z.string(),
  piece: z.number().int(),
  pieces: z.number().int(),
  payload: z.string(),
});

const messageSchema = z.discriminatedUnion("kind", [wholeSchema, pieceSchema]);

export type QueueMessage = Readonly<z.output<typeof messageSchema>>;

/** A finished turn as messages, each small enough for the queue. */
export function messagesOf(memoryKeyId: string, turn: Turn, step: Step): readonly QueueMessage[] {
  const whole: QueueMessage = {
    version: VERSION,
    kind: "turn",
    memory_key_id: memoryKeyId,
    turn,
    step,
  };
  if (byteLength(JSON.stringify(whole)) < MAX_MESSAGE_BYTES) return [whole];

  const payloads = cut(JSON.stringify({ turn, step }));
  return payloads.map((payload, piece) => ({
    version: VERSION,
    kind: "piece",
    memory_key_id: memoryKeyId,
    turn_id: turn.turn_id,
    step_key: step.step_key,
    piece,
    pieces: payloads.length,
    payload,
  }));
}

/** A message as this version understands it, or null: forged, damaged, or of another version. */
export function parseQueueMessage(body: unknown): QueueMessage | null {
  return messageSchema.safeParse(body).data ?? null;
}

function cut(text: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (start < text.length) {
    let end = start + PIECE_CHARS;
    // Half a surrogate pair would not survive on its own.
    if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff;

const byteLength = (text: string) => new TextEncoder().encode(text).length;
