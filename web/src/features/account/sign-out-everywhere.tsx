import { useState } from "react";

import { ConfirmDialog } from "@/components/confirm-dialog";
import { Button } from "@/components/ui/button";

type Props = { readonly onConfirm: () => Promise<void> };

export function SignOutEverywhere({ onConfirm }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section className="flex flex-col items-start gap-4">
      <div className="flex max-w-xl flex-col gap-1">
        <h2 className="font-semibold">Sessions</h2>
        <p className="text-muted-foreground">
          Lost a device, or signed in on one that is not yours? End every session of this account,
          this one included. Memory keys keep working.
        </p>
      </div>
      <Button variant="outline" onClick={() => setIsOpen(true)}>
        Sign out everywhere
      </Button>
      <ConfirmDialog
        open={isOpen}
        onOpenChange={setIsOpen}
        title="Sign out everywhere?"
        description="Every browser that is signed in to this account has to sign in again."
        confirmLabel="Sign out everywhere"
        onConfirm={onConfirm}
      />
    </section>
  );
}
