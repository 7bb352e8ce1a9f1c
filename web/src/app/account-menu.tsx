import { CircleUserIcon, LogOutIcon } from "lucide-react";
import { Link } from "react-router";

import { AccountButton } from "@/app/account-button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { signOut } from "@/features/auth/auth-api";
import { notifyError } from "@/lib/notify";
import { paths } from "@/lib/paths";

type Props = { readonly email: string; readonly isWide: boolean };

export function AccountMenu({ email, isWide }: Props) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <AccountButton email={email} isWide={isWide} />
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
        <DropdownMenuItem
          // `watchSession` takes it from there.
          onSelect={() => void signOut("local").catch(notifyError)}
        >
          <LogOutIcon aria-hidden="true" />
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
