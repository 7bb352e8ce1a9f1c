import { useState } from "react";

import { ConfirmDialog } from "@/components/confirm-dialog";
import { TextDialog } from "@/components/text-dialog";
import { Skeleton } from "@/components/ui/skeleton";

import { AddKeyDialog } from "./add-key-dialog";
import { type ProviderKey, useChangeProviderKey, useDeleteProviderKey } from "./provider-keys-api";
import { type ProviderDialog, ProviderRow } from "./provider-row";
import { type Provider, providers } from "./providers";

type Asked = {
  readonly dialog: ProviderDialog;
  readonly provider: Provider;
  readonly providerKey: ProviderKey | undefined;
  readonly isOpen: boolean;
};

export function ProviderList({ keys }: { readonly keys: readonly ProviderKey[] }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <>
      <ul aria-label="Providers" className="divide-y rounded-xl border bg-card">
        {providers.map((provider) => {
          const providerKey = keys.find((key) => key.provider === provider.id);
          return (
            <ProviderRow
              key={provider.id}
              provider={provider}
              providerKey={providerKey}
              onAsk={(dialog) => setAsked({ dialog, provider, providerKey, isOpen: true })}
            />
          );
        })}
      </ul>
      {asked && <Dialogs asked={asked} onClose={() => setAsked({ ...asked, isOpen: false })} />}
    </>
  );
}

function Dialogs({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const { mutate: change } = useChangeProviderKey();
  const { mutate: remove } = useDeleteProviderKey();
  const { dialog, provider, providerKey, isOpen } = asked;
  return (
    <>
      <AddKeyDialog
        open={isOpen && dialog === "add"}
        onOpenChange={onClose}
        provider={provider}
        isReplacement={providerKey !== undefined}
      />
      {providerKey && (
        <>
          <TextDialog
            open={isOpen && dialog === "nickname"}
            onOpenChange={onClose}
            title={`Nickname of the ${provider.label} key`}
            label="Nickname"
            description="For your eyes only. Leave it empty to have none."
            value={providerKey.nickname ?? ""}
            onSave={(nickname) => change({ id: providerKey.id, nickname: nickname || null })}
          />
          <ConfirmDialog
            open={isOpen && dialog === "delete"}
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

/** The list's shape while it loads. */
export function ProviderListSkeleton() {
  return (
    <output className="after-a-moment block divide-y rounded-xl border bg-card">
      <span className="sr-only">Loading provider keys</span>
      {providers.map(({ id }) => (
        <div key={id} className="flex h-[4.75rem] items-center justify-between gap-6 px-5">
          <div className="flex flex-col gap-2">
            <Skeleton className="h-5 w-28" />
            <Skeleton className="h-4 w-40" />
          </div>
          <Skeleton className="h-9 w-24" />
        </div>
      ))}
    </output>
  );
}
