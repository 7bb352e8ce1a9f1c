/** Keeps the values used last, up to a number of them: an isolate's memory is small and shared. */
export type BoundedCache<Value> = {
  readonly get: (name: string) => Value | undefined;
  readonly set: (name: string, value: Value) => void;
  readonly delete: (name: string) => void;
};

export function createBoundedCache<Value>(maxValues: number): BoundedCache<Value> {
  // A Map remembers the order of insertion, so its first entry is the one unused for longest.
  const values = new Map<string, Value>();

  return {
    get: (name) => {
      const value = values.get(name);
      if (value === undefined) return undefined;
      values.delete(name);
      values.set(name, value);
      return value;
    },
    set: (name, value) => {
      values.delete(name);
      values.set(name, value);
      const [oldest] = values.keys();
      if (values.size > maxValues && oldest !== undefined) values.delete(oldest);
    },
    delete: (name) => {
      values.delete(name);
    },
  };
}
