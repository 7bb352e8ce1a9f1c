/** Reads `_headers`, the file in which static hosting (Cloudflare's among it) finds an app's response headers. */

export type HeaderRule = {
  readonly matches: (path: string) => boolean;
  readonly headers: readonly (readonly [name: string, value: string])[];
};

/** Placeholders like `{{API_URL}}` are replaced by the values given; an unknown one is a mistake. */
export function readHeaderRules(
  text: string,
  values: Readonly<Record<string, string>>,
): HeaderRule[] {
  const filled = text.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new Error(`_headers asks for ${placeholder}, which nobody fills in`);
    return value;
  });

  const rules: { matches: HeaderRule["matches"]; headers: [string, string][] }[] = [];
  for (const line of filled.split("\n")) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    if (/^\s/.test(line)) {
      const [, name, value] = /^\s+([^:\s]+):\s*(.*?)\s*$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) rules.at(-1)?.headers.push([name, value]);
    } else {
      rules.push({ matches: matcher(line.trim()), headers: [] });
    }
  }
  return rules;
}

/** Every rule that matches has its say; what two of them set is joined. */
export function headersFor(rules: readonly HeaderRule[], path: string): Headers {
  const headers = new Headers();
  for (const rule of rules.filter(({ matches }) => matches(path))) {
    for (const [name, value] of rule.headers) headers.append(name, value);
  }
  return headers;
}

/** `*` stands for anything, `:name` for one part of a path. */
function matcher(pattern: string): (path: string) => boolean {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replace(/\*/g, ".*")
    .replace(/:\w+/g, "[^/]+");
  const expression = new RegExp(`^${source}$`);
  return (path) => expression.test(path);
}
