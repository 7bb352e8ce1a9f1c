/**
 * Leaves the page as soon as it belongs to somebody else, or to nobody.
 *
 * Signing out, in this tab or another, loads a fresh document: nothing of the person before
 * stays in memory, be it a cache, a form or a secret on screen. A session that was ended
 * elsewhere is noticed when somebody comes back to the tab.
 */

import type { QueryClient } from "@tanstack/react-query";

import { paths } from "@/lib/paths";
import { supabase } from "@/lib/supabase";

const RECHECK_AFTER_MS = 30_000;

export function watchSession(queryClient: QueryClient): void {
  let userId: string | null = null;
  supabase.auth.onAuthStateChange((_event, session) => {
    const before = userId;
    userId = session?.user.id ?? null;
    if (before === null || before === userId) return;
    queryClient.clear();
    window.location.replace(userId === null ? paths.signIn : paths.quickstart);
  });

  let checkedAt = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || userId === null) return;
    if (Date.now() - checkedAt < RECHECK_AFTER_MS) return;
    checkedAt = Date.now();
    void endRevokedSession();
  });

  // The browser may bring a page back as it was left, with what it showed then.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}

async function endRevokedSession(): Promise<void> {
  const { error } = await supabase.auth.getUser();
  if (error?.status === 401 || error?.status === 403) {
    await supabase.auth.signOut({ scope: "local" });
  }
}
