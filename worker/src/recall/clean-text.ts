/**
 * Text without what nobody sees, for storing and for putting into a prompt.
 *
 * Characters without a shape can carry words past every human reader: tag characters spell ASCII,
 * variation selectors hide bytes behind one emoji, direction overrides show one text and mean
 * another. They go, with three exceptions that people do write: joiners inside scripts that are
 * spelled with them (a Persian or Hindi word changes without), joiners and the emoji selector
 * between two parts of an emoji, and the selector of a keycap. Each is kept only where it does that
 * work, so a row of them never survives. Flags of regions, which are spelled with tag characters,
 * become the plain flag.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll(LINE_ENDS, "\n").replaceAll(UNSEEN, "$<kept>");
}

const LINE_ENDS = /\r\n?|[\u0085\u2028\u2029]/g;

/** Scripts whose spelling needs the joiner or the non-joiner. */
const JOINING = [
  "Arabic",
  "Bengali",
  "Devanagari",
  "Gujarati",
  "Gurmukhi",
  "Kannada",
  "Khmer",
  "Malayalam",
  "Mongolian",
  "Myanmar",
  "Oriya",
  "Sinhala",
  "Syriac",
  "Tamil",
  "Telugu",
  "Tibetan",
]
  .map((script) => `\\p{Script=${script}}`)
  .join("");

const KEPT = [
  `[\\u200C\\u200D](?<=[${JOINING}].)`,
  String.raw`\u200D(?<=(?:\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier}).)(?=\p{Extended_Pictographic})`,
  String.raw`[\uFE0E\uFE0F](?<=\p{Extended_Pictographic}.)`,
  String.raw`\uFE0F(?<=[#*0-9].)(?=\u20E3)`,
].join("|");

/** Controls save tab and line feed, all that Unicode lets a renderer ignore, and annotations. */
const UNSEEN = new RegExp(
  String.raw`(?<kept>${KEPT})|[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]|(?![\t\n])\p{Cc}`,
  "gu",
);
