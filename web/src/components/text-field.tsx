import { type ComponentProps, type ReactNode, useId } from "react";

import { Field, FieldDescription, FieldError, FieldLabel } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

type Props = ComponentProps<typeof Input> & {
  readonly label: string;
  readonly description?: ReactNode;
  readonly error?: string | undefined;
  /** Stands at the end of the label's line. */
  readonly aside?: ReactNode;
  /** Stands inside the box, at its end. */
  readonly adornment?: ReactNode;
};

/** A line of text to fill in, tied to its label, its explanation and its error. */
export function TextField({ label, description, error, aside, adornment, ...props }: Props) {
  const id = useId();
  const described = [description && `${id}-description`, error && `${id}-error`].filter(Boolean);
  return (
    <Field>
      <div className="flex items-baseline justify-between gap-4">
        <FieldLabel htmlFor={id}>{label}</FieldLabel>
        {aside}
      </div>
      <div className="relative">
        <Input
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={described.length > 0 ? described.join(" ") : undefined}
          {...props}
        />
        {adornment}
      </div>
      {description && <FieldDescription id={`${id}-description`}>{description}</FieldDescription>}
      <FieldError id={`${id}-error`}>{error}</FieldError>
    </Field>
  );
}
