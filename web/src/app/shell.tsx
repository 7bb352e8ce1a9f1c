/** What stands around every page of somebody who is signed in. */

import { MenuIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";

import { AccountMenu } from "@/app/account-menu";
import { Navigation } from "@/app/navigation";
import { Logo } from "@/components/logo";
import { ThemeMenu } from "@/components/theme-menu";
import { Button } from "@/components/ui/button";
import { Sheet, SheetContent, SheetTitle, SheetTrigger } from "@/components/ui/sheet";

export function Shell() {
  const mainRef = useFocusOnNavigation();
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only rounded-md bg-primary px-4 py-2 text-sm font-medium text-primary-foreground focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50"
      >
        Skip to content
      </a>
      <Progress />
      <aside className="sticky top-0 hidden h-dvh flex-col gap-8 border-r bg-sidebar px-3 py-5 lg:flex">
        <Logo className="px-2" />
        <Navigation />
        <div className="mt-auto flex items-center gap-1">
          <AccountMenu isWide />
          <ThemeMenu />
        </div>
      </aside>
      <header className="sticky top-0 z-30 flex h-14 items-center gap-1 border-b bg-background/95 px-2 backdrop-blur-sm sm:px-4 lg:hidden">
        <NavigationSheet />
        <Logo className="mr-auto" />
        <ThemeMenu />
        <AccountMenu />
      </header>
      <main id="content" ref={mainRef} tabIndex={-1} className="min-w-0 outline-none">
        <Outlet />
      </main>
      <ScrollRestoration />
    </div>
  );
}

function NavigationSheet() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Sheet open={isOpen} onOpenChange={setIsOpen}>
      <SheetTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="Menu">
          <MenuIcon aria-hidden="true" />
        </Button>
      </SheetTrigger>
      <SheetContent aria-describedby={undefined}>
        <SheetTitle className="flex h-14 items-center px-5">
          <Logo />
          <span className="sr-only">Menu</span>
        </SheetTitle>
        <div className="px-3 py-2">
          <Navigation onNavigate={() => setIsOpen(false)} />
        </div>
      </SheetContent>
    </Sheet>
  );
}

/** A hairline while the next page's code is on its way, if that takes a moment. */
function Progress() {
  const { state } = useNavigation();
  if (state !== "loading") return null;
  return (
    <output className="after-a-moment fixed inset-x-0 top-0 z-50">
      <div className="h-0.5 w-full animate-pulse bg-primary" />
      <span className="sr-only">Loading</span>
    </output>
  );
}

/** A new page starts at its top for the keyboard and screen readers too. */
function useFocusOnNavigation() {
  const ref = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const previous = useRef(pathname);
  useEffect(() => {
    if (previous.current === pathname) return;
    previous.current = pathname;
    ref.current?.focus({ preventScroll: true });
  }, [pathname]);
  return ref;
}
