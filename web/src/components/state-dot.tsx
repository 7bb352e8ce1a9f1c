import type { ReactNode } from "react";

import { cn } from "@/lib/utils";

const tones = {
  good: "bg-success",
  idle: "border-[1.5px] border-muted-foreground bg-transparent",
  attention: "bg-warning",
  bad: "bg-destructive",
} as const;

export type Tone = keyof typeof tones;

/** A state in a word; the dot's colour and shape only repeat it. */
export function StateDot({
  tone,
  children,
}: {
  readonly tone: Tone;
  readonly children: ReactNode;
}) {
  return (
    <span className="inline-flex items-center gap-2 text-sm whitespace-nowrap">
      <span className={cn("size-2 shrink-0 rounded-full", tones[tone])} aria-hidden="true" />
      {children}
    </span>
  );
}
