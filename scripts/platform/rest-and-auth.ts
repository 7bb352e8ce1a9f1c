/**
 * Supabase's REST and Auth on our database, with the three habits of the local implementation
 * that production does not share taken away.
 */

import { App, SmtpEmailDriver, type EmailDriver } from "@supabase/lite";
import { createPostgresConnection, type PostgresConnection } from "@supabase/lite/postgres";

import { LOOPBACK } from "./ports.ts";
import { textOfMail } from "./mail-text.ts";
import type { SupabaseConfig } from "./supabase-config.ts";

export type RestAndAuth = {
  readonly fetch: (request: Request, peerAddress: string | null) => Promise<Response>;
  /** Signs an account up without asking its owner to confirm the address. */
  readonly signUpConfirmed: (account: object) => Promise<Response>;
  /** Makes the tables and functions of the schema `auth`, before the first migration refers to them. */
  readonly ensureAuthSchema: () => Promise<void>;
  readonly forgetSchema: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type RestAndAuthOptions = {
  readonly databaseUrl: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly jwtSecret: string;
  readonly vaultRootKey: string;
  /** Where links in mails lead: the web app. */
  readonly siteUrl: string;
  /** Where this API is reached from outside. */
  readonly externalUrl: string;
  readonly smtpPort: number;
  readonly config: SupabaseConfig;
  readonly github: {
    readonly clientId: string;
    readonly secret: string;
    readonly url?: string;
  } | null;
};

export function createRestAndAuth(options: RestAndAuthOptions): RestAndAuth {
  const connection = createPostgresConnection({
    url: options.databaseUrl,
    postgresOptions: { max: 5, onnotice: () => {}, types: { json, jsonb } },
  });
  behaveAsHosted(connection, options.vaultRootKey);

  const mail = mailDriver(options.smtpPort);
  const app = createApp(connection, options, mail, {});
  // An instance of its own, since whether to ask for confirmation is a setting and not a parameter.
  const confirmed = createApp(connection, options, mail, { enable_confirmations: false });

  return {
    fetch: async (request, peerAddress) => app.fetch(request, { peerAddress }),
    signUpConfirmed: async (account) =>
      confirmed.fetch(
        new Request(`${options.externalUrl}/auth/v1/signup`, {
          method: "POST",
          headers: { apikey: options.secretKey, "content-type": "application/json" },
          body: JSON.stringify(account),
        }),
        { peerAddress: LOOPBACK },
      ),
    ensureAuthSchema: () => app.ensureSystemSchema(),
    forgetSchema: () => connection.clearSchemaCache(),
    // A request whose client has left may hold a connection for ever; the connection's own `close` would wait for it.
    close: () => connection.driver.end({ timeout: 2 }),
  };
}

function createApp(
  connection: PostgresConnection,
  options: RestAndAuthOptions,
  email: EmailDriver,
  override: { enable_confirmations?: boolean },
): App {
  const { config, github } = options;
  const { template, ...emailConfig } = config.auth.email;
  return withoutSecretsInErrors(
    () =>
      new App({
        connection,
        api: { external_url: options.externalUrl, max_rows: config.api.max_rows },
        db: { migrations: { enabled: false } },
        auth: {
          ...config.auth,
          enabled: true,
          jwt_secret: options.jwtSecret,
          publishable_key: options.publishableKey,
          secret_key: options.secretKey,
          site_url: options.siteUrl,
          additional_redirect_urls: [`${options.siteUrl}/**`],
          email: { ...emailConfig, ...override, template },
          external: {
            ...(github && {
              github: {
                enabled: true,
                client_id: github.clientId,
                secret: github.secret,
                ...(github.url !== undefined && { url: github.url }),
              },
            }),
          },
        },
        options: { drivers: { email } },
      }),
  );
}

/** The error for a setting that is not understood quotes all of them, the secrets among them. */
function withoutSecretsInErrors<T>(make: () => T): T {
  try {
    return make();
  } catch {
    throw new Error("The local Auth server does not understand its settings");
  }
}

/**
 * The templates of `config.toml` cover the HTML part alone, and the text part would carry a link
 * to a host that does not serve it. So the text is made from the HTML.
 */
function mailDriver(port: number): EmailDriver {
  const smtp = new SmtpEmailDriver({
    host: LOOPBACK,
    port,
    from: { name: "MemoryRouter", address: "no-reply@memoryrouter.local" },
    requireTls: false,
  });
  return {
    send: ({ to, subject, text, html }) => {
      const body = html === undefined ? text : textOfMail(html);
      return smtp.send({
        to,
        subject,
        ...(body !== undefined && { text: body }),
        ...(html !== undefined && { html }),
      });
    },
  };
}

/**
 * Documents arrive here written out already, and as shipped are written out once more: a function
 * would get a string that holds its object. Only what is no document is a string to be quoted.
 */
const writtenOnce = {
  serialize: (value: unknown) =>
    typeof value === "string" && isDocument(value) ? value : JSON.stringify(value),
  parse: (text: string) => JSON.parse(text) as unknown,
};

const json = { to: 114, from: [114], ...writtenOnce };
const jsonb = { to: 3802, from: [3802], ...writtenOnce };

function isDocument(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

type Executor = PostgresConnection["kysely"];

type RequestVars = {
  readonly auth?: { readonly role?: string; readonly uid?: string; readonly jwt?: unknown };
};

type RpcRequest = {
  readonly method: string;
  readonly path: string;
  readonly requestHeaders?: Readonly<Record<string, string>>;
};

/**
 * Replaces three of the connection's private methods.
 *
 * - As shipped it decides at the first request whether any table has row level security, runs
 *   everything as a superuser if none has, and else grants every role all tables of those schemas,
 *   `private` included. Our migrations grant what is needed; row level security is always on.
 * - As shipped each request spends a statement per setting. One statement sets them all, which
 *   takes a third off the time of a call.
 */
function behaveAsHosted(connection: PostgresConnection, vaultRootKey: string): void {
  Object.assign(connection, {
    ensureRlsContext: async () => true,
    applyJwtSessionContext: async (executor: Executor, { auth }: RequestVars) => {
      const role = auth?.role ?? "anon";
      await setLocally(executor, {
        "request.jwt.claim.sub": auth?.uid ?? "",
        "request.jwt.claim.role": role,
        "request.jwt.claims": JSON.stringify(auth?.jwt ?? { role }),
        // Opens the vault's stand-in for this transaction, and only for those who may ask it anything.
        "app.vault_root_key": role === "service_role" ? vaultRootKey : "",
        role,
      });
    },
    applyRpcRequestGucs: async (executor: Executor, request: RpcRequest) => {
      await setLocally(executor, {
        "response.status": "",
        "response.headers": "",
        "request.method": request.method,
        "request.path": request.path,
        "request.headers": JSON.stringify(request.requestHeaders ?? {}),
      });
    },
  });
}

/** Settings for the rest of the transaction, in one statement and in the order given. */
async function setLocally(
  executor: Executor,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  await executor
    .selectNoFrom((build) =>
      Object.entries(settings).map(([name, value], index) =>
        build
          .fn<string>("set_config", [build.val(name), build.val(value), build.lit(true)])
          .as(`setting_${index}`),
      ),
    )
    .execute();
}
