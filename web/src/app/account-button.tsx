import { ChevronsUpDownIcon } from "lucide-react";
import type { ComponentProps } from "react";

import { Button } from "@/components/ui/button";

type Props = ComponentProps<typeof Button> & { readonly email: string; readonly isWide: boolean };

/** Opens the account menu; with the address where there is room for it. */
export function AccountButton({ email, isWide, ...props }: Props) {
  const initial = (
    <span
      data-initial={email.slice(0, 1)}
      className="inline-flex size-6 shrink-0 items-center justify-center rounded-full bg-mark text-xs font-semibold text-mark-foreground uppercase before:content-[attr(data-initial)/'']"
    />
  );
  if (!isWide) {
    return (
      <Button variant="ghost" size="icon" aria-label={`Account menu of ${email}`} {...props}>
        {initial}
      </Button>
    );
  }
  return (
    <Button
      variant="ghost"
      className="min-w-0 flex-1 justify-start px-2 font-normal disabled:opacity-100"
      {...props}
    >
      {initial}
      <span className="sr-only">Account menu of</span>
      <span className="truncate text-[0.8125rem]">{email}</span>
      <ChevronsUpDownIcon className="ml-auto text-muted-foreground" aria-hidden="true" />
    </Button>
  );
}
