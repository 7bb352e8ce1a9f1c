/**
 * Takes memories in by the file: line by line, stored by the batch, told by the count.
 *
 * Storing is idempotent, so an upload that broke off is repeated whole. A bad line is reported and
 * keeps nobody else out.
 */

import { z } from "zod";

import type { NewMemory, Stored } from "../database/memories.ts";
import { ApiError } from "../errors.ts";
import { cleanText } from "../recall/clean-text.ts";
import { storable } from "../recall/storable.ts";
import { readLines } from "./json-lines.ts";

const MAX_LINES = 10_000;
const BATCH_SIZE = 200;
/** Heavy memories go in smaller batches: a call of the database carries a megabyte or so. */
const BATCH_CHARS = 1_000_000;
const MAX_ERRORS = 20;
const MAX_CONTENT_BYTES = 256 * 1024;
const MAX_METADATA_CHARS = 16_384;

export type StoreBatch = (memoryKeyId: string, memories: readonly NewMemory[]) => Promise<Stored>;

export type UploadReport = {
  /** Lines that were not blank. */
  readonly lines: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly failed: number;
  readonly errors: readonly { readonly line: number; readonly message: string }[];
};

/** Without `store` the lines are only looked at. */
export async function upload(
  chunks: AsyncIterable<Uint8Array>,
  store: ((memories: readonly NewMemory[]) => Promise<Stored>) | null,
): Promise<UploadReport> {
  const count = { lines: 0, stored: 0, duplicates: 0, failed: 0 };
  const errors: { line: number; message: string }[] = [];
  let batch: NewMemory[] = [];
  let batchChars = 0;

  const flush = async () => {
    if (batch.length === 0) return;
    const { stored, duplicates } = store
      ? await store(batch)
      : { stored: batch.length, duplicates: 0 };
    count.stored += stored;
    count.duplicates += duplicates;
    batch = [];
    batchChars = 0;
  };

  for await (const { number, text } of readLines(chunks)) {
    if (text?.trim() === "") continue;
    count.lines += 1;
    if (count.lines > MAX_LINES) {
      await flush();
      throw tooManyLines();
    }
    const read = readMemory(text);
    if (typeof read === "string") {
      count.failed += 1;
      if (errors.length < MAX_ERRORS) errors.push({ line: number, message: read });
      continue;
    }
    batch.push(read);
    batchChars += read.content.length;
    if (batch.length === BATCH_SIZE || batchChars >= BATCH_CHARS) await flush();
  }
  await flush();
  return { ...count, errors };
}

const tooManyLines = () =>
  new ApiError(
    "body_too_large",
    `An upload takes ${MAX_LINES} lines. The first ${MAX_LINES} are stored; send the rest by itself.`,
  );

/** A memory, or what is wrong with the line. */
function readMemory(text: string | null): NewMemory | string {
  if (text === null) return "The line is too long or not valid UTF-8.";
  let json: unknown;
  try {
    json = JSON.parse(text) as unknown;
  } catch {
    return "The line is not valid JSON.";
  }
  const parsed = lineSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  return field === ""
    ? "The line is not a JSON object with a `content`."
    : `${field}: ${issue?.message}`;
}

const label = (maxChars: number) =>
  z
    .string()
    .max(maxChars)
    .transform((text) => cleanText(text).trim())
    .pipe(z.string().min(1));

const content = z
  .string()
  .transform(storable)
  .refine((text) => text.trim() !== "", "Nothing is left to remember.")
  .refine(
    (text) => new TextEncoder().encode(text).length <= MAX_CONTENT_BYTES,
    "Longer than 256 KB.",
  );

/** The years that both the database and JavaScript can write down. */
const YEARS_MS = { min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 0, 1) };

const timestamp = z
  .union([
    z.iso.datetime({ offset: true }),
    z.iso.datetime({ local: true }),
    z.iso.date(),
    z.number(),
  ])
  .transform((moment) => new Date(isLocal(moment) ? `${moment}Z` : moment).getTime())
  .pipe(z.number().min(YEARS_MS.min).max(YEARS_MS.max))
  .transform((ms) => new Date(ms).toISOString());

/** A time without a zone is taken as UTC, wherever this runs. */
const isLocal = (moment: string | number) =>
  typeof moment === "string" && moment.includes("T") && !/(?:Z|[+-]\d\d:?\d\d)$/i.test(moment);

const metadata = z
  .record(z.string(), z.json())
  .refine((fields) => JSON.stringify(fields).length <= MAX_METADATA_CHARS, "Longer than 16 KB.")
  .refine((fields) => !JSON.stringify(fields).includes(String.raw`\u0000`), "Holds a NUL.");

const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

/** What an export writes beside these is understood there and not here. */
const lineSchema = z
  .object({
    content,
    id: optional(label(128)),
    role: optional(z.enum(["user", "assistant", "system", "tool"])),
    name: optional(label(128)),
    timestamp: optional(timestamp),
    session_id: optional(label(256)),
    metadata: optional(metadata),
  })
  .transform(({ timestamp: created_at, ...fields }) => ({ ...fields, created_at }));
