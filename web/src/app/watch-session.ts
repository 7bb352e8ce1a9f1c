/**
 * Leaves the page as soon as it belongs to somebody else, or to nobody.
 *
 * Signing out, in this tab or another, loads a fresh document: nothing of the person before
 * stays in memory, be it a cache, a form or a secret on screen. A session that was ended
 * elsewhere is noticed when somebody goes to another page or comes back to the tab.
 */

import type { QueryClient } from "@tanstack/react-query";

import { paths } from "@/lib/paths";
import { auth } from "@/lib/supabase";

const RECHECK_AFTER_MS = 30_000;

export type SessionWatch = {
  /** Asks whether the session still stands, unless that was asked a moment ago. */
  readonly recheck: () => void;
};

export function watchSession(queryClient: QueryClient): SessionWatch {
  let userId: string | null = null;
  let checkedAt = Date.now();

  auth.onAuthStateChange((_event, session) => {
    const before = userId;
    userId = session?.user.id ?? null;
    if (before === null || before === userId) return;
    queryClient.clear();
    window.location.replace(userId === null ? paths.signIn : paths.quickstart);
  });

  const recheck = () => {
    if (userId === null || Date.now() - checkedAt < RECHECK_AFTER_MS) return;
    checkedAt = Date.now();
    void endRevokedSession();
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") recheck();
  });

  // The browser may bring a page back as it was left, with what it showed then.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });

  return { recheck };
}

/** A token outlives its session at the database, so Auth is asked. */
async function endRevokedSession(): Promise<void> {
  const { error } = await auth.getUser();
  if (error?.status === 401 || error?.status === 403) await auth.signOut({ scope: "local" });
}
