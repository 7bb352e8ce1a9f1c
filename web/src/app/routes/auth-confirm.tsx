/**
 * Where mailed links lead.
 *
 * Opening the page does nothing by itself: programs that look at links before their reader
 * does would otherwise use up the token. Pressing the button is what confirms.
 */

import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import * as z from "zod/mini";

import { FormError } from "@/components/form-error";
import { SubmitButton } from "@/components/submit-button";
import { Button } from "@/components/ui/button";
import { confirmToken } from "@/features/auth/auth-api";
import { AuthCard } from "@/features/auth/auth-card";
import { paths } from "@/lib/paths";

const linkSchema = z.object({
  token_hash: z.string().check(z.minLength(1)),
  type: z.enum(["email", "magiclink", "signup", "recovery", "email_change", "invite"]),
});

type LinkType = z.output<typeof linkSchema>["type"];

const headings: Record<LinkType, { readonly title: string; readonly lead: string }> = {
  email: { title: "Sign in", lead: "One press, and you are in." },
  magiclink: { title: "Sign in", lead: "One press, and you are in." },
  signup: { title: "Confirm your address", lead: "One press, and your account is ready." },
  invite: { title: "Accept the invitation", lead: "One press, and your account is ready." },
  recovery: { title: "Reset your password", lead: "Next you choose a new one." },
  email_change: { title: "Confirm your new address", lead: "Mail goes there from now on." },
};

export function Component() {
  const [searchParams] = useSearchParams();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const link = linkSchema.safeParse(Object.fromEntries(searchParams));
  if (!link.success) return <BrokenLink />;

  const { token_hash: tokenHash, type } = link.data;
  const isRecovery = type === "recovery";
  const next = isRecovery ? paths.resetPassword : paths.quickstart;

  const confirm = async () => {
    setIsBusy(true);
    setError(null);
    try {
      await confirmToken(tokenHash, type);
      await navigate(next, { replace: true });
    } catch (cause) {
      setError(cause);
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <AuthCard {...headings[type]}>
      <FormError error={error}>
        <Link to={isRecovery ? paths.forgotPassword : paths.signIn} className="link">
          Get a new link
        </Link>
      </FormError>
      <SubmitButton type="button" size="lg" isBusy={isBusy} onClick={() => void confirm()}>
        Continue
      </SubmitButton>
    </AuthCard>
  );
}

function BrokenLink() {
  return (
    <AuthCard
      title="This link is not complete"
      lead="Copy the whole address from the mail, or ask for a new link."
    >
      <Button asChild size="lg">
        <Link to={paths.signIn}>Go to sign in</Link>
      </Button>
    </AuthCard>
  );
}
