import { type ReactNode, useState } from "react";

import { FormError } from "@/components/form-error";
import { SubmitButton } from "@/components/submit-button";
import { TextField } from "@/components/text-field";
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

type Props = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description: ReactNode;
  readonly confirmLabel: string;
  readonly isDestructive?: boolean;
  /** What has to be typed first, when a slip would cost too much. */
  readonly phrase?: string | undefined;
  /** Does it, and closes the dialog, which stays with the reason when this rejects. */
  readonly onConfirm: () => Promise<void>;
};

/** The question before what cannot be taken back. */
export function ConfirmDialog({ open, onOpenChange, title, description, ...question }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent role="alertdialog" className="max-w-md">
        <DialogHeader>
          <DialogTitle>{title}</DialogTitle>
          <DialogDescription>{description}</DialogDescription>
        </DialogHeader>
        <Question {...question} />
      </DialogContent>
    </Dialog>
  );
}

type QuestionProps = Pick<Props, "confirmLabel" | "isDestructive" | "phrase" | "onConfirm">;

/** Mounted with the dialog, so that each opening starts afresh. */
function Question({ confirmLabel, isDestructive, phrase, onConfirm }: QuestionProps) {
  const [typed, setTyped] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [mismatch, setMismatch] = useState<string>();

  const confirm = async () => {
    if (phrase !== undefined && typed.trim() !== phrase.trim()) {
      return setMismatch(`That is not the name. Type ${phrase} to go on.`);
    }
    setIsBusy(true);
    setError(null);
    try {
      await onConfirm();
    } catch (cause) {
      setError(cause);
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <form
      noValidate
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
    >
      <FormError error={error} />
      {phrase !== undefined && (
        <TextField
          label={`Type ${phrase} to confirm`}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          error={mismatch}
          onChange={(event) => {
            setTyped(event.target.value);
            setMismatch(undefined);
          }}
        />
      )}
      <DialogFooter>
        <DialogClose asChild>
          <Button variant="outline">Cancel</Button>
        </DialogClose>
        <SubmitButton variant={isDestructive ? "destructive" : "default"} isBusy={isBusy}>
          {confirmLabel}
        </SubmitButton>
      </DialogFooter>
    </form>
  );
}
