import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod/mini";

import { FormError } from "@/components/form-error";
import { SubmitButton } from "@/components/submit-button";
import { TextField } from "@/components/text-field";
import { FieldGroup } from "@/components/ui/field";

import { email } from "./fields";

const schema = z.object({ email });

type Props = {
  readonly submitLabel: string;
  readonly onSubmit: (email: string) => Promise<void>;
};

/** An address to write to. */
export function EmailForm({ submitLabel, onSubmit }: Props) {
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { email: "" } });

  const submit = form.handleSubmit(async (values) => {
    setError(null);
    await onSubmit(values.email).catch(setError);
  });

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <FieldGroup>
        <FormError error={error} />
        <TextField
          label="E-mail"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          error={form.formState.errors.email?.message}
          {...form.register("email", { setValueAs: (value: string) => value.trim() })}
        />
        <SubmitButton size="lg" isBusy={form.formState.isSubmitting}>
          {submitLabel}
        </SubmitButton>
      </FieldGroup>
    </form>
  );
}
