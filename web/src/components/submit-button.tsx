import type { ComponentProps } from "react";

import { Button } from "@/components/ui/button";
import { Spinner } from "@/components/ui/spinner";

type Props = ComponentProps<typeof Button> & { readonly isBusy: boolean };

/**
 * Sends its form, once. It stays focusable while busy, so that a keyboard keeps its place; the
 * second press is swallowed here.
 */
export function SubmitButton({ isBusy, children, onClick, ...props }: Props) {
  return (
    <Button
      type="submit"
      aria-disabled={isBusy}
      onClick={(event) => (isBusy ? event.preventDefault() : onClick?.(event))}
      {...props}
    >
      {isBusy && <Spinner />}
      {children}
    </Button>
  );
}
