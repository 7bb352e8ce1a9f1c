import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod/mini";

import { FormError } from "@/components/form-error";
import { SecretOnce } from "@/components/secret-once";
import { SubmitButton } from "@/components/submit-button";
import { TextField } from "@/components/text-field";
import { Button } from "@/components/ui/button";

import { keyName } from "./key-name";
import { type CreatedMemoryKey, useCreateMemoryKey } from "./memory-keys-api";

const schema = z.object({ name: keyName });

type Props = {
  readonly created: CreatedMemoryKey | null;
  readonly onCreated: (created: CreatedMemoryKey) => void;
  readonly onSaved: () => void;
};

/**
 * Makes a key with the usual settings, in the middle of a page rather than in a dialog. The page
 * holds the key, since what stands beside this shows it in use.
 */
export function MakeKeyHere({ created, onCreated, onSaved }: Props) {
  if (!created) return <MakeKeyForm onCreated={onCreated} />;
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="max-w-xl text-muted-foreground">
        Copy the key now and keep it where you keep secrets. We store only a hash of it, so nobody
        can show it to you again.
      </p>
      <div className="w-full">
        <SecretOnce secret={created.key} label="memory key" />
      </div>
      <Button variant="outline" size="sm" onClick={onSaved}>
        I have saved it
      </Button>
    </div>
  );
}

function MakeKeyForm({ onCreated }: Pick<Props, "onCreated">) {
  const [error, setError] = useState<unknown>(null);
  const createMemoryKey = useCreateMemoryKey();
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { name: "First key" } });

  const submit = form.handleSubmit(async ({ name }) => {
    setError(null);
    await createMemoryKey({ name, mode: "on", expiresAt: null, tokenCap: null }).then(
      onCreated,
      setError,
    );
  });

  return (
    <form
      noValidate
      className="flex max-w-xl flex-col gap-4"
      onSubmit={(event) => void submit(event)}
    >
      <FormError error={error} />
      <div className="flex flex-col gap-3 sm:flex-row sm:items-start">
        <div className="flex-1">
          <TextField
            label="Name"
            autoComplete="off"
            error={form.formState.errors.name?.message}
            {...form.register("name")}
          />
        </div>
        <SubmitButton className="sm:mt-[1.625rem]" isBusy={form.formState.isSubmitting}>
          Create key
        </SubmitButton>
      </div>
    </form>
  );
}
