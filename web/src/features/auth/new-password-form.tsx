import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod/mini";

import { FormError } from "@/components/form-error";
import { SubmitButton } from "@/components/submit-button";
import { FieldGroup } from "@/components/ui/field";

import { newPassword } from "./fields";
import { PasswordField } from "./password-field";

const schema = z.object({ password: newPassword });

type Props = {
  /** Lets a password manager know whose password it is. */
  readonly email: string;
  readonly onSubmit: (password: string) => Promise<void>;
};

export function NewPasswordForm({ email, onSubmit }: Props) {
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { password: "" } });

  const submit = form.handleSubmit(async ({ password }) => {
    setError(null);
    await onSubmit(password).catch(setError);
  });

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <FieldGroup>
        <FormError error={error} />
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          description="At least 8 characters. A few words in a row are easier to keep than symbols."
          error={form.formState.errors.password?.message}
          {...form.register("password")}
        />
        <SubmitButton size="lg" isBusy={form.formState.isSubmitting}>
          Save password
        </SubmitButton>
      </FieldGroup>
    </form>
  );
}
