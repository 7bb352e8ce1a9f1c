/**
 * Hands a provider's answer to the client and listens on the side.
 *
 * A read loop of our own, kept alive by `waitUntil`: teeing delivers everything at the end, and a
 * transform stops, without a word, when the client leaves. The bytes are the provider's, and so is
 * the way they end: nothing is added to an answer that breaks.
 */

import type { SetTimer } from "../deadline.ts";
import type { Heard, Listener } from "../dialects/dialect.ts";
import { type ClientSide, createClientSide } from "./client-side.ts";
import { createNaming, type OnResponseId } from "./naming.ts";
import { type Chunk, createUpstreamSide, type UpstreamSide } from "./upstream-side.ts";

/**
 * How an answer ended: whole; broken off by the provider; silent for too long; left by the client
 * and not whole within the drain limit; stopped because the client left.
 */
export type Ending = "complete" | "truncated" | "stalled" | "disconnected" | "stopped";

export type RelayOptions = {
  readonly answer: Response;
  /** What the client gets to see of the provider's headers, and ours. */
  readonly headers: Headers;
  readonly listener: Listener;
  /** What to do when the client leaves: read on for the memory's sake, or stop the provider. */
  readonly onDisconnect: "drain" | "stop";
  readonly drainLimitMs: number;
  readonly idleLimitMs: number;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly abortUpstream: () => void;
  /**
   * Keeps the end back until `onEnd` has resolved, so that a client which saw the end knows that
   * the turn is safe. When it rejects, the client's stream breaks instead of ending.
   */
  readonly holdEnd?: boolean;
  /**
   * Told what the answer is called as soon as the answer says so. The end is kept back until this
   * has resolved: whoever has the whole answer may ask for it by its name.
   */
  readonly onResponseId?: OnResponseId | undefined;
  /** Called exactly once, whatever happens. */
  readonly onEnd: (heard: Heard, ending: Ending) => Promise<void>;
  readonly clientSignal?: AbortSignal;
  readonly setTimer?: SetTimer;
};

export function relay(options: RelayOptions): Response {
  const { answer, headers, listener, waitUntil, onEnd } = options;
  const { status, statusText } = answer;
  const body = bodyOf(answer);
  if (body === null) {
    waitUntil(onEnd(listener.end(), "complete"));
    return new Response(null, { status, statusText, headers });
  }
  const passage = createPassage(body, options);
  waitUntil(pass(passage, options));
  return new Response(passage.client.readable, { status, statusText, headers });
}

/** An answer to HEAD has none, and some statuses may not have one, not even an empty one. */
export function bodyOf({ body, status }: Response): ReadableStream<Uint8Array> | null {
  return WITHOUT_BODY.has(status) ? null : body;
}

const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/** Both ends of an answer, and who has let go of which. */
export type Passage = {
  readonly upstream: UpstreamSide;
  readonly client: ClientSide;
  /** How the reading ended when it was we who ended it. */
  readonly givenUp: () => Ending;
  readonly over: () => void;
};

export function createPassage(body: ReadableStream<Uint8Array>, options: RelayOptions): Passage {
  const { idleLimitMs, drainLimitMs, onDisconnect, setTimer = setRealTimer } = options;
  const upstream = createUpstreamSide(body, {
    idleLimitMs,
    setTimer,
    abort: options.abortUpstream,
  });
  let ending: Ending = "stalled";
  let cancelDrain = () => {};
  let isOver = false;
  const giveUp = (reason: Ending) => {
    if (isOver) return;
    ending = reason;
    upstream.giveUp();
  };
  const onLeave = () => {
    if (isOver) return;
    if (onDisconnect === "stop") giveUp("stopped");
    else cancelDrain = setTimer(() => giveUp("disconnected"), drainLimitMs);
  };
  const { clientSignal } = options;
  return {
    upstream,
    client: createClientSide({ idleLimitMs, setTimer, clientSignal, onLeave }),
    givenUp: () => ending,
    over: () => {
      isOver = true;
      cancelDrain();
    },
  };
}

/** Reads the answer to its end, hands it on, and tells how it ended. */
export async function pass(passage: Passage, options: RelayOptions, first?: Chunk): Promise<void> {
  const { upstream, client } = passage;
  const { listener, holdEnd = false, onEnd } = options;
  const naming = createNaming(listener, options.onResponseId);
  const tail = createTail(client);
  let chunk = first ?? (await upstream.next());
  while (chunk.kind === "bytes") {
    listener.hear(chunk.bytes);
    naming.look();
    if (listener.hasEnded()) await naming.noted();
    if (holdEnd && listener.hasEnded()) await tail.hold(chunk.bytes);
    else if (naming.isOpen()) await tail.holdLast(chunk.bytes);
    else await tail.write(chunk.bytes);
    chunk = await upstream.next();
  }
  passage.over();

  const heard = listener.end();
  naming.look();
  const told = onEnd(heard, endingOf(chunk, heard, passage.givenUp));
  const last = chunk;
  const mayEnd = holdEnd ? told : Promise.resolve();
  const finished = Promise.all([mayEnd, naming.noted()])
    .then(tail.release)
    .then(
      () => finish(client, last),
      () => client.fail(new Error("The turn could not be stored")),
    );
  try {
    await told;
  } finally {
    await finished;
  }
}

/** What is kept back of an answer's end: a few bytes, as a rule. */
function createTail(client: ClientSide) {
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  const release = async () => {
    for (const bytes of held.splice(0)) await client.write(bytes);
  };
  return {
    release,
    hold: async (bytes: Uint8Array) => {
      held.push(bytes);
      heldBytes += bytes.length;
      if (heldBytes > MOST_HELD_BYTES) await release(); // whatever this is, it is not an end
    },
    /** Keeps this back until the next comes: one of them is the last. */
    holdLast: async (bytes: Uint8Array) => {
      await release();
      held.push(bytes);
    },
    write: async (bytes: Uint8Array) => {
      await release();
      await client.write(bytes);
    },
  };
}

const MOST_HELD_BYTES = 1024 * 1024;

/** Ends the client's stream the way the provider's ended. */
export async function finish(client: ClientSide, last: Chunk): Promise<void> {
  if (last.kind === "end") await client.close();
  else client.fail(last.kind === "broken" ? last.cause : new Error("The answer broke off"));
}

export function endingOf(last: Chunk, heard: Heard, givenUp: () => Ending): Ending {
  if (last.kind === "silent") return "stalled";
  if (last.kind === "given-up") return givenUp();
  if (last.kind === "broken") return "truncated";
  return heard.sawEnd || heard.finish !== null || heard.hasError ? "complete" : "truncated";
}

function setRealTimer(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
