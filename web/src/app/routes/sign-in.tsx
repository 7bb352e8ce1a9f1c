import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";

import { sendMagicLink, signIn } from "@/features/auth/auth-api";
import { AuthCard } from "@/features/auth/auth-card";
import { CheckYourMail } from "@/features/auth/check-your-mail";
import { CredentialsForm } from "@/features/auth/credentials-form";
import { OAuthButtons } from "@/features/auth/oauth-buttons";
import { paths, safeNext, withNext } from "@/lib/paths";

export function Component() {
  const [searchParams] = useSearchParams();
  const next = safeNext(searchParams.get("next"));
  const navigate = useNavigate();
  const [mailedTo, setMailedTo] = useState<string | null>(null);

  if (mailedTo !== null) {
    return (
      <CheckYourMail
        email={mailedTo}
        purpose="sign in"
        onResend={() => sendMagicLink(mailedTo)}
        onBack={() => setMailedTo(null)}
      />
    );
  }

  return (
    <AuthCard
      title="Sign in"
      footer={
        <>
          New here?{" "}
          <Link to={withNext(paths.signUp, next)} className="link">
            Create an account
          </Link>
        </>
      }
    >
      <OAuthButtons next={next} />
      <CredentialsForm
        kind="current-password"
        submitLabel="Sign in"
        passwordAside={
          <Link to={paths.forgotPassword} className="link text-[0.8125rem]">
            Forgot it?
          </Link>
        }
        onSubmit={async (credentials) => {
          await signIn(credentials);
          await navigate(next, { replace: true });
        }}
        onMagicLink={async (email) => {
          await sendMagicLink(email);
          setMailedTo(email);
        }}
      />
    </AuthCard>
  );
}
