/** Where a provider sends people back to, with a code that only this browser can use. */

import { type LoaderFunction, Link, redirect, useLoaderData } from "react-router";

import { FormError } from "@/components/form-error";
import { Button } from "@/components/ui/button";
import { finishOAuth } from "@/features/auth/auth-api";
import { AuthCard } from "@/features/auth/auth-card";
import { FunctionError } from "@/lib/function-error";
import { paths, safeNext, withNext } from "@/lib/paths";

export const loader =
  (): LoaderFunction =>
  async ({ request }) => {
    const { searchParams } = new URL(request.url);
    const next = safeNext(searchParams.get("next"));
    const code = searchParams.get("code");
    if (code === null) return { next, error: refusalIn(searchParams) };
    try {
      await finishOAuth(code);
    } catch (error) {
      return { next, error };
    }
    return redirect(next);
  };

function refusalIn(searchParams: URLSearchParams): FunctionError {
  const message =
    searchParams.get("error") === "access_denied"
      ? "The sign-in was cancelled, or the provider did not allow it."
      : "The provider sent back nothing to sign in with. Start again.";
  return new FunctionError("oauth_refused", message, null);
}

export function Component() {
  const { next, error } = useLoaderData<{ next: string; error: unknown }>();
  return (
    <AuthCard title="Not signed in">
      <FormError error={error} />
      <Button asChild size="lg">
        <Link to={withNext(paths.signIn, next)}>Back to sign in</Link>
      </Button>
    </AuthCard>
  );
}
