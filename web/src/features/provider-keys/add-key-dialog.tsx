import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod/mini";

import { FormError } from "@/components/form-error";
import { RevealButton } from "@/components/reveal-button";
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
import { notify } from "@/lib/notify";
import { cn } from "@/lib/utils";

import { useAddProviderKey } from "./provider-keys-api";
import type { Provider } from "./providers";

const schema = z.object({
  secret: z.string().check(z.trim(), z.minLength(1, "Paste the key.")),
  nickname: z.string().check(z.trim(), z.maxLength(80, "Use at most 80 characters.")),
});

type Props = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly provider: Provider;
  /** Whether this key takes the place of another one. */
  readonly isReplacement: boolean;
};

export function AddKeyDialog({ open, onOpenChange, provider, isReplacement }: Props) {
  const { label, keysUrl } = provider;
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>
            {isReplacement ? `Replace the ${label} key` : `Add your ${label} key`}
          </DialogTitle>
          <DialogDescription>
            We try it with {label} before storing it. You find your keys in{" "}
            <a href={keysUrl} target="_blank" rel="noreferrer" className="link">
              {label}’s console
            </a>
            .
          </DialogDescription>
        </DialogHeader>
        <AddKeyForm provider={provider} onAdded={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

type FormProps = { readonly provider: Provider; readonly onAdded: () => void };

/** Mounted with the dialog: what was pasted is gone when it closes. */
function AddKeyForm({ provider, onAdded }: FormProps) {
  const [error, setError] = useState<unknown>(null);
  const [isShown, setIsShown] = useState(false);
  const addProviderKey = useAddProviderKey();
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { secret: "", nickname: "" },
  });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async (values) => {
    setError(null);
    try {
      const result = await addProviderKey({ provider: provider.id, ...values });
      if (result === "valid")
        notify("success", `${provider.label} accepted the key. It is stored.`);
      onAdded();
    } catch (cause) {
      setError(cause);
    }
  });

  return (
    <form noValidate className="flex flex-col gap-5" onSubmit={(event) => void submit(event)}>
      <FormError error={error} />
      <TextField
        label="Key"
        placeholder={provider.example}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        data-1p-ignore
        data-lpignore="true"
        className={cn("pr-10 font-mono text-sm", !isShown && "masked")}
        error={errors.secret?.message}
        adornment={<RevealButton label="Show key" isShown={isShown} onChange={setIsShown} />}
        {...form.register("secret")}
      />
      <TextField
        label="Nickname (optional)"
        placeholder="Production"
        autoComplete="off"
        error={errors.nickname?.message}
        {...form.register("nickname")}
      />
      <DialogFooter>
        <DialogClose asChild>
          <Button variant="outline">Cancel</Button>
        </DialogClose>
        <SubmitButton isBusy={isSubmitting}>
          {isSubmitting ? `Asking ${provider.label} …` : "Check and store"}
        </SubmitButton>
      </DialogFooter>
    </form>
  );
}
