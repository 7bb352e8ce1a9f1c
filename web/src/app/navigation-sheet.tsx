import { Navigation } from "@/app/navigation";
import { Logo } from "@/components/logo";
import { Sheet, SheetContent, SheetTitle } from "@/components/ui/sheet";

type Props = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** The navigation of a screen too narrow to keep it beside the page. */
export function NavigationSheet({ open, onOpenChange }: Props) {
  return (
    <Sheet open={open} onOpenChange={onOpenChange}>
      <SheetContent aria-describedby={undefined}>
        <SheetTitle className="flex h-14 items-center px-5">
          <Logo />
          <span className="sr-only">Menu</span>
        </SheetTitle>
        <div className="px-3 py-2">
          <Navigation onNavigate={() => onOpenChange(false)} />
        </div>
      </SheetContent>
    </Sheet>
  );
}
