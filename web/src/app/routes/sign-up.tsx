import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";

import { resendConfirmation, sendMagicLink, signUp } from "@/features/auth/auth-api";
import { AuthCard } from "@/features/auth/auth-card";
import { CheckYourMail } from "@/features/auth/check-your-mail";
import { CredentialsForm } from "@/features/auth/credentials-form";
import { OAuthButtons } from "@/features/auth/oauth-buttons";
import { paths, safeNext, withNext } from "@/lib/paths";

type Mailed = { readonly email: string; readonly resend: () => Promise<void> };

export function Component() {
  const [searchParams] = useSearchParams();
  const next = safeNext(searchParams.get("next"));
  const navigate = useNavigate();
  const [mailed, setMailed] = useState<Mailed | null>(null);

  if (mailed) {
    return (
      <CheckYourMail
        email={mailed.email}
        purpose="open an account"
        onResend={mailed.resend}
        onBack={() => setMailed(null)}
      />
    );
  }

  return (
    <AuthCard
      title="Create an account"
      lead="Bring your own provider keys; we bring the memory."
      footer={
        <>
          Have an account?{" "}
          <Link to={withNext(paths.signIn, next)} className="link">
            Sign in
          </Link>
        </>
      }
    >
      <OAuthButtons next={next} />
      <CredentialsForm
        kind="new-password"
        submitLabel="Create account"
        passwordDescription="At least 8 characters."
        onSubmit={async (credentials) => {
          const { email } = credentials;
          if (await signUp(credentials)) return navigate(next, { replace: true });
          setMailed({ email, resend: () => resendConfirmation(email) });
        }}
        onMagicLink={async (email) => {
          await sendMagicLink(email);
          setMailed({ email, resend: () => sendMagicLink(email) });
        }}
      />
    </AuthCard>
  );
}
