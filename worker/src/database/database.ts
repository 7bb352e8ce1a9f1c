/** Everything the worker asks of the database. */

import { z } from "zod";

import { type DatabaseClient, answerOf } from "./client.ts";
import { memoryFunctions } from "./memories.ts";
import { memoryKeyFunctions } from "./memory-keys.ts";
import { responseFunctions } from "./responses.ts";
import { turnFunctions } from "./turns.ts";
import { vectorFunctions } from "./vectors.ts";

const TIME_LIMIT_MS = 2_000;

export const createDatabase = (client: DatabaseClient) => ({
  ...memoryKeyFunctions(client),
  ...turnFunctions(client),
  ...responseFunctions(client),
  ...memoryFunctions(client),
  ...vectorFunctions(client),

  databaseTime: async (): Promise<string> =>
    z.string().parse(await answerOf("database_time", client.rpc("database_time"), TIME_LIMIT_MS)),
});

export type Database = ReturnType<typeof createDatabase>;
