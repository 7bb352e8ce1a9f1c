import { useState } from "react";
import { Link } from "react-router";

import { sendPasswordReset } from "@/features/auth/auth-api";
import { AuthCard } from "@/features/auth/auth-card";
import { CheckYourMail } from "@/features/auth/check-your-mail";
import { EmailForm } from "@/features/auth/email-form";
import { paths } from "@/lib/paths";

export function Component() {
  const [mailedTo, setMailedTo] = useState<string | null>(null);

  if (mailedTo !== null) {
    return (
      <CheckYourMail
        email={mailedTo}
        purpose="reset a password"
        onResend={() => sendPasswordReset(mailedTo)}
        onBack={() => setMailedTo(null)}
      />
    );
  }

  return (
    <AuthCard
      title="Reset your password"
      lead="We send you a link. Your keys and memories stay as they are."
      footer={
        <Link to={paths.signIn} className="link">
          Back to sign in
        </Link>
      }
    >
      <EmailForm
        submitLabel="Send link"
        onSubmit={async (email) => {
          await sendPasswordReset(email);
          setMailedTo(email);
        }}
      />
    </AuthCard>
  );
}
