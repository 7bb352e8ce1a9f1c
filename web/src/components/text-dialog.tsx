import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import * as z from "zod/mini";

import { TextField } from "@/components/text-field";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";

type FormProps = {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  /** Refuses to save nothing, in these words. */
  readonly requiredMessage?: string;
  readonly onSave: (value: string) => void;
};

type Props = FormProps & {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
};

/** Asks for one line of text, such as a new name. */
export function TextDialog({ open, onOpenChange, title, onSave, ...form }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent className="max-w-md" aria-describedby={undefined}>
        <DialogHeader>
          <DialogTitle>{title}</DialogTitle>
        </DialogHeader>
        <TextForm
          {...form}
          onSave={(value) => {
            onSave(value);
            onOpenChange(false);
          }}
        />
      </DialogContent>
    </Dialog>
  );
}

/** Mounted with the dialog, so that each opening starts with the value as it is. */
function TextForm({ label, description, value, requiredMessage, onSave }: FormProps) {
  const text = z.string().check(z.trim(), z.maxLength(80, "Use at most 80 characters."));
  const form = useForm({
    resolver: zodResolver(
      z.object({ text: requiredMessage ? text.check(z.minLength(1, requiredMessage)) : text }),
    ),
    defaultValues: { text: value },
  });
  const submit = form.handleSubmit((values) => onSave(values.text));
  return (
    <form noValidate className="flex flex-col gap-5" onSubmit={(event) => void submit(event)}>
      <TextField
        label={label}
        description={description}
        autoComplete="off"
        error={form.formState.errors.text?.message}
        {...form.register("text")}
      />
      <DialogFooter>
        <DialogClose asChild>
          <Button variant="outline">Cancel</Button>
        </DialogClose>
        <Button type="submit">Save</Button>
      </DialogFooter>
    </form>
  );
}
