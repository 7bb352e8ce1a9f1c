import { CheckIcon } from "lucide-react";
import type { ReactNode } from "react";

import { cn } from "@/lib/utils";

type Props = {
  readonly number: number;
  readonly title: string;
  readonly isDone: boolean;
  readonly isCurrent: boolean;
  readonly children: ReactNode;
};

/** One step on the way to the first remembered conversation. */
export function Step({ number, title, isDone, isCurrent, children }: Props) {
  return (
    <li
      aria-current={isCurrent ? "step" : undefined}
      className="group grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-4 sm:gap-x-5"
    >
      <div className="flex flex-col items-center gap-2" aria-hidden="true">
        <span
          className={cn(
            "inline-flex size-7 shrink-0 items-center justify-center rounded-full border text-[0.8125rem] font-semibold tabular-nums",
            isDone && "border-transparent bg-mark text-mark-foreground",
            isCurrent && "border-primary bg-primary text-primary-foreground",
            !isDone && !isCurrent && "text-muted-foreground",
          )}
        >
          {isDone ? <CheckIcon className="size-4" strokeWidth={2.25} /> : number}
        </span>
        <span className="w-px flex-1 bg-border group-last:hidden" />
      </div>
      <section className="flex min-w-0 flex-col gap-4 pb-10 group-last:pb-0">
        <h2 className="flex min-h-7 items-center font-semibold">
          {title}
          {isDone && <span className="sr-only"> (done)</span>}
        </h2>
        {children}
      </section>
    </li>
  );
}
