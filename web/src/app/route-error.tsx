/** What a page shows in its place when it could not be loaded or drawn. */

import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { RotateCwIcon } from "lucide-react";
import { useRevalidator, useRouteError } from "react-router";

import { Button } from "@/components/ui/button";
import { Spinner } from "@/components/ui/spinner";
import { describeError } from "@/lib/describe-error";

export function RouteError() {
  const error = useRouteError();
  const { reset } = useQueryErrorResetBoundary();
  const { revalidate, state } = useRevalidator();
  const isRetrying = state === "loading";

  const retry = () => {
    // Code that is gone since the last release comes back with a new document only.
    if (isMissingCode(error)) return window.location.reload();
    reset();
    void revalidate();
  };

  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-5 px-4 py-8 sm:px-8 lg:px-12 lg:py-12">
      <title>Not loaded · MemoryRouter</title>
      <div role="alert" className="flex max-w-xl flex-col gap-2">
        <h1 className="text-xl font-semibold">This page could not be loaded</h1>
        <p className="text-muted-foreground">{describeError(error)}</p>
      </div>
      <Button variant="outline" className="self-start" aria-disabled={isRetrying} onClick={retry}>
        {isRetrying ? <Spinner /> : <RotateCwIcon aria-hidden="true" />}
        Try again
      </Button>
    </div>
  );
}

function isMissingCode(error: unknown): boolean {
  return error instanceof TypeError && error.message.includes("module");
}
