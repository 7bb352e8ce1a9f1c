/** Whether a memory key opens its vault at the moment, and how it was set up to. */

import type { MemoryKey, Mode } from "./memory-keys-api";

export type KeyState = "active" | "disabled" | "expired";

export function keyState({ is_active, expires_at }: MemoryKey, now: number): KeyState {
  if (expires_at !== null && new Date(expires_at).getTime() <= now) return "expired";
  return is_active ? "active" : "disabled";
}

export const stateLabels: Record<KeyState, string> = {
  active: "Active",
  disabled: "Disabled",
  expired: "Expired",
};

export const modeLabels: Record<Mode, { readonly label: string; readonly detail: string }> = {
  on: {
    label: "Full memory",
    detail: "Finds what was said before, and stores what is said now.",
  },
  read: { label: "Recall only", detail: "Finds what was said before, and stores nothing new." },
  write: { label: "Remember only", detail: "Stores what is said, and adds nothing to requests." },
  off: { label: "Off", detail: "Requests pass through untouched." },
};

/** The database keeps a mode as text with a check on it. */
export function modeLabel(mode: string): string {
  return Object.entries(modeLabels).find(([name]) => name === mode)?.[1].label ?? mode;
}

/** The key as far as it may be shown. The mask has one length, whatever the key's. */
export function maskedKey({ prefix, last_four }: Pick<MemoryKey, "prefix" | "last_four">): string {
  return `${prefix}••••••${last_four}`;
}
