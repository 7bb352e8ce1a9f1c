import { describe, expect, it } from "vitest";

import { isInRequest, requestWords, wordsOf } from "./request-words.ts";

describe("wordsOf", () => {
  it.each([
    ["Café — at 7:30, OK?", "café at 7 30 ok"],
    ["नमस्ते दुनिया", "नमस्ते दुनिया"],
    ["来週、リスボンへ。", "来週 リスボンへ"],
    [" 👍 ", "👍"],
    ["", ""],
  ])("reads %j as %j", (text, words) => {
    expect(wordsOf(text)).toBe(words);
  });
});

describe("isInRequest", () => {
  it("finds nothing in an empty request, and no empty memory in any", () => {
    expect(isInRequest("anything", requestWords([]))).toBe(false);
    expect(isInRequest("", requestWords(["", "Hello"]))).toBe(false);
  });

  it("looks through the end of an endless request and skips its beginning", () => {
    const beginning = "The first thing that was ever said here.";
    const end = "The last thing that was said here.";
    const request = requestWords([`${beginning} ${"and so on ".repeat(50_000)} ${end}`]);
    expect(isInRequest(wordsOf(end), request)).toBe(true);
    expect(isInRequest(wordsOf(beginning), request)).toBe(false);
  });
});
