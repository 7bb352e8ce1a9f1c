import { type QueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Link, useBlocker } from "react-router";

import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import {
  type CreatedMemoryKey,
  type MemoryKey,
  memoryKeysQuery,
} from "@/features/memory-keys/memory-keys-api";
import { type ProviderKey, providerKeysQuery } from "@/features/provider-keys/provider-keys-api";
import { providers } from "@/features/provider-keys/providers";
import { exampleModel } from "@/features/quickstart/example-model";
import { SnippetTabs } from "@/features/quickstart/snippet-tabs";
import { Step } from "@/features/quickstart/step";
import { env } from "@/lib/env";
import { paths } from "@/lib/paths";

const MakeKeyHere = lazy(async () => ({
  default: (await import("@/features/memory-keys/make-key-here")).MakeKeyHere,
}));

const ConfirmDialog = lazy(async () => ({
  default: (await import("@/components/confirm-dialog")).ConfirmDialog,
}));

/** Until the first request has arrived, the page looks for it this often. */
const LOOK_AGAIN_MS = 4_000;

export const loader = (queryClient: QueryClient) => () => {
  void queryClient.prefetchQuery(memoryKeysQuery);
  void queryClient.prefetchQuery(providerKeysQuery);
  return null;
};

export function Component() {
  return (
    <Page
      title="Quickstart"
      lead="Three steps to a model that remembers. Your program changes in two lines."
    >
      <Suspense fallback={<StepsSkeleton />}>
        <Steps />
      </Suspense>
    </Page>
  );
}

function Steps() {
  const { data: providerKeys } = useSuspenseQuery(providerKeysQuery);
  const { data: memoryKeys } = useSuspenseQuery({
    ...memoryKeysQuery,
    refetchInterval: ({ state }) => (lastUse(state.data ?? []) ? false : LOOK_AGAIN_MS),
  });
  const [fresh, setFresh] = useState<CreatedMemoryKey | null>(null);

  const usable = providerKeys.filter(({ is_active: isActive }) => isActive);
  const hasKey = memoryKeys.length > 0 && fresh === null;
  const usedAt = lastUse(memoryKeys);
  const done = [usable.length > 0, hasKey, usedAt !== null];
  const current = done.indexOf(false);

  return (
    <ol className="flex flex-col">
      <Step
        number={1}
        title="Add a provider key"
        isDone={usable.length > 0}
        isCurrent={current === 0}
      >
        <ProviderStep usable={usable} />
      </Step>
      <Step number={2} title="Make a memory key" isDone={hasKey} isCurrent={current === 1}>
        {hasKey ? (
          <KeysNote count={memoryKeys.length} />
        ) : (
          <Suspense fallback={<Skeleton className="after-a-moment h-16 w-full max-w-xl" />}>
            <MakeKeyHere created={fresh} onCreated={setFresh} onSaved={() => setFresh(null)} />
          </Suspense>
        )}
        <LeaveGuard isArmed={fresh !== null} />
      </Step>
      <Step
        number={3}
        title="Send your first request"
        isDone={usedAt !== null}
        isCurrent={current === 2}
      >
        <RequestStep usable={usable} fresh={fresh} usedAt={usedAt} />
      </Step>
    </ol>
  );
}

function ProviderStep({ usable }: { readonly usable: readonly ProviderKey[] }) {
  if (usable.length > 0) {
    const labels = providers
      .filter(({ id }) => usable.some(({ provider }) => provider === id))
      .map(({ label }) => label);
    return (
      <p className="text-muted-foreground">
        {new Intl.ListFormat("en").format(labels)} {labels.length === 1 ? "is" : "are"} connected.{" "}
        <Link to={paths.providerKeys} className="link">
          Provider keys
        </Link>
      </p>
    );
  }
  return (
    <>
      <p className="max-w-xl text-muted-foreground">
        Requests run on your own account at OpenAI, Anthropic or OpenRouter.
        {env.demoModel && (
          <>
            {" "}
            On this local stack you can do without: <code>{env.demoModel}</code> answers from memory
            alone.
          </>
        )}
      </p>
      <Button asChild variant="outline" className="self-start">
        <Link to={paths.providerKeys}>Add a provider key</Link>
      </Button>
    </>
  );
}

function KeysNote({ count }: { readonly count: number }) {
  return (
    <p className="text-muted-foreground">
      You have {count === 1 ? "one memory key" : `${count} memory keys`}.{" "}
      <Link to={paths.memoryKeys} className="link">
        Memory keys
      </Link>
    </p>
  );
}

type RequestStepProps = {
  readonly usable: readonly ProviderKey[];
  readonly fresh: CreatedMemoryKey | null;
  readonly usedAt: string | null;
};

function RequestStep({ usable, fresh, usedAt }: RequestStepProps) {
  const model = exampleModel(
    usable.map(({ provider }) => provider),
    env.demoModel,
  );
  return (
    <>
      <p className="max-w-xl text-muted-foreground">
        The marked lines are all that differs from a program without memory. Run it: the second
        question is asked in a session that was never told.
      </p>
      <SnippetTabs baseUrl={`${env.apiUrl}/v1`} model={model} secret={fresh?.key ?? null} />
      <output className="text-sm text-muted-foreground">
        {usedAt ? (
          <>
            A key was last used <RelativeTime at={usedAt} />.
          </>
        ) : (
          "Waiting for the first request. This page notices by itself."
        )}
      </output>
    </>
  );
}

/** Asks before a page is left that shows what cannot be shown again. */
function LeaveGuard({ isArmed }: { readonly isArmed: boolean }) {
  const blocker = useBlocker(isArmed);
  if (!isArmed) return null;
  return (
    <Suspense fallback={null}>
      <ConfirmDialog
        open={blocker.state === "blocked"}
        onOpenChange={() => blocker.reset?.()}
        title="Have you saved the key?"
        description="Once you leave this page, nobody can show it to you again."
        confirmLabel="Leave the page"
        onConfirm={async () => blocker.proceed?.()}
      />
    </Suspense>
  );
}

function lastUse(keys: readonly MemoryKey[]): string | null {
  return keys.reduce<string | null>((latest, { last_used_at: usedAt }) => {
    return usedAt !== null && (latest === null || usedAt > latest) ? usedAt : latest;
  }, null);
}

/** The steps' shape while they load. */
function StepsSkeleton() {
  return (
    <output className="after-a-moment flex flex-col gap-10">
      <span className="sr-only">Loading</span>
      {["h-16", "h-16", "h-96"].map((height, step) => (
        <div key={step} className="grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-5">
          <Skeleton className="size-7 rounded-full" />
          <div className="flex flex-col gap-4">
            <Skeleton className="h-7 w-44" />
            <Skeleton className={`${height} w-full max-w-2xl`} />
          </div>
        </div>
      ))}
    </output>
  );
}
