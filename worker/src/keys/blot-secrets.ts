/**
 * Takes credentials and card numbers out of a text before it becomes a memory.
 *
 * People paste them into chats. A model that sees one in the conversation at hand is the user's
 * own affair; a memory would bring it up again for years, in front of whoever asks.
 */

export const BLOT = "[secret removed]";

/** Vendors' keys begin with letters of their own, and are long: that is how they are told from words. */
const CREDENTIALS = new RegExp(
  [
    /mk_[0-9A-Za-z]{40,}/,
    /sk-[\w-]{20,}/,
    /[sr]k_(?:live|test)_\w{16,}/,
    /sb_secret_[\w-]{16,}/,
    /whsec_[\w+/=]{16,}/,
    /gh[opsru]_\w{30,}|github_pat_\w{40,}/,
    /xox[abeprs]-[\w-]{20,}/,
    /(?:AKIA|ASIA)[0-9A-Z]{16}/,
    /AIza[\w-]{35}/,
    /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  ]
    .map(({ source }) => `\\b(?:${source})`)
    .join("|"),
  "g",
);

/** The lines of base64 behind the first, and the last line with what stands before it. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:\s+[\w+/=]{20,})*(?:\s+[\w+/=]{0,76}\s*-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g;

/** Thirteen to nineteen digits, single spaces or hyphens between them, none beside them. */
const CARD = /(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.]*\d)/g;

export function blotSecrets(text: string): string {
  return text
    .replaceAll(PRIVATE_KEY, BLOT)
    .replaceAll(CREDENTIALS, BLOT)
    .replaceAll(CARD, (digits) => (isCardNumber(digits.replaceAll(/\D/g, "")) ? BLOT : digits));
}

/** Cards carry a check digit by Luhn's rule and begin with one of few; most other long numbers do not. */
function isCardNumber(digits: string): boolean {
  if (!/^[2-6]/.test(digits)) return false;
  let sum = 0;
  for (let place = 1; place <= digits.length; place++) {
    const value = Number(digits.at(-place)) * (place % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
