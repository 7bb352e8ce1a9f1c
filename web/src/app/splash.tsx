import { LogoMark } from "@/components/logo";

/** Between the first paint and the first page, when that takes long enough to notice. */
export function Splash() {
  return (
    <output className="after-a-moment flex min-h-dvh items-center justify-center">
      <LogoMark className="size-8 animate-pulse text-primary" />
      <span className="sr-only">Loading</span>
    </output>
  );
}
