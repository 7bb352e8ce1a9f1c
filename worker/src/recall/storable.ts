import { blotSecrets } from "../keys/blot-secrets.ts";
import { stripBlocks } from "./block.ts";
import { cleanText } from "./clean-text.ts";

/** What of a text may become a memory: no block of ours, nothing invisible, nobody's credentials. */
export function storable(text: string): string {
  return blotSecrets(cleanText(stripBlocks(text)));
}
