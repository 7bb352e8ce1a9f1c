/**
 * The whole page when the dashboard cannot start.
 *
 * It stands outside of everything else, so it needs nothing that could be missing.
 */

import { Logo } from "@/components/logo";
import { Button } from "@/components/ui/button";

export function Unavailable() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-6 px-6 py-12">
      <title>Unavailable · MemoryRouter</title>
      <Logo />
      <div role="alert" className="flex flex-col gap-2">
        <h1 className="text-2xl font-semibold">The dashboard cannot start</h1>
        <p className="text-muted-foreground">
          Its configuration, <code>/config.json</code>, is missing or not valid. Your keys and
          memories are not affected, and the API keeps answering. Try again in a minute.
        </p>
      </div>
      <Button className="self-start" onClick={() => window.location.reload()}>
        Try again
      </Button>
    </main>
  );
}
