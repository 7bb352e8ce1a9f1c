/** The model that the first request names: one that the account can call. */

const examples = [
  ["openai", "openai/gpt-5.5"],
  ["anthropic", "anthropic/claude-sonnet-5-5"],
  ["openrouter", "openrouter/deepseek/deepseek-chat"],
] as const;

export function exampleModel(usableProviders: readonly string[], demoModel?: string): string {
  const example = examples.find(([provider]) => usableProviders.includes(provider));
  return example?.[1] ?? demoModel ?? examples[0][1];
}
