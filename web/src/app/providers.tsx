import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";

import { Notices } from "@/components/notices";

type Props = { readonly queryClient: QueryClient; readonly children: ReactNode };

/** What every page may rely on. */
export function Providers({ queryClient, children }: Props) {
  return (
    <QueryClientProvider client={queryClient}>
      <ThemeProvider
        attribute="class"
        // `public/theme.js` has done this before the first paint. As data, the script that
        // next-themes would inline is never run, and the security policy has nothing to block.
        scriptProps={{ type: "application/json" }}
      >
        {children}
        <Notices />
      </ThemeProvider>
    </QueryClientProvider>
  );
}
