import { setTimeout as delay } from "node:timers/promises";

import { PlatformError } from "./platform-error.ts";

const PATIENCE_MS = 15_000;

/** Asks each address once more from outside, as a client would, before they are handed out. */
export async function confirmAnswers(
  addresses: readonly (readonly [name: string, url: string])[],
  publishableKey: string,
): Promise<void> {
  await Promise.all(addresses.map(([name, url]) => confirmAnswer(name, url, publishableKey)));
}

async function confirmAnswer(name: string, url: string, publishableKey: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const response = await fetch(url, { headers: { apikey: publishableKey } }).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok === true) return;
    if (Date.now() > deadline) {
      const found = response === null ? "no answer" : `status ${response.status}`;
      throw new PlatformError(`The ${name} was started, but ${url} gives ${found}.`);
    }
    await delay(100);
  }
}
