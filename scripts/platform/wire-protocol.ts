/** As much of Postgres' wire protocol as it takes to know where a message ends and what it does to the session. */

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;

export type ReadMessages = {
  /** Whole messages, in order. */
  readonly messages: Buffer[];
  readonly rest: Buffer;
  /** The first message has another form than the rest. */
  readonly hasStarted: boolean;
  readonly wantsEncryption: boolean;
  readonly hasEnded: boolean;
};

export function readMessages(bytes: Buffer, startedBefore: boolean): ReadMessages {
  const messages: Buffer[] = [];
  let rest = bytes;
  let hasStarted = startedBefore;
  let wantsEncryption = false;
  let hasEnded = false;

  for (;;) {
    // A startup message begins with its length, any other with a letter.
    const lengthAt = hasStarted ? 1 : 0;
    if (rest.length < lengthAt + 4) break;
    const end = lengthAt + rest.readInt32BE(lengthAt);
    if (rest.length < end) break;
    const message = rest.subarray(0, end);
    rest = rest.subarray(end);

    if (hasStarted) {
      if (typeOf(message) === "X") hasEnded = true;
      else messages.push(message);
      continue;
    }
    const code = message.length >= 8 ? message.readInt32BE(4) : 0;
    if (code === SSL_REQUEST || code === GSS_REQUEST) wantsEncryption = true;
    // There is nothing to cancel: a query in WASM cannot be interrupted.
    else if (code === CANCEL_REQUEST) hasEnded = true;
    else {
      hasStarted = true;
      messages.push(message);
    }
  }
  return { messages, rest, hasStarted, wantsEncryption, hasEnded };
}

/** Those that the database answers with `ReadyForQuery`: a query, a sync, a function call. */
export const wantsReady = (message: Buffer): boolean => /[QSF]/.test(typeOf(message));

const typeOf = (message: Buffer) => message.toString("latin1", 0, 1);

/**
 * Splits what the database says from its `ReadyForQuery`, the last of which tells the state of the
 * session. PGlite sends one too many after an error: at once, and again for the client's sync.
 */
export function splitAnswer(bytes: Buffer): { answer: Buffer; ready: Buffer | null } {
  const kept: Buffer[] = [];
  let ready: Buffer | null = null;
  for (let start = 0; start + 5 <= bytes.length;) {
    const end = start + 1 + bytes.readInt32BE(start + 1);
    const message = bytes.subarray(start, end);
    if (typeOf(message) === "Z") ready = message;
    else kept.push(message);
    start = end;
  }
  return { answer: Buffer.concat(kept), ready };
}

/** Whether the session is free for somebody else. */
export const isIdle = (ready: Buffer): boolean => ready.toString("latin1", 5, 6) === "I";

/** The name a `Parse` gives a statement; null for another message, and for the unnamed statement. */
export function statementPreparedBy(message: Buffer): string | null {
  return typeOf(message) === "P" ? nameAt(message, 5) : null;
}

/** The name of the statement that a `Close` ends. */
export function statementClosedBy(message: Buffer): string | null {
  return typeOf(message) === "C" && message.toString("latin1", 5, 6) === "S"
    ? nameAt(message, 6)
    : null;
}

function nameAt(message: Buffer, start: number): string | null {
  const end = message.indexOf(0, start);
  return end > start ? message.toString("utf8", start, end) : null;
}

/** Messages that we send in a client's place. */
export const clientMessage = {
  sync: () => frame("S", Buffer.alloc(0)),
  query: (text: string) => frame("Q", Buffer.from(`${text}\0`)),
  closeStatement: (name: string) => frame("C", Buffer.from(`S${name}\0`)),
} as const;

function frame(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 0, "latin1");
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}
