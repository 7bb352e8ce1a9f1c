import { ExternalLinkIcon } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";

import { FormError } from "@/components/form-error";
import { SubmitButton } from "@/components/submit-button";
import { Button } from "@/components/ui/button";
import { env } from "@/lib/env";

import { AuthCard } from "./auth-card";

/** Auth sends one mail a minute to an address. */
const RESEND_AFTER_S = 60;

type Props = {
  readonly email: string;
  /** What the mail lets one do, after "to". */
  readonly purpose: string;
  readonly onResend: () => Promise<void>;
  readonly onBack: () => void;
};

/** After a mail was asked for. Says the same whether the address has an account or not. */
export function CheckYourMail({ email, purpose, onResend, onBack }: Props) {
  return (
    <AuthCard
      title="Check your mail"
      lead={
        <>
          If <strong className="font-medium break-all text-foreground">{email}</strong> can be used
          to {purpose}, a link is on its way. It works once, for an hour.
        </>
      }
      footer="Nothing there after a minute? Look into the spam folder, or see whether the address is spelled right."
    >
      <div className="flex flex-col gap-3">
        {env.mailboxUrl && (
          <Button asChild size="lg">
            <a href={env.mailboxUrl} target="_blank" rel="noreferrer">
              Open the local mailbox
              <ExternalLinkIcon aria-hidden="true" />
            </a>
          </Button>
        )}
        <Resend onResend={onResend} />
        <Button variant="ghost" size="lg" onClick={onBack}>
          Use another address
        </Button>
      </div>
    </AuthCard>
  );
}

function Resend({ onResend }: Pick<Props, "onResend">): ReactNode {
  const [secondsLeft, restart] = useCountdown(RESEND_AFTER_S);
  const [isBusy, setIsBusy] = useState(false);
  const [isResent, setIsResent] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const resend = async () => {
    if (secondsLeft > 0) return;
    setIsBusy(true);
    setError(null);
    try {
      await onResend();
      setIsResent(true);
      restart();
    } catch (cause) {
      setError(cause);
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <>
      <FormError error={error} />
      <SubmitButton
        type="button"
        variant="outline"
        size="lg"
        isBusy={isBusy}
        aria-disabled={isBusy || secondsLeft > 0}
        onClick={() => void resend()}
      >
        {secondsLeft > 0 ? `Send again in ${secondsLeft} s` : "Send again"}
      </SubmitButton>
      <output className="text-sm text-muted-foreground empty:hidden">
        {isResent && "Asked for another mail."}
      </output>
    </>
  );
}

/** Counts whole seconds down to zero. */
function useCountdown(seconds: number) {
  const [endsAt, setEndsAt] = useState(() => Date.now() + seconds * 1_000);
  const [now, setNow] = useState(() => Date.now());
  const secondsLeft = Math.max(0, Math.ceil((endsAt - now) / 1_000));

  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);

  const restart = () => setEndsAt(Date.now() + seconds * 1_000);
  return [secondsLeft, restart] as const;
}
