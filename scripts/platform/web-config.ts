/** What the app asks `/config.json` for before it starts: one build serves every environment. */

import { z } from "zod";

export const webAddresses = z.object({
  supabaseUrl: z.string(),
  publishableKey: z.string(),
  apiUrl: z.string(),
  functionsUrl: z.string(),
  demoModel: z.string(),
  mailboxUrl: z.string().exactOptional(),
});

export type WebAddresses = Readonly<z.output<typeof webAddresses>>;

export type WebConfig = WebAddresses & {
  readonly providers: { readonly google: boolean; readonly github: boolean };
};

const settingsSchema = z.object({
  external: z.object({ google: z.boolean().default(false), github: z.boolean().default(false) }),
});

/** With whom people may sign in is asked of Auth itself, so that the app offers what works. */
export async function readWebConfig(addresses: WebAddresses): Promise<WebConfig> {
  const response = await fetch(`${addresses.supabaseUrl}/auth/v1/settings`, {
    headers: { apikey: addresses.publishableKey },
  });
  return { ...addresses, providers: settingsSchema.parse(await response.json()).external };
}
