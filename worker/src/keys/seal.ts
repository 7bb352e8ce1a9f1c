/**
 * Sealing: how a secret may lie in a cache.
 *
 * AES-GCM under one of the worker's keys. The sealed text names its key, so that a new key can be
 * brought in while what the old one sealed still opens. It opens only in the place it was sealed
 * for: a value copied to another name or another environment stays shut.
 */

export type SealingKeys = {
  readonly current: string;
  /** 32 bytes each, in base64, by id. */
  readonly keys: Readonly<Record<string, string>>;
};

export type Seal = {
  readonly close: (text: string, place: string) => Promise<string>;
  /** The text, or null when it was not sealed by us for this place. */
  readonly open: (sealed: string, place: string) => Promise<string | null>;
};

const VERSION = "v1";
const NONCE_BYTES = 12;

export function createSeal({ current, keys }: SealingKeys): Seal {
  const imported = new Map<string, Promise<CryptoKey>>();

  const cryptoKey = (id: string): Promise<CryptoKey> | null => {
    const secret = keys[id];
    if (secret === undefined) return null;
    const known = imported.get(id) ?? importKey(secret);
    imported.set(id, known);
    return known;
  };

  return {
    close: async (text, place) => {
      const key = await cryptoKey(current);
      if (!key) throw new Error("The current sealing key is missing.");
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const closed = await crypto.subtle.encrypt(algorithm(nonce, place), key, encode(text));
      return [VERSION, current, toBase64(nonce), toBase64(new Uint8Array(closed))].join(".");
    },
    open: async (sealed, place) => {
      const [version, id = "", nonce = "", closed = ""] = sealed.split(".");
      const key = version === VERSION ? await cryptoKey(id) : null;
      if (!key) return null;
      try {
        const opened = await crypto.subtle.decrypt(
          algorithm(fromBase64(nonce), place),
          key,
          fromBase64(closed),
        );
        return new TextDecoder().decode(opened);
      } catch {
        // Tampered with, sealed for another place, or cut: to us it is not there.
        return null;
      }
    },
  };
}

const encode = (text: string) => new TextEncoder().encode(text);

const algorithm = (iv: Uint8Array<ArrayBuffer>, place: string) => ({
  name: "AES-GCM",
  iv,
  additionalData: encode(place),
});

const importKey = (secret: string) =>
  crypto.subtle.importKey("raw", fromBase64(secret), "AES-GCM", false, ["encrypt", "decrypt"]);

const toBase64 = (bytes: Uint8Array) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

const fromBase64 = (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
