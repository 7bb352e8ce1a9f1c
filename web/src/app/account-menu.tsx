import type { User } from "@supabase/supabase-js";
import { ChevronsUpDownIcon, CircleUserIcon, LogOutIcon } from "lucide-react";
import { Link, useRouteLoaderData } from "react-router";
import { toast } from "sonner";

import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { signOut } from "@/features/auth/auth-api";
import { describeError } from "@/lib/describe-error";
import { paths } from "@/lib/paths";

export function AccountMenu({ isWide = false }: { readonly isWide?: boolean }) {
  const user = useRouteLoaderData<User>("shell");
  const email = user?.email ?? "";
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        {isWide ? (
          <Button variant="ghost" className="min-w-0 flex-1 justify-start px-2 font-normal">
            <Initial email={email} />
            <span className="sr-only">Account menu of</span>
            <span className="truncate text-[0.8125rem]">{email}</span>
            <ChevronsUpDownIcon className="ml-auto text-muted-foreground" aria-hidden="true" />
          </Button>
        ) : (
          <Button variant="ghost" size="icon" aria-label={`Account menu of ${email}`}>
            <Initial email={email} />
          </Button>
        )}
      </DropdownMenuTrigger>
      <DropdownMenuContent align={isWide ? "start" : "end"} className="w-56">
        <DropdownMenuLabel className="truncate">{email}</DropdownMenuLabel>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link to={paths.account}>
            <CircleUserIcon aria-hidden="true" />
            Account
          </Link>
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => void leave()}>
          <LogOutIcon aria-hidden="true" />
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** `watchSession` takes it from there. */
async function leave(): Promise<void> {
  await signOut("local").catch((error: unknown) => toast.error(describeError(error)));
}

function Initial({ email }: { readonly email: string }) {
  return (
    <span
      data-initial={email.slice(0, 1)}
      className="inline-flex size-6 shrink-0 items-center justify-center rounded-full bg-mark text-xs font-semibold text-mark-foreground uppercase before:content-[attr(data-initial)/'']"
    />
  );
}
