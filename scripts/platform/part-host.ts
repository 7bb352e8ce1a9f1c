/**
 * The child's half of a part that runs in a process of its own; `part.ts` is the parent's.
 *
 * Input comes over the channel rather than as arguments or environment, where other users of the
 * machine could read it. When the channel closes the parent is gone, and the part ends as well.
 */

import { z } from "zod";

import { PlatformError } from "./platform-error.ts";

const message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), input: z.unknown() }),
  z.object({ type: z.literal("stop") }),
]);

export type Hosted<Ready> = {
  readonly ready: Ready;
  readonly stop: () => Promise<void>;
};

/** Less than the parent's patience. */
const END_LIMIT_MS = 12_000;

export function hostPart<Schema extends z.ZodType, Ready>(
  schema: Schema,
  start: (input: z.output<Schema>) => Promise<Hosted<Ready>>,
): void {
  let hosted: Promise<Hosted<Ready>> | null = null;
  let ending: Promise<void> | null = null;

  const end = () => {
    ending ??= (async () => {
      // Without a parent nobody else would end what cannot end itself.
      setTimeout(() => process.exit(1), END_LIMIT_MS).unref();
      await hosted?.then(({ stop }) => stop()).catch((cause: unknown) => console.error(cause));
      process.exit(0);
    })();
  };

  process.on("message", (received) => {
    const parsed = message.parse(received);
    if (parsed.type === "stop") return end();
    hosted = start(schema.parse(parsed.input));
    hosted.then(
      ({ ready }) => process.send?.({ type: "ready", ready }),
      (cause: unknown) => fail(cause),
    );
  });
  process.on("disconnect", end);
  process.on("SIGTERM", end);
  // Ctrl-C reaches the parent, which ends its parts in their order.
  process.on("SIGINT", () => {});
}

function fail(cause: unknown): void {
  console.error(cause);
  const isPlain = cause instanceof PlatformError;
  const text = cause instanceof Error ? cause.message : String(cause);
  // A sentence of ours is shown whole. Another program's may go on for pages; the log has it.
  process.send?.(
    { type: "failed", message: isPlain ? text : firstLine(text), isPlain },
    undefined,
    undefined,
    () => process.exit(1),
  );
}

const firstLine = (text: string) => text.split("\n", 1)[0]?.slice(0, 200) ?? "";
