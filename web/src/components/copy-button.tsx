import { CheckIcon, CopyIcon } from "lucide-react";
import { type ComponentProps, useEffect, useState } from "react";

import { Button } from "@/components/ui/button";
import { notify } from "@/lib/notify";

type Props = ComponentProps<typeof Button> & {
  readonly text: string;
  /** What is copied, for those who cannot see what it stands beside. */
  readonly label: string;
};

export function CopyButton({ text, label, children, ...props }: Props) {
  const [isCopied, setIsCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      notify("error", "The browser did not allow copying. Select the text and copy it by hand.");
      return;
    }
    setIsCopied(true);
  };

  return (
    <Button variant="outline" size="sm" aria-label={label} onClick={() => void copy()} {...props}>
      {isCopied ? (
        <CheckIcon className="text-success" aria-hidden="true" />
      ) : (
        <CopyIcon aria-hidden="true" />
      )}
      {children}
      <span className="sr-only" aria-live="polite">
        {isCopied ? "Copied" : ""}
      </span>
    </Button>
  );
}
