import type { ReactNode } from "react";

type Props = {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
};

/** One step on the way in: what is asked, and where else one may go. */
export function AuthCard({ title, lead, children, footer }: Props) {
  return (
    <div className="flex flex-col gap-6">
      <title>{`${title} · MemoryRouter`}</title>
      <header className="flex flex-col gap-1.5">
        <h1 className="text-[1.625rem] leading-tight font-semibold">{title}</h1>
        {lead && <p className="text-muted-foreground">{lead}</p>}
      </header>
      {children}
      {footer && <footer className="text-sm text-muted-foreground">{footer}</footer>}
    </div>
  );
}
