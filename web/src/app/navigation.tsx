import { BrainIcon, CircleUserIcon, PlugIcon, RocketIcon } from "lucide-react";
import { NavLink } from "react-router";

import { cn } from "@/lib/utils";
import { paths } from "@/lib/paths";

const destinations = [
  { to: paths.quickstart, label: "Quickstart", icon: RocketIcon },
  { to: paths.memoryKeys, label: "Memory keys", icon: BrainIcon },
  { to: paths.providerKeys, label: "Provider keys", icon: PlugIcon },
  { to: paths.account, label: "Account", icon: CircleUserIcon },
] as const;

export function Navigation({ onNavigate }: { readonly onNavigate?: () => void }) {
  return (
    <nav aria-label="Main">
      <ul className="flex flex-col gap-0.5">
        {destinations.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <NavLink
              to={to}
              end
              onClick={onNavigate}
              className={({ isActive }) =>
                cn(
                  "group flex h-9 items-center gap-3 rounded-md px-2.5 text-sm font-medium outline-none focus-visible:outline-2 max-lg:h-11 max-lg:text-[0.9375rem]",
                  isActive
                    ? "bg-card text-foreground shadow-[inset_0_0_0_1px_var(--border)]"
                    : "text-muted-foreground hover:bg-accent hover:text-foreground",
                )
              }
            >
              <Icon
                className="size-4 group-aria-[current=page]:text-primary"
                strokeWidth={1.75}
                aria-hidden="true"
              />
              {label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
