/**
 * Lets Postgres clients talk to PGlite, which is one session without a network.
 *
 * A client has the session to itself from its first message until the database says that it is
 * ready and in no transaction. Taking turns by the message, as the socket package does, lets two
 * clients replace each other's unnamed portals as soon as both are busy.
 */

import { createServer, type Server, type Socket } from "node:net";

import type { PGlite } from "@electric-sql/pglite";

import { PlatformError } from "./platform-error.ts";
import { LOOPBACK } from "./ports.ts";
import {
  clientMessage,
  isIdle,
  readMessages,
  splitAnswer,
  statementClosedBy,
  statementPreparedBy,
  wantsReady,
} from "./wire-protocol.ts";

type Client = {
  readonly socket: Socket;
  readonly messages: Buffer[];
  /** Names the session must forget when the client leaves: the next one may use them too. */
  readonly prepared: Set<string>;
  unread: Buffer;
  hasStarted: boolean;
  /** It has asked what the database answers with `ReadyForQuery`; a startup is the first such thing. */
  awaitsReady: boolean;
  isGone: boolean;
};

export type SqlPort = {
  readonly port: number;
  readonly close: () => Promise<void>;
};

/** Port 0 is any that is free. */
export function openSqlPort(pglite: PGlite, port: number): Promise<SqlPort> {
  const session = createSession(pglite);
  const clients = new Set<Client>();

  const server = createServer((socket) => {
    const client: Client = {
      socket: socket.setNoDelay(true),
      messages: [],
      prepared: new Set(),
      unread: Buffer.alloc(0),
      hasStarted: false,
      awaitsReady: true,
      isGone: false,
    };
    clients.add(client);
    socket.on("data", (chunk) => {
      const { messages, rest, hasStarted, wantsEncryption, hasEnded } = readMessages(
        Buffer.concat([client.unread, chunk]),
        client.hasStarted,
      );
      Object.assign(client, { unread: rest, hasStarted });
      if (wantsEncryption) socket.write("N");
      if (hasEnded) socket.end();
      session.take(client, messages);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clients.delete(client);
      client.isGone = true;
      session.forget(client);
    });
  });

  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(new PlatformError(`The SQL port ${port} cannot be opened: ${cause.message}`)),
    );
    server.listen(port, LOOPBACK, () =>
      resolve({
        port: portOf(server),
        close: async () => {
          await session.close();
          for (const { socket } of clients) socket.destroy();
          await new Promise((closed) => server.close(closed));
        },
      }),
    );
  });
}

/** The one session, and the line in front of it. */
function createSession(pglite: PGlite) {
  const line: Client[] = [];
  let owner: Client | null = null;
  let working: Promise<void> | null = null;
  let isClosed = false;

  const work = async (): Promise<void> => {
    while (!isClosed) {
      const client: Client | undefined = owner ?? line[0];
      if (client === undefined) return;
      if (client.isGone) {
        remove(line, client);
        owner = null;
        await cleanUp(pglite, client);
        continue;
      }
      const message = client.messages.shift();
      // The owner is between two messages of one exchange: everybody waits for it.
      if (message === undefined) return;
      owner = client;
      if (await serve(pglite, client, message)) {
        owner = null;
        remove(line, client);
        if (client.messages.length > 0 || client.isGone) line.push(client);
      }
    }
  };

  const wake = () => {
    if (isClosed) return;
    working ??= work().finally(() => {
      working = null;
      const next = owner ?? line[0];
      if (next !== undefined && (next.isGone || next.messages.length > 0)) wake();
    });
  };

  return {
    take: (client: Client, messages: readonly Buffer[]) => {
      if (messages.length === 0) return;
      client.messages.push(...messages);
      if (!line.includes(client)) line.push(client);
      wake();
    },
    /** Its turn comes once more, to clean up. */
    forget: (client: Client) => {
      client.messages.length = 0;
      if (!client.hasStarted) return;
      if (!line.includes(client)) line.push(client);
      wake();
    },
    /** Finishes the message it is at. After that nobody may touch the database: it never answers once closed. */
    close: async () => {
      isClosed = true;
      await working;
    },
  };
}

async function run(
  pglite: PGlite,
  message: Buffer,
): Promise<{ answer: Buffer; ready: Buffer | null }> {
  const chunks: Uint8Array[] = [];
  await pglite.runExclusive(() =>
    pglite.execProtocolRawStream(new Uint8Array(message), {
      // The bytes belong to PGlite and change with the next message.
      onRawData: (data) => chunks.push(Uint8Array.from(data)),
    }),
  );
  return splitAnswer(Buffer.concat(chunks));
}

/** Whether the client has nothing open in the session afterwards. */
async function serve(pglite: PGlite, client: Client, message: Buffer): Promise<boolean> {
  const prepared = statementPreparedBy(message);
  if (prepared !== null) client.prepared.add(prepared);
  client.prepared.delete(statementClosedBy(message) ?? "");
  client.awaitsReady ||= wantsReady(message);

  const { answer, ready } = await run(pglite, message);
  const isDone = ready !== null && client.awaitsReady;
  if (client.socket.writable) client.socket.write(isDone ? Buffer.concat([answer, ready]) : answer);
  if (!isDone) return false;
  client.awaitsReady = false;
  return isIdle(ready);
}

/** Ends what a client left open: its transaction, its role, its prepared statements. */
async function cleanUp(pglite: PGlite, { prepared }: Client): Promise<void> {
  const { ready } = await run(pglite, clientMessage.sync());
  if (ready !== null && !isIdle(ready)) await run(pglite, clientMessage.query("rollback"));
  await run(pglite, clientMessage.query("reset role"));
  for (const name of prepared) await run(pglite, clientMessage.closeStatement(name));
  if (prepared.size > 0) await run(pglite, clientMessage.sync());
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function remove<T>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}
