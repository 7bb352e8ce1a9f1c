/** Every page, who may see it, and what stands around it. */

import type { QueryClient } from "@tanstack/react-query";
import {
  createBrowserRouter,
  type LoaderFunction,
  type LoaderFunctionArgs,
  type RouteObject,
} from "react-router";

import { RouteError } from "@/app/route-error";
import { guestsOnly, requireUser, userContext } from "@/app/session";
import { Splash } from "@/app/splash";
import { paths } from "@/lib/paths";

type PageModule = {
  readonly Component: () => React.ReactNode;
  /** Starts loading what the page reads, beside its code. */
  readonly loader?: (queryClient: QueryClient) => LoaderFunction;
};

export function createRouter(queryClient: QueryClient) {
  const page = (path: string, load: () => Promise<PageModule>): RouteObject => ({
    path,
    ErrorBoundary: RouteError,
    lazy: async () => {
      const { Component, loader } = await load();
      return loader ? { Component, loader: loader(queryClient) } : { Component };
    },
  });

  return createBrowserRouter([
    {
      ErrorBoundary: RouteError,
      HydrateFallback: Splash,
      children: [
        {
          lazy: async () => ({ Component: (await import("@/app/auth-layout")).AuthLayout }),
          children: [
            { middleware: [guestsOnly], loader: () => null, children: guestPages(page) },
            page(paths.authConfirm, () => import("@/app/routes/auth-confirm")),
            page(paths.authCallback, () => import("@/app/routes/auth-callback")),
            page(paths.resetPassword, () => import("@/app/routes/reset-password")),
          ],
        },
        {
          id: "shell",
          middleware: [requireUser],
          loader: ({ context }: LoaderFunctionArgs) => context.get(userContext),
          lazy: async () => ({ Component: (await import("@/app/shell")).Shell }),
          children: [
            page(paths.quickstart, () => import("@/app/routes/quickstart")),
            page(paths.memoryKeys, () => import("@/app/routes/memory-keys")),
            page(paths.providerKeys, () => import("@/app/routes/provider-keys")),
            page(paths.account, () => import("@/app/routes/account")),
          ],
        },
        page("*", () => import("@/app/routes/not-found")),
      ],
    },
  ]);
}

function guestPages(page: (path: string, load: () => Promise<PageModule>) => RouteObject) {
  return [
    page(paths.signIn, () => import("@/app/routes/sign-in")),
    page(paths.signUp, () => import("@/app/routes/sign-up")),
    page(paths.forgotPassword, () => import("@/app/routes/forgot-password")),
  ];
}
