/**
 * Signing up, in and out.
 *
 * What a stranger sees never depends on whether an address has an account: the same screen
 * follows either way, and refusals that would tell are treated as success. These are plain
 * functions rather than mutations, since a mutation keeps its variables, passwords among them.
 * Mailed links all lead to `/auth/confirm`, as the templates of the mails say.
 */

import { type AuthError, type EmailOtpType } from "@supabase/auth-js";

import { paths, withNext } from "@/lib/paths";
import { auth } from "@/lib/supabase";

export type Credentials = { readonly email: string; readonly password: string };

export type OAuthProvider = "google" | "github";

/** Codes that would say whether an address is known, or when it was last written to. */
const TELLING_CODES = ["user_already_exists", "email_exists", "over_email_send_rate_limit"];

function throwUnlessTelling(error: AuthError | null): void {
  if (error && !TELLING_CODES.includes(error.code ?? "")) throw error;
}

/** Resolves to whether somebody is signed in now; usually a mail has to be answered first. */
export async function signUp(credentials: Credentials): Promise<boolean> {
  const { data, error } = await auth.signUp(credentials);
  throwUnlessTelling(error);
  return data.session !== null;
}

export async function signIn(credentials: Credentials): Promise<void> {
  const { error } = await auth.signInWithPassword(credentials);
  if (error) throw error;
}

/** Sends a link that signs in, and makes the account where there is none. */
export async function sendMagicLink(email: string): Promise<void> {
  const { error } = await auth.signInWithOtp({ email });
  throwUnlessTelling(error);
}

export async function resendConfirmation(email: string): Promise<void> {
  const { error } = await auth.resend({ type: "signup", email });
  throwUnlessTelling(error);
}

export async function sendPasswordReset(email: string): Promise<void> {
  const { error } = await auth.resetPasswordForEmail(email);
  throwUnlessTelling(error);
}

export async function setPassword(password: string): Promise<void> {
  const { error } = await auth.updateUser({ password });
  if (error) throw error;
}

/** Leaves for the provider; it comes back to `/auth/callback`. */
export async function signInWith(provider: OAuthProvider, next: string): Promise<void> {
  const { error } = await auth.signInWithOAuth({
    provider,
    options: { redirectTo: window.location.origin + withNext(paths.authCallback, next) },
  });
  if (error) throw error;
}

/** Trades the code a provider sent back for a session, if this browser asked for it. */
export async function finishOAuth(code: string): Promise<void> {
  const { error } = await auth.exchangeCodeForSession(code);
  if (error) throw error;
}

/** Uses up the token of a mailed link. */
export async function confirmToken(tokenHash: string, type: EmailOtpType): Promise<void> {
  const { error } = await auth.verifyOtp({ token_hash: tokenHash, type });
  if (error) throw error;
}

/** Ends the session in this browser, or every session of this person. */
export async function signOut(scope: "local" | "global"): Promise<void> {
  const { error } = await auth.signOut({ scope });
  if (error) throw error;
}
