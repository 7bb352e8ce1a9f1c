/** An environment variable that the function cannot run without. */
export function requireEnv(name: string): string {
  const value = Deno.env.get(name);
  if (value) return value;
  throw new Error(`The environment variable ${name} is missing.`);
}
