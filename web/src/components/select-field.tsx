import { type ComponentProps, type ReactNode, useId } from "react";

import { Field, FieldDescription, FieldLabel } from "@/components/ui/field";
import { NativeSelect } from "@/components/ui/native-select";

type Option = { readonly value: string; readonly label: string };

type Props = Omit<ComponentProps<typeof NativeSelect>, "children"> & {
  readonly label: string;
  readonly description?: ReactNode;
  readonly options: readonly Option[];
};

/** One of a few values, in the select that the reader's system brings. */
export function SelectField({ label, description, options, ...props }: Props) {
  const id = useId();
  return (
    <Field>
      <FieldLabel htmlFor={id}>{label}</FieldLabel>
      <NativeSelect
        id={id}
        aria-describedby={description ? `${id}-description` : undefined}
        {...props}
      >
        {options.map(({ value, label: optionLabel }) => (
          <option key={value} value={value}>
            {optionLabel}
          </option>
        ))}
      </NativeSelect>
      {description && <FieldDescription id={`${id}-description`}>{description}</FieldDescription>}
    </Field>
  );
}
