import { type QueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { LockKeyholeIcon } from "lucide-react";
import { Suspense } from "react";

import { Page } from "@/components/page";
import { ProviderList, ProviderListSkeleton } from "@/features/provider-keys/provider-list";
import { providerKeysQuery } from "@/features/provider-keys/provider-keys-api";

export const loader = (queryClient: QueryClient) => () => {
  void queryClient.prefetchQuery(providerKeysQuery);
  return null;
};

export function Component() {
  return (
    <Page
      title="Provider keys"
      lead="Requests run on your own accounts, at their prices. One key per provider serves all your memory keys."
    >
      <Suspense fallback={<ProviderListSkeleton />}>
        <Keys />
      </Suspense>
      <p className="flex max-w-2xl gap-3 text-sm text-muted-foreground">
        <LockKeyholeIcon className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
        <span>
          Stored encrypted: the database keeps each key under a root key that is not in the
          database, and opens it only to send your requests to that provider. It is never shown
          again, here or anywhere. A key that you disable or delete is out of use within 60 seconds.
        </span>
      </p>
    </Page>
  );
}

function Keys() {
  const { data: keys } = useSuspenseQuery(providerKeysQuery);
  return <ProviderList keys={keys} />;
}
