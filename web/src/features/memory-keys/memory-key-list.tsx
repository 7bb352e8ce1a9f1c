import { useState } from "react";

import { ConfirmDialog } from "@/components/confirm-dialog";
import { TextDialog } from "@/components/text-dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { formatNumber } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { cn } from "@/lib/utils";

import { type KeyDialog, MemoryKeyRow, rowColumns } from "./memory-key-row";
import { type MemoryKey, useChangeMemoryKey, useDeleteMemoryKey } from "./memory-keys-api";

type Asked = {
  readonly dialog: KeyDialog;
  readonly memoryKey: MemoryKey;
  readonly isOpen: boolean;
};

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
              onAsk={(dialog) => setAsked({ dialog, memoryKey, isOpen: true })}
            />
          ))}
        </ul>
      </div>
      {asked && <Dialogs asked={asked} onClose={() => setAsked({ ...asked, isOpen: false })} />}
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

/** One pair for the whole list, so that a row can go while its question is still on screen. */
function Dialogs({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const { mutate: change } = useChangeMemoryKey();
  const { mutate: remove } = useDeleteMemoryKey();
  const { dialog, isOpen } = asked;
  const { id, name, memory_token_count: tokens } = asked.memoryKey;
  return (
    <>
      <TextDialog
        open={isOpen && dialog === "rename"}
        onOpenChange={onClose}
        title="Rename key"
        label="Name"
        value={name}
        requiredMessage="A key needs a name."
        onSave={(newName) => change({ id, name: newName })}
      />
      <ConfirmDialog
        open={isOpen && dialog === "delete"}
        onOpenChange={onClose}
        title={`Delete ${name}?`}
        description={deletionNotice(tokens)}
        confirmLabel="Delete key"
        isDestructive
        phrase={tokens > 0 ? name : undefined}
        onConfirm={async () => {
          onClose();
          remove({ id });
        }}
      />
    </>
  );
}

function deletionNotice(tokens: number): string {
  const memories =
    tokens > 0
      ? `Its ${formatNumber(tokens)} tokens of memories are deleted with it, for good.`
      : "It holds no memories yet.";
  return `${memories} Requests with this key stop working within 60 seconds. To stop them for a while, disable it instead.`;
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
