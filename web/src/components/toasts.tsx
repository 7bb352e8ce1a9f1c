import { useEffect, useRef } from "react";
import { toast } from "sonner";

import { Toaster } from "@/components/ui/sonner";
import type { Notice } from "@/lib/notify";

/** Turns each notice into a toast, once. The toaster itself is ready before this effect runs. */
export function Toasts({ notices }: { readonly notices: readonly Notice[] }) {
  const shown = useRef(0);
  useEffect(() => {
    for (const { kind, message } of notices.slice(shown.current)) toast[kind](message);
    shown.current = notices.length;
  }, [notices]);
  return <Toaster />;
}
