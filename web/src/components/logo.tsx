import { cn } from "@/lib/utils";

/** A request on its way, with a loop through what was said before. */
export function LogoMark({ className }: { readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.25"
      strokeLinecap="round"
      aria-hidden="true"
      className={cn("size-6 shrink-0", className)}
    >
      <path d="M2 19.25c7.25 0 16.5-3.75 16.5-10.5a6.5 6.5 0 0 0-13 0c0 6.75 9.25 10.5 16.5 10.5" />
    </svg>
  );
}

export function Logo({ className }: { readonly className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-2.5", className)}>
      <LogoMark className="text-primary" />
      <span className="text-[1.0625rem] font-semibold tracking-[-0.02em]">MemoryRouter</span>
    </span>
  );
}
