/** Who may see which pages. The database decides what they see on them. */

import type { User } from "@supabase/auth-js";
import { createContext, type MiddlewareFunction, redirect } from "react-router";

import { paths, safeNext, withNext } from "@/lib/paths";
import { auth } from "@/lib/supabase";

export const userContext = createContext<User>();

async function currentUser(): Promise<User | null> {
  const { data, error } = await auth.getSession();
  // A session that could not be refreshed because the network is away is not a session that ended.
  if (error?.name === "AuthRetryableFetchError") throw error;
  return data.session?.user ?? null;
}

export const requireUser: MiddlewareFunction = async ({ request, context }, next) => {
  const user = await currentUser();
  if (!user) {
    const { pathname, search, hash } = new URL(request.url);
    // oxlint-disable-next-line typescript/only-throw-error -- how the router is told to go elsewhere
    throw redirect(withNext(paths.signIn, pathname + search + hash));
  }
  context.set(userContext, user);
  return next();
};

export const guestsOnly: MiddlewareFunction = async ({ request }, next) => {
  if (!(await currentUser())) return next();
  const { searchParams } = new URL(request.url);
  // oxlint-disable-next-line typescript/only-throw-error -- how the router is told to go elsewhere
  throw redirect(safeNext(searchParams.get("next")));
};
