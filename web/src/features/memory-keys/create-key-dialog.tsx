import { useState } from "react";

import { SecretOnce } from "@/components/secret-once";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";

import { CreateKeyForm } from "./create-key-form";
import { type CreatedMemoryKey, useCreateMemoryKey } from "./memory-keys-api";

type Props = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/**
 * Makes a key, then shows it. The key lives in this component's state and is gone with the
 * dialog, which an accidental click or Escape therefore does not close. It must not stand inside
 * anything that a longer list of keys takes away.
 */
export function CreateKeyDialog({ open, onOpenChange }: Props) {
  const [created, setCreated] = useState<CreatedMemoryKey | null>(null);
  const createMemoryKey = useCreateMemoryKey();

  const change = (isOpen: boolean) => {
    onOpenChange(isOpen);
    if (!isOpen) setCreated(null);
  };
  const stayWhileShown = (event: Event) => {
    if (created) event.preventDefault();
  };

  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent
        showCloseButton={!created}
        onEscapeKeyDown={stayWhileShown}
        onInteractOutside={stayWhileShown}
      >
        {created ? (
          <ShowKey created={created} />
        ) : (
          <>
            <DialogHeader>
              <DialogTitle>Create a memory key</DialogTitle>
              <DialogDescription>
                Each key has memories of its own. Use one per app, or one per end user.
              </DialogDescription>
            </DialogHeader>
            <CreateKeyForm
              onSubmit={async (key) => setCreated(await createMemoryKey(key))}
              cancel={
                <DialogClose asChild>
                  <Button variant="outline">Cancel</Button>
                </DialogClose>
              }
            />
          </>
        )}
      </DialogContent>
    </Dialog>
  );
}

function ShowKey({ created }: { readonly created: CreatedMemoryKey }) {
  return (
    <>
      <DialogHeader>
        <DialogTitle>{created.name} is ready</DialogTitle>
        <DialogDescription>
          Copy the key now and keep it where you keep secrets. We store only a hash of it, so nobody
          can show it to you again.
        </DialogDescription>
      </DialogHeader>
      <SecretOnce secret={created.key} label="memory key" />
      <DialogFooter>
        <DialogClose asChild>
          <Button>I have saved it</Button>
        </DialogClose>
      </DialogFooter>
    </>
  );
}
