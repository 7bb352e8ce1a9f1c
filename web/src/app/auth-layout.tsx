/** What stands around signing in: the way in on one side, what it leads to on the other. */

import { Outlet } from "react-router";

import { Logo } from "@/components/logo";
import { ThemeButton } from "@/components/theme-button";
import { TwoLines } from "@/features/quickstart/two-lines";

export function AuthLayout() {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(28rem,5fr)_6fr]">
      <div className="flex flex-col px-5 py-6 sm:px-10">
        <header className="mx-auto flex w-full max-w-sm items-center justify-between">
          <Logo />
          <ThemeButton />
        </header>
        <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center py-12">
          <Outlet />
        </main>
      </div>
      <aside
        aria-label="What MemoryRouter does"
        className="hidden items-center border-l bg-sidebar px-12 py-16 lg:flex xl:px-20"
      >
        <TwoLines />
      </aside>
    </div>
  );
}
