/** The dashboard: its cache, its pages, and the watch over whose they are. */

import { RouterProvider } from "react-router/dom";

import { Providers } from "@/app/providers";
import { createQueryClient } from "@/app/query-client";
import { createRouter } from "@/app/router";
import { watchSession } from "@/app/watch-session";

const queryClient = createQueryClient();
const session = watchSession(queryClient);
const router = createRouter(queryClient);
router.subscribe(session.recheck);

export function App() {
  return (
    <Providers queryClient={queryClient}>
      <RouterProvider router={router} />
    </Providers>
  );
}
