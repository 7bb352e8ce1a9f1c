import { connect } from "node:net";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Database, openFolderDatabase } from "./database.ts";
import { clientMessage } from "./wire-protocol.ts";

describe("the SQL port", () => {
  let database: Database;
  let port = 0;

  beforeAll(async () => {
    database = await openFolderDatabase({ folder: null, port: 0 });
    port = Number(new URL(database.url).port);
    await database.sql`create table counters (id int primary key, value int not null)`;
  });
  afterAll(() => database.close());

  const client = (options: postgres.Options<Record<string, never>> = {}) =>
    postgres(database.url, { max: 1, onnotice: () => {}, ...options });

  it("keeps many busy clients apart, in transactions and outside", async () => {
    await database.sql`insert into counters values (1, 0)`;
    const clients = Array.from({ length: 12 }, () => client());
    await Promise.all(
      clients.map(async (sql, index) => {
        for (let round = 0; round < 10; round += 1) {
          const [row] = await sql<{ sum: number }[]>`select ${index}::int + ${round}::int as sum`;
          expect(row?.sum).toBe(index + round);
          await sql.begin(async (transaction) => {
            const [read] = await transaction<{ value: number }[]>`
              select value from counters where id = 1`;
            await transaction`update counters set value = ${(read?.value ?? 0) + 1} where id = 1`;
          });
          await sql`select 1 / ${round % 2}::int`.catch(() => {});
        }
      }),
    );
    const [row] = await database.sql<{ value: number }[]>`select value from counters where id = 1`;
    expect(row?.value).toBe(120);
    await Promise.all(clients.map((sql) => sql.end()));
  });

  it("goes on when a client leaves in the middle of a transaction, and undoes it", async () => {
    const leaver = client();
    const left = leaver.begin(async (transaction) => {
      await transaction`insert into counters values (2, 0)`;
      await leaver.end({ timeout: 0 });
    });
    await left.catch(() => {});
    const rows = await database.sql`select id from counters where id = 2`;
    expect([...rows]).toEqual([]);
  });

  it("goes on when a client leaves in the middle of a message or an exchange", async () => {
    const startup = Buffer.from("\0\0\0\x17\0\x03\0\0user\0postgres\0\0", "latin1");
    startup.writeInt32BE(startup.length, 0);
    const parse = Buffer.from("P\0\0\0\x10left\0select 1\0\0\0", "latin1");
    parse.writeInt32BE(parse.length - 1, 1);
    for (const bytes of [startup.subarray(0, 6), Buffer.concat([startup, parse])]) {
      const socket = connect(port, "127.0.0.1");
      await new Promise<void>((resolve) => {
        socket.write(bytes, () => resolve());
      });
      socket.destroy();
    }
    await expect(database.sql`select 1 as one`).resolves.toEqual([{ one: 1 }]);
  });

  it("forgets a client's role and its prepared statements with it", async () => {
    await database.sql`create role somebody`;
    for (let round = 0; round < 2; round += 1) {
      const sql = client();
      await sql`set role somebody`;
      await sql.end();
    }
    const [row] = await database.sql`select current_user as role`;
    expect(row).toEqual({ role: "postgres" });
    const prepared = await database.sql`
      select name from pg_prepared_statements where statement like 'set role%'`;
    expect([...prepared]).toEqual([]);
  });

  it("says no to encryption, so that a client that would rather have it can go on", async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("data", (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      const request = Buffer.alloc(8);
      request.writeInt32BE(8, 0);
      request.writeInt32BE(80_877_103, 4);
      socket.write(request);
    });
    expect(answer).toBe("N");
  });

  it("frames what it says in a client's place as the protocol wants it", () => {
    expect(clientMessage.query("rollback").toString("latin1")).toBe("Q\0\0\0\rrollback\0");
  });
});
