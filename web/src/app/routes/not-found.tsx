import { Link } from "react-router";

import { Logo } from "@/components/logo";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

export function Component() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-6 px-6 py-12">
      <title>Not found · MemoryRouter</title>
      <Logo />
      <div className="flex flex-col gap-2">
        <h1 className="text-2xl font-semibold">Nothing remembered here</h1>
        <p className="text-muted-foreground">
          There is no page at <code className="break-all">{window.location.pathname}</code>. It may
          have moved, or the address has a slip in it.
        </p>
      </div>
      <Button asChild className="self-start">
        <Link to={paths.quickstart}>Go to the dashboard</Link>
      </Button>
    </main>
  );
}
