import type { ReactNode } from "react";

type Props = {
  readonly title: string;
  readonly lead?: ReactNode;
  /** What one does here most often. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
};

/** One page inside the shell: its title in the tab and on the page, its lead, its main action. */
export function Page({ title, lead, action, children }: Props) {
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-8 px-4 py-8 sm:px-8 lg:px-12 lg:py-12">
      <title>{`${title} · MemoryRouter`}</title>
      <header className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
        <div className="flex max-w-2xl flex-col gap-1.5">
          <h1 className="text-[1.625rem] leading-tight font-semibold">{title}</h1>
          {lead && <p className="text-muted-foreground">{lead}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}
