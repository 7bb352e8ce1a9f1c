/**
 * A sentence for every error that can reach a person, saying what to do next.
 *
 * Only our own functions write messages meant for readers. Everybody else's are translated
 * by their code, and what has no translation keeps its code, so that support can look it up.
 */

import { AuthError, AuthRetryableFetchError } from "@supabase/auth-js";
import * as z from "zod/mini";

import { FunctionError } from "@/lib/function-error";

const OFFLINE = "The server could not be reached. Check your connection and try again.";

const authSentences: Readonly<Record<string, string>> = {
  invalid_credentials: "That e-mail and password do not belong together.",
  email_not_confirmed: "Confirm your address first: open the link in the mail we sent you.",
  weak_password: "Choose a longer or less common password.",
  same_password: "That is the password you already have. Choose another one.",
  otp_expired: "This link has expired or was used before. Ask for a new one.",
  email_address_invalid: "Mail cannot be sent to this address. Check its spelling.",
  over_request_rate_limit: "Too many tries in a short time. Wait a few minutes and try again.",
  over_email_send_rate_limit: "A mail was sent a moment ago. Wait a minute before the next one.",
  signup_disabled: "New accounts cannot be made at the moment.",
  user_banned: "This account is blocked. Write to support to find out why.",
  session_not_found: "Your session has ended. Sign in again.",
  refresh_token_not_found: "Your session has ended. Sign in again.",
  flow_state_expired: "Signing in took too long. Start again.",
  flow_state_not_found: "This sign-in was started in another browser. Start again here.",
  pkce_code_verifier_not_found: "This sign-in was started in another browser. Start again here.",
  provider_disabled: "This way of signing in is switched off.",
};

const databaseSentences: Readonly<Record<string, string>> = {
  "42501": "This account may not do that. Reload the page and try again.",
  "23505": "There is one with that name already. Choose another name.",
  "57014": "That took too long and was stopped. Try again.",
  PGRST301: "Your session has ended. Sign in again.",
  PGRST303: "Your session has ended. Sign in again.",
};

const codedSchema = z.looseObject({ code: z.string(), message: z.string() });

export function describeError(error: unknown): string {
  if (error instanceof FunctionError) return error.message;
  if (error instanceof AuthRetryableFetchError) return OFFLINE;
  if (error instanceof AuthError) return translate(authSentences, error.code ?? error.name);
  const coded = codedSchema.safeParse(error);
  if (coded.success) return describeCoded(coded.data);
  return isOffline(error) ? OFFLINE : translate({}, nameOf(error));
}

/** The database speaks to readers in its own words under codes that begin with PT. */
function describeCoded({ code, message }: z.output<typeof codedSchema>): string {
  if (code.startsWith("PT")) return message;
  // postgrest-js reports a failed fetch as an error without a code.
  if (code === "") return OFFLINE;
  return translate(databaseSentences, code);
}

function translate(sentences: Readonly<Record<string, string>>, code: string): string {
  return (
    sentences[code] ?? `That did not work (${code}). Try again; if it stays, write to support.`
  );
}

/** Each browser words it differently; all of them use a TypeError. */
function isOffline(error: unknown): boolean {
  return error instanceof TypeError && /fetch|network|load failed/i.test(error.message);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown_error";
}

/** The session is over for good, and asking again will not help. */
export function isSessionOver(error: unknown): boolean {
  if (error instanceof FunctionError) return error.code === "unauthorized";
  const coded = codedSchema.safeParse(error);
  return coded.success && ["PGRST301", "PGRST303"].includes(coded.data.code);
}
