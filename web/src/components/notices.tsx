import { lazy, Suspense, useEffect, useState } from "react";

import { listenForNotices, type Notice } from "@/lib/notify";

const Toasts = lazy(async () => ({ default: (await import("@/components/toasts")).Toasts }));

/** Where notices show. What draws them is loaded with the first one. */
export function Notices() {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  useEffect(() => listenForNotices((notice) => setNotices((all) => [...all, notice])), []);
  if (notices.length === 0) return null;
  return (
    <Suspense fallback={null}>
      <Toasts notices={notices} />
    </Suspense>
  );
}
