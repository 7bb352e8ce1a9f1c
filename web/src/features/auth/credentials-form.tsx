/**
 * E-mail and password on one card, with a link by mail as the other way.
 *
 * Both buttons belong to one form, so an address typed once serves either.
 */

import { zodResolver } from "@hookform/resolvers/zod";
import { MailIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod/mini";

import { FormError } from "@/components/form-error";
import { SubmitButton } from "@/components/submit-button";
import { TextField } from "@/components/text-field";
import { FieldGroup } from "@/components/ui/field";

import type { Credentials } from "./auth-api";
import { email, newPassword } from "./fields";
import { PasswordField } from "./password-field";

const schemas = {
  "current-password": z.object({
    email,
    password: z.string().check(z.minLength(1, "Enter your password.")),
  }),
  "new-password": z.object({ email, password: newPassword }),
} as const;

type Props = {
  readonly kind: keyof typeof schemas;
  readonly submitLabel: string;
  readonly onSubmit: (credentials: Credentials) => Promise<void>;
  readonly onMagicLink: (email: string) => Promise<void>;
  readonly passwordAside?: ReactNode;
  readonly passwordDescription?: string;
};

export function CredentialsForm(props: Props) {
  const { form, error, busyWith, submit, mail } = useCredentialsForm(props);
  const { errors } = form.formState;
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
          error={errors.email?.message}
          {...form.register("email", { setValueAs: (value: string) => value.trim() })}
        />
        <PasswordField
          label="Password"
          autoComplete={props.kind}
          aside={props.passwordAside}
          description={props.passwordDescription}
          error={errors.password?.message}
          {...form.register("password")}
        />
        <div className="flex flex-col gap-3">
          <SubmitButton size="lg" isBusy={busyWith === "password"}>
            {props.submitLabel}
          </SubmitButton>
          <SubmitButton
            type="button"
            variant="outline"
            size="lg"
            isBusy={busyWith === "link"}
            onClick={() => void mail()}
          >
            {busyWith !== "link" && <MailIcon aria-hidden="true" />}
            E-mail me a link instead
          </SubmitButton>
        </div>
      </FieldGroup>
    </form>
  );
}

/** Two ways to send one form, of which one may be under way. */
function useCredentialsForm({ kind, onSubmit, onMagicLink }: Props) {
  const [error, setError] = useState<unknown>(null);
  const [busyWith, setBusyWith] = useState<"password" | "link" | null>(null);
  const form = useForm({
    resolver: zodResolver(schemas[kind]),
    defaultValues: { email: "", password: "" },
  });

  const run = async (step: "password" | "link", action: () => Promise<void>) => {
    if (busyWith !== null) return;
    setBusyWith(step);
    setError(null);
    await action().catch(setError);
    setBusyWith(null);
  };

  const submit = form.handleSubmit((credentials) => run("password", () => onSubmit(credentials)));
  const mail = async () => {
    form.clearErrors("password");
    if (!(await form.trigger("email", { shouldFocus: true }))) return;
    await run("link", () => onMagicLink(form.getValues("email").trim()));
  };

  return { form, error, busyWith, submit, mail };
}
