/**
 * The providers whose keys we keep, and what their keys look like.
 *
 * A key that plainly belongs to another company is refused before anything is sent: its
 * secret must never reach the wrong one.
 */

export const vendors = {
  openai: { label: "OpenAI", origin: "https://api.openai.com/v1", prefix: "sk-" },
  anthropic: { label: "Anthropic", origin: "https://api.anthropic.com/v1", prefix: "sk-ant-" },
  openrouter: { label: "OpenRouter", origin: "https://openrouter.ai/api/v1", prefix: "sk-or-" },
} as const satisfies Record<string, Vendor>;

type Vendor = { readonly label: string; readonly origin: string; readonly prefix: string };

export type ProviderId = keyof typeof vendors;

export const providerIds = ["openai", "anthropic", "openrouter"] as const satisfies ProviderId[];

/** Where each provider is asked. The operator may redirect them all, a caller never. */
export type Origins = Readonly<Record<ProviderId, string>>;

export function resolveOrigins(overrides: Partial<Origins>): Origins {
  return {
    openai: overrides.openai ?? vendors.openai.origin,
    anthropic: overrides.anthropic ?? vendors.anthropic.origin,
    openrouter: overrides.openrouter ?? vendors.openrouter.origin,
  };
}

/** Whose key this looks like; `null` when it looks like nobody's. */
export function recogniseVendor(secret: string): ProviderId | "memoryrouter" | null {
  if (secret.startsWith("mk_")) return "memoryrouter";
  if (secret.startsWith(vendors.anthropic.prefix)) return "anthropic";
  if (secret.startsWith(vendors.openrouter.prefix)) return "openrouter";
  if (secret.startsWith(vendors.openai.prefix)) return "openai";
  return null;
}

/** What to tell somebody whose key does not fit the provider; `null` when it does. */
export function explainMismatch(provider: ProviderId, secret: string): string | null {
  const { label, prefix } = vendors[provider];
  const recognised = recogniseVendor(secret);
  if (recognised === provider) return null;
  const expected = `${label}'s keys begin with ${prefix}`;
  if (recognised === "memoryrouter") {
    return `This is a memory key of MemoryRouter. Paste the key that ${label} gave you; ${expected}.`;
  }
  if (recognised) {
    return `This looks like a key of ${vendors[recognised].label}. Choose ${vendors[recognised].label} as the provider, or paste ${label}'s key; ${expected}.`;
  }
  return `This does not look like a key of ${label}: ${expected}.`;
}
