import { ConfirmDialog } from "@/components/confirm-dialog";
import { TextDialog } from "@/components/text-dialog";

import { AddKeyDialog } from "./add-key-dialog";
import { type ProviderKey, useChangeProviderKey, useDeleteProviderKey } from "./provider-keys-api";
import type { ProviderDialog } from "./provider-row";
import type { Provider } from "./providers";

type Props = {
  readonly provider: Provider;
  readonly providerKey: ProviderKey | undefined;
  /** Which one is open. */
  readonly dialog: ProviderDialog | null;
  readonly onClose: () => void;
};

/** One set for the whole list, so that a row can change while its question is still on screen. */
export function ProviderDialogs({ provider, providerKey, dialog, onClose }: Props) {
  const { mutate: change } = useChangeProviderKey();
  const { mutate: remove } = useDeleteProviderKey();
  return (
    <>
      <AddKeyDialog
        open={dialog === "add"}
        onOpenChange={onClose}
        provider={provider}
        isReplacement={providerKey !== undefined}
      />
      {providerKey && (
        <>
          <TextDialog
            open={dialog === "nickname"}
            onOpenChange={onClose}
            title={`Nickname of the ${provider.label} key`}
            label="Nickname"
            description="For your eyes only. Leave it empty to have none."
            value={providerKey.nickname ?? ""}
            onSave={(nickname) => change({ id: providerKey.id, nickname: nickname || null })}
          />
          <ConfirmDialog
            open={dialog === "delete"}
            onOpenChange={onClose}
            title={`Delete the ${provider.label} key?`}
            description={`We forget it completely, and requests for ${provider.label}'s models fail within 60 seconds. The key itself stays valid at ${provider.label}.`}
            confirmLabel="Delete key"
            isDestructive
            onConfirm={async () => {
              onClose();
              remove({ id: providerKey.id });
            }}
          />
        </>
      )}
    </>
  );
}
