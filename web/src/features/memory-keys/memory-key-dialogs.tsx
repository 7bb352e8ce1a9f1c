import { ConfirmDialog } from "@/components/confirm-dialog";
import { TextDialog } from "@/components/text-dialog";
import { formatNumber } from "@/lib/format";

import type { KeyDialog } from "./memory-key-row";
import { type MemoryKey, useChangeMemoryKey, useDeleteMemoryKey } from "./memory-keys-api";

type Props = {
  readonly memoryKey: MemoryKey;
  /** Which one is open. */
  readonly dialog: KeyDialog | null;
  readonly onClose: () => void;
};

/** One pair for the whole list, so that a row can go while its question is still on screen. */
export function MemoryKeyDialogs({ memoryKey, dialog, onClose }: Props) {
  const { mutate: change } = useChangeMemoryKey();
  const { mutate: remove } = useDeleteMemoryKey();
  const { id, name, memory_token_count: tokens } = memoryKey;
  return (
    <>
      <TextDialog
        open={dialog === "rename"}
        onOpenChange={onClose}
        title="Rename key"
        label="Name"
        value={name}
        requiredMessage="A key needs a name."
        onSave={(newName) => change({ id, name: newName })}
      />
      <ConfirmDialog
        open={dialog === "delete"}
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
