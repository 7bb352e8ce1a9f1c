/** What memory may do for a request: recall, store, both or neither. */

export const MODES = ["on", "read", "write", "off"] as const;

export type Mode = (typeof MODES)[number];

export const isMode = (value: unknown): value is Mode => MODES.some((mode) => mode === value);

export const recalls = (mode: Mode) => mode === "on" || mode === "read";
export const stores = (mode: Mode) => mode === "on" || mode === "write";

/** What all of them allow. A mode can only take away from another. */
export function intersection(modes: readonly Mode[]): Mode {
  const mayRecall = modes.every(recalls);
  const mayStore = modes.every(stores);
  if (mayRecall) return mayStore ? "on" : "read";
  return mayStore ? "write" : "off";
}
