/** What stands around every page of somebody who is signed in. */

import type { User } from "@supabase/auth-js";
import { MenuIcon } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Outlet, ScrollRestoration, useLoaderData, useLocation, useNavigation } from "react-router";

import { AccountButton } from "@/app/account-button";
import { Navigation } from "@/app/navigation";
import { Logo } from "@/components/logo";
import { ThemeButton } from "@/components/theme-button";
import { Button } from "@/components/ui/button";

// What opens comes after what is seen at once.
const AccountMenu = lazy(async () => ({
  default: (await import("@/app/account-menu")).AccountMenu,
}));
const NavigationSheet = lazy(async () => ({
  default: (await import("@/app/navigation-sheet")).NavigationSheet,
}));

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
          <Account isWide />
          <ThemeButton />
        </div>
      </aside>
      <header className="sticky top-0 z-30 flex h-14 items-center gap-1 border-b bg-background/95 px-2 backdrop-blur-sm sm:px-4 lg:hidden">
        <NavigationButton />
        <Logo className="mr-auto" />
        <ThemeButton />
        <Account />
      </header>
      <main id="content" ref={mainRef} tabIndex={-1} className="min-w-0 outline-none">
        <Outlet />
      </main>
      <ScrollRestoration />
    </div>
  );
}

function Account({ isWide = false }: { readonly isWide?: boolean }) {
  const { email = "" } = useLoaderData<User>();
  return (
    <Suspense fallback={<AccountButton email={email} isWide={isWide} disabled />}>
      <AccountMenu email={email} isWide={isWide} />
    </Suspense>
  );
}

function NavigationButton() {
  const [isOpen, setIsOpen] = useState<boolean | null>(null);
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Menu"
        aria-haspopup="dialog"
        aria-expanded={isOpen ?? false}
        onClick={() => setIsOpen(true)}
      >
        <MenuIcon aria-hidden="true" />
      </Button>
      {isOpen !== null && (
        <Suspense fallback={null}>
          <NavigationSheet open={isOpen} onOpenChange={setIsOpen} />
        </Suspense>
      )}
    </>
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
