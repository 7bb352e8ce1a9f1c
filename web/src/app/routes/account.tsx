import type { User } from "@supabase/auth-js";
import { useRouteLoaderData } from "react-router";

import { Page } from "@/components/page";
import { SignOutEverywhere } from "@/features/account/sign-out-everywhere";
import { signOut } from "@/features/auth/auth-api";
import { formatDay } from "@/lib/format";

export function Component() {
  const user = useRouteLoaderData<User>("shell");
  if (!user) return null;
  return (
    <Page title="Account">
      <dl className="divide-y rounded-xl border bg-card">
        <div className="grid gap-1 px-5 py-4 sm:grid-cols-[12rem_1fr]">
          <dt className="text-muted-foreground">E-mail</dt>
          <dd className="break-all">{user.email}</dd>
        </div>
        <div className="grid gap-1 px-5 py-4 sm:grid-cols-[12rem_1fr]">
          <dt className="text-muted-foreground">Member since</dt>
          <dd>{formatDay(user.created_at)}</dd>
        </div>
      </dl>
      <SignOutEverywhere onConfirm={() => signOut("global")} />
    </Page>
  );
}
