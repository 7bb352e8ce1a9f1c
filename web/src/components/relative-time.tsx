import { formatMoment, formatRelative } from "@/lib/format";
import { useNow } from "@/lib/use-now";

/** How long ago or ahead, with the exact moment for whoever points at it. */
export function RelativeTime({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {formatRelative(at, now)}
    </time>
  );
}
