import { EllipsisIcon, type LucideIcon } from "lucide-react";
import { lazy, Suspense } from "react";

import { Button } from "@/components/ui/button";

export type RowAction = {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly isDestructive?: boolean;
  readonly onSelect: () => void;
};

type Props = {
  /** What the row is about. */
  readonly name: string;
  readonly actions: readonly RowAction[];
};

const OpenableMenu = lazy(async () => ({
  default: (await import("@/components/openable-row-menu")).OpenableRowMenu,
}));

/** What else can be done with a row. The menu's code follows the page that it stands on. */
export function RowMenu(props: Props) {
  return (
    <Suspense fallback={<RowMenuButton name={props.name} disabled />}>
      <OpenableMenu {...props} />
    </Suspense>
  );
}

type ButtonProps = React.ComponentProps<typeof Button> & { readonly name: string };

export function RowMenuButton({ name, ...props }: ButtonProps) {
  return (
    <Button variant="ghost" size="icon-sm" aria-label={`More for ${name}`} {...props}>
      <EllipsisIcon aria-hidden="true" />
    </Button>
  );
}
