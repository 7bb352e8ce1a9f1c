/**
 * Serves every Edge Function from one Deno process, as `deno serve` wants it: `/<name>/…` goes to
 * `supabase/functions/<name>/index.ts`, which is loaded when it is first asked for.
 *
 * The only file here that Deno runs. It needs nothing that Node does not have as well.
 */

import process from "node:process";
import { pathToFileURL } from "node:url";

type FunctionModule = {
  readonly default: { readonly fetch: (request: Request) => Response | Promise<Response> };
};

const folder = pathToFileURL(`${process.env["FUNCTIONS_FOLDER"]}/`);

const loaded = new Map<string, Promise<FunctionModule>>();

function load(name: string): Promise<FunctionModule> {
  const known = loaded.get(name);
  if (known) return known;
  const loading: Promise<FunctionModule> = import(new URL(`${name}/index.ts`, folder).href);
  // One that could not be loaded is tried again: its author is perhaps mending it.
  loading.catch(() => loaded.delete(name));
  loaded.set(name, loading);
  return loading;
}

async function fetch(request: Request): Promise<Response> {
  const [, name = ""] = new URL(request.url).pathname.split("/");
  if (name === "_health") return new Response("ok");
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return notFound();
  try {
    const { default: handler } = await load(name);
    return await handler.fetch(request);
  } catch (cause) {
    console.error(`Function ${name}:`, cause);
    if (isMissing(cause)) return notFound();
    return Response.json({ code: "WORKER_ERROR", message: "The function failed" }, { status: 500 });
  }
}

const isMissing = (cause: unknown) =>
  cause instanceof Error && /Module not found/.test(cause.message);

const notFound = () =>
  Response.json({ code: "NOT_FOUND", message: "There is no such function" }, { status: 404 });

// One function's forgotten promise must not end the others.
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  console.error("Unhandled rejection:", event.reason);
});

// Standard input stays open for as long as the parent lives.
process.stdin.on("end", () => process.exit(0));
process.stdin.resume();

// oxlint-disable-next-line import/no-default-export -- what `deno serve` looks for
export default { fetch };
