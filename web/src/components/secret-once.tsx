/**
 * A secret in full, for the only time it can be seen.
 *
 * It comes in as a prop from component state and goes nowhere else: no cache, no storage, no
 * address. Whoever shows this forgets the secret when it is closed.
 */

import { CopyButton } from "@/components/copy-button";

type Props = { readonly secret: string; readonly label: string };

export function SecretOnce({ secret, label }: Props) {
  return (
    <div className="flex flex-col gap-2 rounded-lg border border-primary/25 bg-mark p-3 sm:flex-row sm:items-center">
      <code
        data-testid="secret"
        className="min-w-0 flex-1 px-1 text-[0.8125rem] leading-relaxed break-all text-mark-foreground select-all"
      >
        {secret}
      </code>
      <CopyButton text={secret} label={`Copy ${label}`} className="shrink-0">
        Copy
      </CopyButton>
    </div>
  );
}
