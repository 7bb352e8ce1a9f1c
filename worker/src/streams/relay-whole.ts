/**
 * Hands on an answer in one piece, when its headers have to say what became of the turn.
 *
 * It is read to its end and told before the client sees a byte, so `onEnd` may still add to the
 * headers. How it ended is kept: an answer that broke off breaks off for the client too. A longer
 * one than can be held is streamed, its end kept back, and its headers promise nothing.
 */

import {
  bodyOf,
  createPassage,
  endingOf,
  finish,
  pass,
  type Passage,
  type RelayOptions,
} from "./relay.ts";
import { createNaming } from "./naming.ts";
import type { Chunk } from "./upstream-side.ts";

export async function relayWhole(options: RelayOptions): Promise<Response> {
  const { answer, headers, listener, waitUntil, onEnd } = options;
  const { status, statusText } = answer;
  const body = bodyOf(answer);
  if (body === null) {
    await onEnd(listener.end(), "complete");
    return new Response(null, { status, statusText, headers });
  }
  const passage = createPassage(body, options);
  const holding = hold(passage, options);
  waitUntil(holding); // or the reading would end with a client that leaves
  const { held, last } = await holding;
  waitUntil(deliver(passage, options, held, last));
  return new Response(passage.client.readable, { status, statusText, headers });
}

type Held = { readonly held: readonly Uint8Array[]; readonly last: Chunk };

async function hold(passage: Passage, options: RelayOptions): Promise<Held> {
  const { listener, onEnd, waitUntil } = options;
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  let chunk = await passage.upstream.next();
  while (chunk.kind === "bytes") {
    if (heldBytes + chunk.bytes.length > MOST_HELD_BYTES) return { held, last: chunk };
    listener.hear(chunk.bytes);
    held.push(chunk.bytes);
    heldBytes += chunk.bytes.length;
    chunk = await passage.upstream.next();
  }
  passage.over();
  const heard = listener.end();
  const naming = createNaming(listener, options.onResponseId);
  naming.look();
  const told = onEnd(heard, endingOf(chunk, heard, passage.givenUp));
  waitUntil(told);
  await naming.noted();
  await told.catch(() => {}); // the answer is the client's all the same; its headers say no more
  return { held, last: chunk };
}

const MOST_HELD_BYTES = 8 * 1024 * 1024;

async function deliver(
  passage: Passage,
  options: RelayOptions,
  held: readonly Uint8Array[],
  last: Chunk,
): Promise<void> {
  for (const bytes of held) await passage.client.write(bytes);
  if (last.kind === "bytes") await pass(passage, { ...options, holdEnd: true }, last);
  else await finish(passage.client, last);
}
