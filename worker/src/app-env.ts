import type { Credentials } from "./keys/credentials.ts";
import type { MemoryKey } from "./keys/memory-key.ts";
import type { RequestBody } from "./middleware/body-limit.ts";
import type { Mode } from "./mode.ts";
import type { Services } from "./services.ts";

/** What hono carries through a request. */
export type AppEnv = {
  Bindings: Env;
  Variables: {
    services: Services;
    requestId: string;
    startedAtMs: number;
    /** The answer is a provider's: its own request id keeps its name. */
    isRelayed: boolean;
  };
};

/** What it carries once `memoryKeyAuth` has run. */
export type KeyedEnv = AppEnv & {
  Variables: {
    key: MemoryKey;
    keyHash: string;
    /** What the key's suffix leaves of its rights. */
    keyLimit: Mode | null;
    providerKeys: Credentials["providerKeys"];
    authMs: number;
  };
};

/** What it carries once `bodyLimit` has run. */
export type BodyEnv = { Variables: { body: RequestBody } };
