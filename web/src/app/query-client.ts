/** Caching and failure policy for everything the dashboard reads. */

import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

import { isSessionOver } from "@/lib/describe-error";
import { notifyError } from "@/lib/notify";
import { auth } from "@/lib/supabase";

export function createQueryClient() {
  return new QueryClient({
    defaultOptions: { queries: { staleTime: 30_000, retry: 1 } },
    // The first load of a query is its error boundary's to report. A toast is for what
    // fails while there is still something on screen.
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (isSessionOver(error)) return endSession();
        if (query.state.data !== undefined) notifyError(error);
      },
    }),
    mutationCache: new MutationCache({
      onError: (error) => {
        if (isSessionOver(error)) return endSession();
        notifyError(error);
      },
    }),
  });
}

/** Forgets the session on this side; `watchSession` does what follows from that. */
function endSession() {
  void auth.signOut({ scope: "local" });
}
