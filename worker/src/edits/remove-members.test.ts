import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { scanJson } from "./json-document.ts";
import { removeMembers } from "./remove-members.ts";
import { splice } from "./splice.ts";

function without(text: string, ...names: readonly string[]): string {
  const bytes = new TextEncoder().encode(text);
  const document = scanJson(bytes);
  const edits = removeMembers(document, document.root, (key) => names.includes(key));
  return new TextDecoder().decode(splice(bytes, edits));
}

describe("removeMembers", () => {
  it.each([
    ["the first", '{"x":1,"a":2}', '{"a":2}'],
    ["the last", '{"a":2,"x":1}', '{"a":2}'],
    ["one in the middle", '{"a":2,"x":1,"b":3}', '{"a":2,"b":3}'],
    ["the only one", '{"x":1}', "{}"],
    ["two side by side", '{"a":2,"x":1,"y":1,"b":3}', '{"a":2,"b":3}'],
    ["the first two", '{"x":1,"y":1,"b":3}', '{"b":3}'],
    ["all", '{"x":1,"y":[],"x":{}}', "{}"],
    ["every occurrence", '{"x":1,"a":2,"x":3,"b":4,"x":5}', '{"a":2,"b":4}'],
    ["a key written with escapes", '{"a":2,"\\u0078":1}', '{"a":2}'],
    ["a member spread over lines", '{\n  "a" : 2 ,\n  "x" : [\n1 ]\n}', '{\n  "a" : 2 \n}'],
    ["a first member with room behind it", '{ "x":1 , "a":2 }', '{ "a":2 }'],
    ["an only member with room around it", '{ "x" : 1 }', "{  }"],
    ["what contains commas and brackets", '{"a":2,"x":"},{,","b":3}', '{"a":2,"b":3}'],
  ])("takes out %s", (_, text, expected) => {
    expect(without(text, "x", "y")).toBe(expected);
  });

  it("leaves names alone that stand deeper", () => {
    expect(without('{"a":{"x":1},"x":1}', "x")).toBe('{"a":{"x":1}}');
  });

  it("leaves what JSON.parse would leave, however the members are mixed", () => {
    const space = fc.constantFrom("", " ", "\n", "\t ");
    const member = fc.tuple(fc.constantFrom("x", "y", "a", "b", "c"), fc.jsonValue(), space);
    fc.assert(
      fc.property(fc.array(member, { maxLength: 8 }), (given) => {
        const write = (list: typeof given) =>
          `{${list.map(([key, value, gap]) => `${gap}"${key}"${gap}:${gap}${JSON.stringify(value)}${gap}`).join(",")}}`;
        fc.pre(!/\\ud[89a-f]/i.test(write(given)));
        const staying = given.filter(([key]) => key !== "x" && key !== "y");
        expect(JSON.parse(without(write(given), "x", "y"))).toEqual(JSON.parse(write(staying)));
      }),
    );
  });
});
