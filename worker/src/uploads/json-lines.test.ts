import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readLines } from "./json-lines.ts";

async function linesOf(...chunks: (string | Uint8Array)[]) {
  async function* source() {
    for (const chunk of chunks)
      yield typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
  }
  return Array.fromAsync(readLines(source()));
}

describe("readLines", () => {
  it("counts lines as an editor does, blank ones too", async () => {
    expect(await linesOf("a\n\nb\n")).toEqual([
      { number: 1, text: "a" },
      { number: 2, text: "" },
      { number: 3, text: "b" },
    ]);
  });

  it("does not need a line feed at the end", async () => {
    expect(await linesOf("a\nb")).toHaveLength(2);
  });

  it("has nothing to tell of an empty file", async () => {
    expect(await linesOf("")).toEqual([]);
  });

  it("reads the same wherever the chunks are cut, in the middle of a character too", async () => {
    const text = "één\n語言\n😀😀\n";
    const bytes = new TextEncoder().encode(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.slice(places[index], end));
        const lines = await linesOf(...chunks);
        expect(lines.map((line) => line.text)).toEqual(["één", "語言", "😀😀"]);
      }),
    );
  });

  it("keeps nothing that lies in a buffer which is used again", async () => {
    const buffer = new TextEncoder().encode("ab");
    async function* source() {
      yield buffer;
      buffer.fill(0x78);
      yield new TextEncoder().encode("c\n");
    }

    expect(await Array.fromAsync(readLines(source()))).toEqual([{ number: 1, text: "abc" }]);
  });

  it("gives no text for a line that is not UTF-8, and goes on behind it", async () => {
    const lines = await linesOf(Uint8Array.of(0xff, 0xfe, 0x0a), "good\n");

    expect(lines).toEqual([
      { number: 1, text: null },
      { number: 2, text: "good" },
    ]);
  });

  it("gives no text for a line of three megabytes, and does not hold it", async () => {
    const lines = await linesOf(
      ..."x"
        .repeat(3)
        .split("")
        .map((letter) => letter.repeat(1024 * 1024)),
      "\ngood",
    );

    expect(lines).toEqual([
      { number: 1, text: null },
      { number: 2, text: "good" },
    ]);
  });
});
