/**
 * A dialect: how one family of endpoints spells a conversation.
 *
 * It answers three questions about bytes it never owns. What does the request say that memory needs
 * to know? Where do the few bytes of ours go? What did the answer say? Another dialect is another
 * file that answers the same three.
 */

export type DialectId = "chat-completions" | "responses" | "messages";

/** Our own body fields as the client sent them: raw JSON values, undefined when absent. */
export type Steering = {
  readonly mode?: unknown;
  readonly sessionId?: unknown;
  readonly tokenBudget?: unknown;
  readonly recency?: unknown;
};

export type Call = {
  readonly model: string;
  readonly streamed: boolean;
  readonly steering: Steering;
  /** Text of the last user message that holds no tool result; null when it has none or opted out. */
  readonly newestUserText: string | null;
  readonly newestUserName: string | null;
  /** Tool or assistant items stand behind the newest user message: its turn goes on. */
  readonly continues: boolean;
  /** The first thing the user said in this request, which seeds a session without an id. */
  readonly openingUserText: string | null;
  readonly previousResponseId: string | null;
  /**
   * Names of what the provider keeps and this request goes on with. The provider looks them up in
   * the whole account, so each has to be one that this memory key made.
   */
  readonly continued: readonly string[];
  /** The provider keeps the answer, and hands it out to whoever knows its id. */
  readonly isKept: boolean;
  /** What was said up to the newest user message, in a form equal only for equal conversations. */
  readonly turnSequence: string;
  /** The same for the whole request. */
  readonly stepSequence: string;
  /** Every text already in the request, so that nothing is told twice. */
  readonly texts: readonly string[];
  /**
   * The body with the smallest edits: the model as its provider knows it, our fields removed, the
   * block in its place. The client's own bytes when nothing has to change.
   */
  readonly write: (edits: Edits) => Uint8Array<ArrayBuffer>;
};

export type Edits = {
  readonly model: string;
  readonly block: string | null;
};

export type ReadOptions = {
  /** The provider has a `session_id` of its own: ours is read and left where it is. */
  readonly keepSessionId: boolean;
};

/** Tokens as the provider counted them; null where it did not say. */
export type Usage = {
  /** All of the request, whether it came out of the cache, went into it, or neither. */
  readonly prompt: number | null;
  readonly cached: number | null;
  readonly cacheWrite: number | null;
  /** All of the answer, reasoning included. */
  readonly completion: number | null;
  readonly reasoning: number | null;
};

/** What an answer said, once it is over. */
export type Heard = {
  readonly text: string;
  /** The text was longer than what is stored. */
  readonly isCut: boolean;
  readonly finish: string | null;
  /** The provider reported a failure inside an answer that began well. */
  readonly hasError: boolean;
  /** The provider said that this was all. */
  readonly sawEnd: boolean;
  readonly usage: Usage | null;
  readonly responseId: string | null;
};

/** Listens to an answer's bytes. Never throws: what it cannot understand it does not hear. */
export type Listener = {
  readonly hear: (chunk: Uint8Array) => void;
  /** The provider has said that this was all. A body in one piece says so only by ending. */
  readonly hasEnded: () => boolean;
  /** What the provider calls the answer, as soon as it has said so; null until then. */
  readonly responseId: () => string | null;
  readonly end: () => Heard;
};

export type Dialect = {
  readonly id: DialectId;
  readonly path: string;
  /** Its answer counts what a request would cost: memory has no part in it. */
  readonly isOnlyCounted?: true;
  readonly read: (body: Uint8Array<ArrayBuffer>, options: ReadOptions) => Call;
  readonly listen: (contentType: string | null) => Listener;
};
