import { type LoaderFunction, Link, useLoaderData, useNavigate } from "react-router";

import { Button } from "@/components/ui/button";
import { setPassword } from "@/features/auth/auth-api";
import { AuthCard } from "@/features/auth/auth-card";
import { NewPasswordForm } from "@/features/auth/new-password-form";
import { notify } from "@/lib/notify";
import { paths } from "@/lib/paths";
import { auth } from "@/lib/supabase";

/** The mailed link has signed its reader in; without that there is nobody to give a password to. */
export const loader = (): LoaderFunction => async () => {
  const { data } = await auth.getSession();
  return data.session?.user.email ?? null;
};

export function Component() {
  const email = useLoaderData<string | null>();
  const navigate = useNavigate();

  if (email === null) {
    return (
      <AuthCard
        title="Ask for a new link"
        lead="This page opens from the link in the mail, and that link works once."
      >
        <Button asChild size="lg">
          <Link to={paths.forgotPassword}>Reset your password</Link>
        </Button>
      </AuthCard>
    );
  }

  return (
    <AuthCard title="Choose a new password" lead={<>For {email}</>}>
      <NewPasswordForm
        email={email}
        onSubmit={async (password) => {
          await setPassword(password);
          notify("success", "Your new password is saved.");
          await navigate(paths.quickstart, { replace: true });
        }}
      />
    </AuthCard>
  );
}
