/**
 * What the database hands over for a question: memories that might answer it, each with every
 * signal, unordered.
 *
 * The database finds and counts, the worker decides. A candidate therefore carries raw scores:
 * how they are weighed against each other is `rank.ts`'s to say.
 */

import { z } from "zod";

const candidateSchema = z
  .object({
    id: z.string(),
    part: z.int().nonnegative(),
    session_id: z.string(),
    // A bigint in the database. It counts sessions of one vault, so a number holds it.
    session_number: z.coerce.number().int(),
    position: z.int(),
    role: z.string(),
    name: z.string().nullable(),
    content: z.string(),
    chars: z.int().nonnegative(),
    token_count: z.int().nonnegative(),
    created_at: z.iso.datetime({ offset: true }),
    turn_id: z.string().nullable(),
    bm25_turn: z.number(),
    bm25_window: z.number(),
    bm25_session: z.number(),
    cos_turn: z.number().nullable(),
    cos_window: z.number().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    part: row.part,
    sessionId: row.session_id,
    sessionNumber: row.session_number,
    position: row.position,
    role: row.role,
    name: row.name,
    content: row.content,
    chars: row.chars,
    tokenCount: row.token_count,
    createdAt: new Date(row.created_at),
    turnId: row.turn_id,
    bm25Turn: row.bm25_turn,
    bm25Window: row.bm25_window,
    bm25Session: row.bm25_session,
    cosTurn: row.cos_turn,
    cosWindow: row.cos_window,
  }));

const matchesSchema = z
  .object({
    memories_total: z.coerce.number().int().nonnegative(),
    candidates: z.array(candidateSchema),
  })
  .transform(({ memories_total, candidates }) => ({ memoriesTotal: memories_total, candidates }));

/** A memory that might answer the question. A cosine is null while it has no vector. */
export type Candidate = Readonly<z.output<typeof candidateSchema>>;

/** The answer of `recall_memories`. */
export type Matches = {
  readonly memoriesTotal: number;
  readonly candidates: readonly Candidate[];
};

/** Reads what `recall_memories` answered; throws when the database speaks another dialect. */
export function parseMatches(answer: unknown): Matches {
  return matchesSchema.parse(answer);
}
