import { useState } from "react";

import { FormError } from "@/components/form-error";
import { Button } from "@/components/ui/button";
import { Spinner } from "@/components/ui/spinner";
import { env } from "@/lib/env";

import { type OAuthProvider, signInWith } from "./auth-api";

const labels = { google: "Google", github: "GitHub" } as const satisfies Record<
  OAuthProvider,
  string
>;
const offered = (["google", "github"] as const).filter((provider) => env.providers[provider]);

/** The accounts one may sign in with instead; nothing where this deployment has none. */
export function OAuthButtons({ next }: { readonly next: string }) {
  const [pending, setPending] = useState<OAuthProvider | null>(null);
  const [error, setError] = useState<unknown>(null);
  if (offered.length === 0) return null;

  const leave = async (provider: OAuthProvider) => {
    setPending(provider);
    setError(null);
    try {
      await signInWith(provider, next);
    } catch (cause) {
      setError(cause);
      setPending(null);
    }
  };

  return (
    <div className="flex flex-col gap-3">
      <FormError error={error} />
      {offered.map((provider) => (
        <Button
          key={provider}
          variant="outline"
          size="lg"
          aria-disabled={pending !== null}
          onClick={() => pending === null && void leave(provider)}
        >
          {pending === provider && <Spinner />}
          Continue with {labels[provider]}
        </Button>
      ))}
      <div
        className="flex items-center gap-3 pt-2 text-xs text-muted-foreground"
        aria-hidden="true"
      >
        <span className="h-px flex-1 bg-border" />
        or
        <span className="h-px flex-1 bg-border" />
      </div>
    </div>
  );
}
