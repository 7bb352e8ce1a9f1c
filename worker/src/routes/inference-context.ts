/** What the parts of an inference request know of each other. */

import type { Context } from "hono";

import type { BodyEnv, KeyedEnv } from "../app-env.ts";
import type { Call, Dialect } from "../dialects/dialect.ts";
import type { ResolvedModel } from "../providers/registry.ts";
import type { History } from "../recall/pack.ts";
import type { Steering } from "../steering.ts";
import type { BegunTurn, Storing } from "../turns/begun-turn.ts";

export type InferenceContext = Context<KeyedEnv & BodyEnv>;

/** A request that was understood and may be served. */
export type Inference = {
  readonly dialect: Dialect;
  readonly call: Call;
  readonly target: ResolvedModel;
  /** Null for a provider that takes none. */
  readonly apiKey: string | null;
  readonly steering: Steering;
  /** What the provider keeps of the conversation, where it keeps it. */
  readonly history: History | null;
};

/** A request to a provider and what it is to memory. */
export type Exchange = {
  /** Null with memory off. */
  readonly turn: BegunTurn | null;
  readonly storing: Storing;
  /** Ends the request to the provider. */
  readonly abort: AbortController;
};
