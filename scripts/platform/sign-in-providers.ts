import { z } from "zod";

const settingsSchema = z.object({
  external: z.object({ google: z.boolean().default(false), github: z.boolean().default(false) }),
});

export type SignInProviders = { readonly google: boolean; readonly github: boolean };

/** With whom people may sign in, asked of Auth itself so that the web app offers what works. */
export async function readSignInProviders(
  supabaseUrl: string,
  publishableKey: string,
): Promise<SignInProviders> {
  const response = await fetch(`${supabaseUrl}/auth/v1/settings`, {
    headers: { apikey: publishableKey },
  });
  return settingsSchema.parse(await response.json()).external;
}
