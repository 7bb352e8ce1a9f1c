import { type QueryClient, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { BrainIcon, PlusIcon } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";

import { EmptyState } from "@/components/empty-state";
import { Page } from "@/components/page";
import { Button } from "@/components/ui/button";
import { MemoryKeyList, MemoryKeyListSkeleton } from "@/features/memory-keys/memory-key-list";
import { memoryKeysQuery, mintedKeysCountQuery } from "@/features/memory-keys/memory-keys-api";
import { formatNumber } from "@/lib/format";

const CreateKeyDialog = lazy(async () => ({
  default: (await import("@/features/memory-keys/create-key-dialog")).CreateKeyDialog,
}));

export const loader = (queryClient: QueryClient) => () => {
  // Not awaited: the page comes at once, and shows the shape of what is on its way.
  void queryClient.prefetchQuery(memoryKeysQuery);
  return null;
};

export function Component() {
  const [isCreating, setIsCreating] = useState<boolean | null>(null);
  const createButton = (
    <Button onClick={() => setIsCreating(true)}>
      <PlusIcon aria-hidden="true" />
      Create key
    </Button>
  );
  const { data: keys = [] } = useQuery(memoryKeysQuery);
  return (
    <Page
      title="Memory keys"
      lead="A key opens one vault of memories, and only that one. Clients send it in place of a provider's key."
      action={keys.length > 0 && createButton}
    >
      <Suspense fallback={<MemoryKeyListSkeleton />}>
        <Keys createButton={createButton} />
      </Suspense>
      {isCreating !== null && (
        <Suspense fallback={null}>
          <CreateKeyDialog open={isCreating} onOpenChange={setIsCreating} />
        </Suspense>
      )}
    </Page>
  );
}

function Keys({ createButton }: { readonly createButton: ReactNode }) {
  const { data: keys } = useSuspenseQuery(memoryKeysQuery);
  if (keys.length === 0) {
    return (
      <EmptyState icon={BrainIcon} title="No keys yet" action={createButton}>
        Make a key, put it where your OpenAI key is, and conversations start to be remembered.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <MemoryKeyList keys={keys} />
      <p className="max-w-2xl text-sm text-muted-foreground">
        A key that you disable or delete stops working everywhere within 60 seconds. Disabling keeps
        its memories.
      </p>
      <MintedKeys />
    </div>
  );
}

function MintedKeys() {
  const { data: count = 0 } = useQuery(mintedKeysCountQuery);
  if (count === 0) return null;
  return (
    <p className="text-sm text-muted-foreground">
      Not listed here: {formatNumber(count)} {count === 1 ? "key" : "keys"} that your programs made
      through the API.
    </p>
  );
}
