import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type Props = {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly action: ReactNode;
};

/** A list that has nothing in it yet: what would stand here, and how to get there. */
export function EmptyState({ icon: Icon, title, children, action }: Props) {
  return (
    <div className="flex flex-col items-start gap-4 rounded-xl border border-dashed border-input/50 px-6 py-10 sm:px-10 sm:py-14">
      <Icon className="size-6 text-primary" strokeWidth={1.75} aria-hidden="true" />
      <div className="flex max-w-lg flex-col gap-1">
        <h2 className="font-semibold">{title}</h2>
        <p className="text-muted-foreground">{children}</p>
      </div>
      {action}
    </div>
  );
}
