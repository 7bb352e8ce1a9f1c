import { zodResolver } from "@hookform/resolvers/zod";
import { type ReactNode, useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import * as z from "zod/mini";

import { FormError } from "@/components/form-error";
import { SelectField } from "@/components/select-field";
import { SubmitButton } from "@/components/submit-button";
import { TextField } from "@/components/text-field";
import { FieldGroup } from "@/components/ui/field";

import { keyName } from "./key-name";
import { modeLabels } from "./key-state";
import { modes, type NewMemoryKey } from "./memory-keys-api";

const DAY_MS = 86_400_000;

const lifetimes = [
  { value: "", label: "Never" },
  { value: "7", label: "In 7 days" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
] as const;

const schema = z.object({
  name: keyName,
  mode: z.enum(modes),
  lifetimeDays: z.string(),
  tokenCap: z
    .string()
    .check(z.trim(), z.regex(/^\d{0,15}$/, "Enter a whole number, or leave it empty.")),
});

type Props = {
  readonly onSubmit: (key: NewMemoryKey) => Promise<void>;
  /** Stands beside the button that sends the form. */
  readonly cancel: ReactNode;
};

export function CreateKeyForm({ onSubmit, cancel }: Props) {
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { name: "", mode: "on" as const, lifetimeDays: "", tokenCap: "" },
  });
  const { errors, isSubmitting } = form.formState;
  const mode = useWatch({ control: form.control, name: "mode" });

  const submit = form.handleSubmit(async ({ lifetimeDays, tokenCap, ...key }) => {
    setError(null);
    const expiresAt = lifetimeDays ? inDays(Number(lifetimeDays)) : null;
    await onSubmit({ ...key, expiresAt, tokenCap: tokenCap ? Number(tokenCap) : null }).catch(
      setError,
    );
  });

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <FieldGroup>
        <FormError error={error} />
        <TextField
          label="Name"
          placeholder="support-bot"
          autoComplete="off"
          error={errors.name?.message}
          {...form.register("name")}
        />
        <SelectField
          label="Mode"
          description={modeLabels[mode].detail}
          options={modes.map((value) => ({ value, label: modeLabels[value].label }))}
          {...form.register("mode")}
        />
        <div className="grid gap-5 sm:grid-cols-2">
          <SelectField label="Expires" options={lifetimes} {...form.register("lifetimeDays")} />
          <TextField
            label="Monthly cap (optional)"
            inputMode="numeric"
            placeholder="No cap"
            autoComplete="off"
            description="Memory tokens stored per month."
            error={errors.tokenCap?.message}
            {...form.register("tokenCap")}
          />
        </div>
        <div className="flex flex-col-reverse gap-2 pt-1 sm:flex-row sm:justify-end">
          {cancel}
          <SubmitButton isBusy={isSubmitting}>Create key</SubmitButton>
        </div>
      </FieldGroup>
    </form>
  );
}

const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
