import type { ComponentProps } from "react";

import { type RowMenu, RowMenuButton } from "@/components/row-menu";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";

export function OpenableRowMenu({ name, actions }: ComponentProps<typeof RowMenu>) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <RowMenuButton name={name} />
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        {actions.map(({ label, icon: Icon, isDestructive, onSelect }) => (
          <DropdownMenuItem
            key={label}
            variant={isDestructive ? "destructive" : "default"}
            onSelect={onSelect}
          >
            <Icon aria-hidden="true" />
            {label}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
