/** JSON as people write it: odd white space, escapes nobody needed, numbers no double holds. */

import fc from "fast-check";

export const space = fc.stringMatching(/^[ \n\r\t]{0,3}$/);

const token = fc.oneof(
  fc.constantFrom(
    "1.0",
    "9223372036854775808",
    "-0",
    "1E+2",
    "true",
    "null",
    '"\\/\\u00e9"',
    '"😀"',
  ),
  fc.string({ unit: "grapheme" }).map((text) => JSON.stringify(text)),
);

export const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    token,
    fc
      .tuple(fc.array(fc.tuple(space, tie("json"), space), { maxLength: 3 }), space)
      .map(
        ([list, gap]) =>
          `[${list.length === 0 ? gap : list.map((each) => each.join("")).join(",")}]`,
      ),
    fc
      .array(fc.tuple(space, fc.constantFrom('"a"', '"\\u0061"', '"role"', '"b c"'), tie("json")), {
        maxLength: 3,
      })
      .map(
        (list) =>
          `{${list.map(([gap, key, value]) => `${gap}${key}${gap}:${gap}${value}`).join(",")}}`,
      ),
  ),
}));

/** Almost as deep as is taken. */
export const deep = fc.nat(900).map((levels) => `${"[".repeat(levels)}1${"]".repeat(levels)}`);

/** A string that begins with a letter, in whatever spelling, as JSON. */
export const words = fc
  .tuple(fc.constantFrom('"T', '"\\u0054', '"\\\\T\\/'), fc.string({ unit: "grapheme" }))
  .map(([begin, rest]) => `${begin}${JSON.stringify(rest).slice(1)}`);

/** The places in `got` from which this much can be taken out to get `text` back. */
export function placesOf(inserted: string, got: string, text: string): number[] {
  return Array.from({ length: got.length }, (_, place) => place).filter(
    (place) =>
      got.startsWith(inserted, place) &&
      got.slice(0, place) + got.slice(place + inserted.length) === text,
  );
}

export function parsedBody(text: string): unknown {
  return JSON.parse(text.replace(/^\ufeff/, "")) as unknown;
}
