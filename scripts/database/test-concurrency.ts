/**
 * What one session of Postgres cannot show: several at once on the same turn, the same session and the
 * same vault. None may wait for another forever, and nothing may be there twice.
 */

import { randomUUID } from "node:crypto";

import type postgres from "postgres";

import type { TapResult } from "./run-tap.ts";
import type { ScratchDatabase } from "./scratch-database.ts";

const AT_ONCE = 8;

type Arguments = Readonly<Record<string, postgres.JSONValue>>;

type Vault = {
  readonly id: string;
  readonly call: (name: string, parameters: Arguments) => Promise<unknown>;
  readonly sql: postgres.Sql;
};

type Scenario = readonly [sentence: string, holds: (vault: Vault) => Promise<boolean>];

const turn = (changes: Arguments = {}) => ({
  turn_id: randomUUID(),
  turn_key: "turn",
  step_key: "step",
  request_id: randomUUID(),
  session_id: null,
  session_seed: "seed",
  dialect: "chat-completions",
  provider: "openai",
  model: "gpt-5",
  user_text: "What is the capital of France?",
  user_name: null,
  user_text_cut: false,
  stores_user: true,
  continues: false,
  is_retry: false,
  idempotency_key: null,
  ...changes,
});

const step = (changes: Arguments = {}) => ({
  request_id: randomUUID(),
  step_key: "step",
  status: 200,
  finish: "complete",
  answer: "It is Paris, and has been for a long time.",
  answer_cut: false,
  stores_answer: true,
  response_id: null,
  usage: null,
  tokens_retrieved: 0,
  memories_retrieved: 0,
  memory_status: "empty",
  latency: {},
  answered_at: new Date().toISOString(),
  ...changes,
});

const atOnce = <T>(deed: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => deed(index)));

/** The vault's memories in order, as `role position`. */
async function placesOf({ id, sql }: Vault): Promise<string[]> {
  const rows = await sql<{ place: string }[]>`
    select concat(session_id, ' ', position, ' ', role) as place from public.memories
    where memory_key_id = ${id} order by session_number, position`;
  return rows.map(({ place }) => place);
}

const isOf = (places: readonly string[], ...expected: string[]) =>
  JSON.stringify(places) === JSON.stringify(expected);

const scenarios: readonly Scenario[] = [
  [
    "Equal requests at once are one turn",
    async (vault) => {
      const begun = await atOnce(() =>
        vault.call("begin_turn", { memory_key_id: vault.id, turn: turn(), query: null }),
      );
      const ids = new Set(begun.map((answer) => JSON.stringify(Object(answer).turn_id)));
      const [row] =
        await vault.sql`select count(*)::integer as turns from public.turns where memory_key_id = ${vault.id}`;
      return ids.size === 1 && row?.["turns"] === 1;
    },
  ],
  [
    "A step completed by several at once is stored once",
    async (vault) => {
      const [asked, answered] = [turn(), step()];
      await atOnce(() =>
        vault.call("complete_turn", { memory_key_id: vault.id, turn: asked, step: answered }),
      );
      return isOf(await placesOf(vault), "seed 0 user", "seed 1 assistant");
    },
  ],
  [
    "The steps of a turn completed at once share its question and keep apart",
    async (vault) => {
      const asked = turn();
      await atOnce((index) =>
        vault.call("complete_turn", {
          memory_key_id: vault.id,
          turn: { ...asked, continues: true },
          step: step({ step_key: `step ${index}` }),
        }),
      );
      const places = await placesOf(vault);
      return (
        places[0] === "seed 0 user" &&
        places.length === AT_ONCE + 1 &&
        places.every((place, index) => place.startsWith(`seed ${index} `))
      );
    },
  ],
  [
    "Turns of many sessions at once lose nothing and count right",
    async (vault) => {
      await atOnce((index) =>
        vault.call("complete_turn", {
          memory_key_id: vault.id,
          turn: turn({ turn_key: `turn ${index}`, session_id: `session ${index % 2}` }),
          step: step({ step_key: `step ${index}` }),
        }),
      );
      const [row] = await vault.sql`
        select
          (select count(*) from public.memories where memory_key_id = ${vault.id})::integer as memories,
          (select sum(memory_count) from public.sessions where memory_key_id = ${vault.id})::integer as counted,
          (select sum(token_count) from public.memories where memory_key_id = ${vault.id})::integer as tokens,
          (select memory_token_count from public.memory_keys where id = ${vault.id})::integer as counted_tokens,
          (select requests from public.usage_daily where memory_key_id = ${vault.id})::integer as requests`;
      return (
        row?.["memories"] === 2 * AT_ONCE &&
        row["counted"] === row["memories"] &&
        row["tokens"] === row["counted_tokens"] &&
        row["requests"] === AT_ONCE
      );
    },
  ],
  [
    "Remembering, embedding, beginning and sweeping do not stand in each other's way",
    async (vault) => {
      const memories = [{ content: "Paris is in France." }, { content: "So is Lyon." }];
      await atOnce(async (index) => {
        const ofVault = { memory_key_id: vault.id };
        await vault.call("store_memories", {
          ...ofVault,
          source: "upload",
          memories: memories.map((memory) => ({ ...memory, id: randomUUID() })),
        });
        await vault.call("begin_turn", {
          ...ofVault,
          turn: turn({ turn_key: `turn ${index}` }),
          query: "Lyon",
        });
        const pending = await vault.call("pending_vectors", { ...ofVault, max_texts: 50 });
        const embedding = JSON.stringify(Array.from({ length: 512 }, () => 1));
        const vectors = (Array.isArray(pending) ? pending : []).map((text: unknown) => ({
          ...Object(text),
          embedding,
        }));
        await vault.call("store_vectors", { ...ofVault, model: 1, vectors: vectors.toReversed() });
        await vault.call("complete_turn", {
          ...ofVault,
          turn: turn({ turn_key: `turn ${index}` }),
          step: step({ step_key: `step ${index}` }),
        });
        await vault.call("sweep_turns", {});
      });
      return (await placesOf(vault)).length === 4 * AT_ONCE;
    },
  ],
  [
    "A key deleted in the middle of it all leaves nothing behind",
    async (vault) => {
      const completed = atOnce((index) =>
        vault
          .call("complete_turn", {
            memory_key_id: vault.id,
            turn: turn({ turn_key: `turn ${index}` }),
            step: step({ step_key: `step ${index}` }),
          })
          .then(() => "stored")
          .catch((cause: unknown) => Object(cause).code as unknown),
      );
      await vault.sql`delete from public.memory_keys where id = ${vault.id}`;
      const answers = await completed;
      const [row] = await vault.sql`
        select count(*)::integer as rows from (
          select memory_key_id from public.memories union all select memory_key_id from public.memory_terms
          union all select memory_key_id from public.turns union all select memory_key_id from public.sessions
        ) as everything where memory_key_id = ${vault.id}`;
      return (
        row?.["rows"] === 0 && answers.every((answer) => answer === "stored" || answer === "PT404")
      );
    },
  ],
];

export async function testConcurrency(database: ScratchDatabase): Promise<TapResult> {
  const connections = await Promise.all(Array.from({ length: AT_ONCE }, () => database.connect()));
  const owner = await database.connect();
  try {
    for (const sql of connections) await sql`set role service_role`;
    const failures: string[] = [];
    for (const [sentence, holds] of scenarios) {
      const problem = await openVault(owner, connections)
        .then(holds)
        .then((isHeld) => (isHeld ? null : "it does not"), String);
      if (problem !== null) failures.push(`${sentence}\n      # ${problem}`);
    }
    return { passed: scenarios.length - failures.length, failures };
  } finally {
    for (const sql of [...connections, owner]) await sql.end({ timeout: 5 });
  }
}

/** A vault of its own for each scenario, called over whichever connection is next. */
async function openVault(
  owner: postgres.Sql,
  connections: readonly postgres.Sql[],
): Promise<Vault> {
  const userId = randomUUID();
  await owner`insert into auth.users (id, email) values (${userId}, ${`${userId}@example.com`})`;
  const [row] = await owner<{ id: string }[]>`
    select private.issue_memory_key(${userId}, 'Key', 'on', null, null, true) ->> 'id' as id`;
  let next = 0;
  return {
    id: row?.id ?? "",
    sql: owner,
    call: async (name, parameters) => {
      const sql = connections[next++ % connections.length] ?? owner;
      const names = Object.keys(parameters).map((key, index) => `${key} => $${index + 1}`);
      const given = Object.values(parameters).map((value) =>
        typeof value === "object" && value !== null ? sql.json(value) : value,
      );
      const [answer] = await sql.unsafe(
        `select public.${name}(${names.join(", ")}) as answer`,
        given,
      );
      return answer?.["answer"];
    },
  };
}
