import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ApiError } from "../errors.ts";
import { scanJson } from "./json-document.ts";

const encoder = new TextEncoder();

function refusalOf(body: string | Uint8Array): string {
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  try {
    scanJson(bytes);
  } catch (error) {
    if (error instanceof ApiError && error.code === "invalid_request") return error.message;
    throw error;
  }
  return "accepted";
}

function nested(levels: number): string {
  return "[".repeat(levels) + "]".repeat(levels);
}

/** Bytes as they are, by text for the ASCII around them. */
function bytesOf(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? Array.from(encoder.encode(part)) : part)),
  );
}

describe("scanJson", () => {
  it("accepts what JSON.parse accepts and refuses what it refuses", () => {
    const pieces = fc.constantFrom(
      ...Array.from(`{}[],:"\\\n\t 0123456789-+.eEtrufalsn/*'x`),
      '"a"',
      "null",
      "true",
      "1.0",
      "-0",
      "\\u00e9",
      "é",
      "\ufeff",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        let isJson = true;
        try {
          JSON.parse(text.replace(/^\ufeff/, ""));
        } catch {
          isJson = false;
        }
        expect(refusalOf(text) === "accepted").toBe(isJson);
      }),
      { numRuns: 5000 },
    );
  });

  it("accepts every document that JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: "medium" }), (value) => {
        fc.pre(JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/i.test(JSON.stringify(value)));
        expect(refusalOf(JSON.stringify(value))).toBe("accepted");
        expect(refusalOf(JSON.stringify(value, null, "\t"))).toBe("accepted");
      }),
    );
  });

  it("refuses a document that is broken at any of its bytes", () => {
    const text = '{"a": [1, -2.5e+3, true, null], "b\\u0041": {"c": "d\\n"}, "e": ""}';
    for (let length = 0; length < text.length; length++) {
      expect(refusalOf(text.slice(0, length))).not.toBe("accepted");
    }
    expect(refusalOf(text)).toBe("accepted");
  });

  it.each([
    ["a comment", '{"a":1 /* b */}'],
    ["a trailing comma in an object", '{"a":1,}'],
    ["a trailing comma in an array", "[1,]"],
    ["two values", "{} {}"],
    ["a bracket of the other kind", '{"a":1]'],
    ["a leading zero", "[01]"],
    ["a leading plus", "[+1]"],
    ["a bare dot", "[1.]"],
    ["NaN", "[NaN]"],
    ["single quotes", "{'a':1}"],
    ["a key without quotes", "{a:1}"],
    ["a key that is no string", "{1:1}"],
    ["a raw line feed in a string", '["a\nb"]'],
    ["an unknown escape", '["\\x41"]'],
    ["a NUL byte", '["a\u0000"]'],
    ["a byte order mark inside", '{"a":\ufeff1}'],
  ])("refuses %s", (_, text) => {
    expect(refusalOf(text)).toMatch(/not valid JSON/);
  });

  it("says at which byte and in which line the body stops being JSON", () => {
    expect(refusalOf('{\n  "a": 1,\n  "é": ?\n}')).toBe(
      "The body is not valid JSON: it has something that is no value at byte 20 (line 3).",
    );
  });

  it.each([
    ["a lone continuation", bytesOf('["', [0x80], '"]')],
    ["an overlong slash", bytesOf('["', [0xc0, 0xaf], '"]')],
    ["an overlong slash of three bytes", bytesOf('["', [0xe0, 0x80, 0xaf], '"]')],
    ["an encoded surrogate", bytesOf('["', [0xed, 0xa0, 0x80], '"]')],
    ["a code point beyond Unicode", bytesOf('["', [0xf4, 0x90, 0x80, 0x80], '"]')],
    ["an unfinished character", bytesOf('["', [0xe2, 0x82], '"]')],
    ["a character cut off by the end", bytesOf('["', [0xf0, 0x9f, 0x98])],
    ["a byte that never occurs", bytesOf('["', [0xff], '"]')],
  ])("refuses %s as no UTF-8, and says where", (_, bytes) => {
    expect(refusalOf(bytes)).toBe(
      "The body is not valid JSON: it has bytes that are not UTF-8 at byte 2 (line 1).",
    );
  });

  it("agrees with the platform's decoder about every two, three and four bytes", () => {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const edges = [0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0];
    const byte = fc.constantFrom(...edges, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xf5);
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 5 }), (inside) => {
        let isUtf8 = !inside.includes(0x22);
        try {
          decoder.decode(Uint8Array.from(inside));
        } catch {
          isUtf8 = false;
        }
        expect(refusalOf(bytesOf('["', inside, '"]')) === "accepted").toBe(isUtf8);
      }),
      { numRuns: 3000 },
    );
  });

  it.each(["\\ud83d", "\\ud83dx", "\\ud83d\\n", "\\ud83d\\u0041", "\\ude00", "\\ude00\\ud83d"])(
    "refuses the half character %s, unless it is told to bear it",
    (escape) => {
      const body = encoder.encode(`["${escape}"]`);
      expect(refusalOf(body)).toContain("half of a surrogate pair");
      expect(() => scanJson(body, { allowsLoneSurrogates: true })).not.toThrow();
    },
  );

  it("accepts both halves of a character side by side", () => {
    expect(refusalOf('["\\ud83d\\ude00 \\uD83D\\uDE00"]')).toBe("accepted");
  });

  it("accepts a thousand levels and refuses one more", () => {
    expect(refusalOf(nested(1000))).toBe("accepted");
    expect(refusalOf(nested(1001))).toMatch(/deeper than 1000 levels, at byte 1000/);
    expect(refusalOf('{"a":'.repeat(1001) + "1" + "}".repeat(1001))).toMatch(/deeper than/);
  });

  it("refuses a million levels without running out of stack", () => {
    expect(refusalOf("[".repeat(1_000_000))).toMatch(/deeper than/);
  });

  it.each(["", "  \n", "\ufeff", "\ufeff \t"])("calls %j an empty body", (text) => {
    expect(refusalOf(text)).toBe("The body is empty. Send a JSON object.");
  });

  it("reads the same from a view that begins in the middle of its buffer", () => {
    const text = '{"key": "long enough to be read four bytes at a time, é and \\n"}';
    for (let offset = 0; offset < 8; offset++) {
      const buffer = new Uint8Array(offset + encoder.encode(text).length + 3).fill(0x22);
      buffer.set(encoder.encode(text), offset);
      const view = buffer.subarray(offset, buffer.length - 3);
      expect(refusalOf(view)).toBe("accepted");
      expect(refusalOf(view.subarray(0, view.length - 1))).toMatch(/at byte/);
    }
  });

  it("sees a control character at every place of a word of four bytes", () => {
    for (let before = 0; before < 12; before++) {
      const text = `["${"a".repeat(before)}\u0001${"b".repeat(12)}"]`;
      expect(refusalOf(text)).toContain(
        `a control character inside a string at byte ${before + 2}`,
      );
    }
  });
});
