/** Every address inside the dashboard, and the way back to one after signing in. */

export const paths = {
  quickstart: "/",
  memoryKeys: "/memory-keys",
  providerKeys: "/provider-keys",
  account: "/account",
  signIn: "/sign-in",
  signUp: "/sign-up",
  forgotPassword: "/forgot-password",
  resetPassword: "/reset-password",
  authConfirm: "/auth/confirm",
  authCallback: "/auth/callback",
} as const;

/** Any origin will do: it only shows whether an address leaves it. */
const HERE = "https://here.invalid";

/**
 * Where to go after signing in: an address inside the dashboard, whatever was asked for.
 *
 * Browsers read `//host`, `/\host` and addresses with tabs in them as other hosts, so the
 * decision is left to the same parser that they use.
 */
export function safeNext(next: string | null): string {
  if (!next?.startsWith("/") || !URL.canParse(next, HERE)) return paths.quickstart;
  const { origin, pathname, search, hash } = new URL(next, HERE);
  // A path such as `/.//host` is on our origin here and on another once it is used again.
  if (origin !== HERE || pathname.startsWith("//")) return paths.quickstart;
  return pathname + search + hash;
}

/** The address of a page that leads to `next` once it is done with. */
export function withNext(path: string, next: string): string {
  return next === paths.quickstart ? path : `${path}?${new URLSearchParams({ next })}`;
}
