import { lazy, Suspense, useState } from "react";

import { Skeleton } from "@/components/ui/skeleton";
import { useNow } from "@/lib/use-now";
import { cn } from "@/lib/utils";

import { type KeyDialog, MemoryKeyRow, rowColumns } from "./memory-key-row";
import type { MemoryKey } from "./memory-keys-api";

type Asked = { readonly dialog: KeyDialog | null; readonly memoryKey: MemoryKey };

const MemoryKeyDialogs = lazy(async () => ({
  default: (await import("./memory-key-dialogs")).MemoryKeyDialogs,
}));

export function MemoryKeyList({ keys }: { readonly keys: readonly MemoryKey[] }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const now = useNow();
  return (
    <>
      <div className="rounded-xl border bg-card">
        <ColumnHeadings />
        <ul aria-label="Memory keys" className="divide-y">
          {keys.map((memoryKey) => (
            <MemoryKeyRow
              key={memoryKey.id}
              memoryKey={memoryKey}
              now={now}
              onAsk={(dialog) => setAsked({ dialog, memoryKey })}
            />
          ))}
        </ul>
      </div>
      {asked && (
        <Suspense fallback={null}>
          <MemoryKeyDialogs {...asked} onClose={() => setAsked({ ...asked, dialog: null })} />
        </Suspense>
      )}
    </>
  );
}

const headings = ["Key", "Mode", "Memory", "Last used", "Created", "State"];

/** For the eye: each row says the same of itself. */
function ColumnHeadings() {
  return (
    <div
      aria-hidden="true"
      className={cn(
        "hidden border-b px-5 py-2.5 text-[0.8125rem] text-muted-foreground lg:grid",
        rowColumns,
      )}
    >
      {headings.map((heading) => (
        <span key={heading}>{heading}</span>
      ))}
    </div>
  );
}

/** The list's shape while it loads. */
export function MemoryKeyListSkeleton() {
  return (
    <output className="after-a-moment block divide-y rounded-xl border bg-card">
      <span className="sr-only">Loading memory keys</span>
      <div className="hidden h-10 lg:block" />
      {[0, 1, 2].map((row) => (
        <div
          key={row}
          className="flex h-[9.5rem] items-start justify-between gap-6 px-5 py-4 lg:h-[4.75rem]"
        >
          <div className="flex flex-col gap-2">
            <Skeleton className="h-5 w-36" />
            <Skeleton className="h-4 w-44" />
          </div>
          <Skeleton className="h-6 w-16" />
        </div>
      ))}
    </output>
  );
}
