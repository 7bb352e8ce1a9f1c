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
