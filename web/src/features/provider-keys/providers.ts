/** The providers whose keys can be added, and where to get one. */

export const providers = [
  {
    id: "openai",
    label: "OpenAI",
    example: "sk-…",
    models: "gpt-…, o-series, embeddings, images, audio",
    keysUrl: "https://platform.openai.com/api-keys",
    billingUrl: "https://platform.openai.com/settings/organization/billing/overview",
  },
  {
    id: "anthropic",
    label: "Anthropic",
    example: "sk-ant-…",
    models: "claude-…",
    keysUrl: "https://console.anthropic.com/settings/keys",
    billingUrl: "https://console.anthropic.com/settings/billing",
  },
  {
    id: "openrouter",
    label: "OpenRouter",
    example: "sk-or-…",
    models: "everything else, as in deepseek/… or google/…",
    keysUrl: "https://openrouter.ai/settings/keys",
    billingUrl: "https://openrouter.ai/settings/credits",
  },
] as const;

export type Provider = (typeof providers)[number];
export type ProviderId = Provider["id"];
