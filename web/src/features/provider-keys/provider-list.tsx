import { lazy, Suspense, useState } from "react";

import { Skeleton } from "@/components/ui/skeleton";

import type { ProviderKey } from "./provider-keys-api";
import { type ProviderDialog, ProviderRow } from "./provider-row";
import { type Provider, providers } from "./providers";

type Asked = {
  readonly dialog: ProviderDialog | null;
  readonly provider: Provider;
  readonly providerKey: ProviderKey | undefined;
};

const ProviderDialogs = lazy(async () => ({
  default: (await import("./provider-dialogs")).ProviderDialogs,
}));

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
              onAsk={(dialog) => setAsked({ dialog, provider, providerKey })}
            />
          );
        })}
      </ul>
      {asked && (
        <Suspense fallback={null}>
          <ProviderDialogs {...asked} onClose={() => setAsked({ ...asked, dialog: null })} />
        </Suspense>
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
