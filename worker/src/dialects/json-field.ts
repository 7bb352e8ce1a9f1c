/** A field of a parsed value, however unlike the expected one that value is. */
export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (Reflect.get(value, name) as unknown)
    : undefined;
}

export function textField(value: unknown, name: string): string | null {
  const found = field(value, name);
  return typeof found === "string" ? found : null;
}

export function countField(value: unknown, name: string): number | null {
  const found = field(value, name);
  return typeof found === "number" && Number.isSafeInteger(found) && found >= 0 ? found : null;
}

/** Undefined for what is not JSON: providers send comments and half events too. */
export function parsed(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

/** Nothing where there is no list. */
export function listField(value: unknown, name: string): readonly unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}
