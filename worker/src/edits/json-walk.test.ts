import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { scanJson } from "./json-document.ts";
import { elements, lastValues, members, stringAt, valueAt } from "./json-walk.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function documentOf(text: string) {
  return scanJson(encoder.encode(text));
}

describe("walking a document", () => {
  it("finds what JSON.parse finds, however the body is written", () => {
    const value = fc.dictionary(fc.string({ maxLength: 20 }), fc.jsonValue({ maxDepth: 3 }));
    const space = fc.constantFrom("", " ", "\n\t", "  ");
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), space, (values, indent) => {
        const objects = values.map((object) => [object]);
        const text = JSON.stringify({ objects }, null, indent);
        fc.pre(!/\\ud[89a-f]/i.test(text));
        const document = documentOf(text);
        const { objects: list } = lastValues(document, document.root, ["objects"]);
        const found = [...elements(document, list?.start ?? 0)].map(({ start, end }) =>
          JSON.parse(decoder.decode(document.bytes.subarray(start, end))),
        );
        expect(found).toEqual(JSON.parse(JSON.stringify(objects)));
      }),
    );
  });

  it("rebuilds nested objects and arrays member by member", () => {
    const text = '{"a" : [ [ ] , { } , {"b":{"c":["]",{"}":"{"}]}} ] , "d":-1.5e3,"e" :null }';
    const document = documentOf(text);
    const rebuilt = [...members(document, document.root)].map(({ key, value }) => [
      key,
      decoder.decode(document.bytes.subarray(value.start, value.end)),
    ]);
    expect(rebuilt).toEqual([
      ["a", '[ [ ] , { } , {"b":{"c":["]",{"}":"{"}]}} ]'],
      ["d", "-1.5e3"],
      ["e", "null"],
    ]);
  });

  it("steps over long values as it does over short ones", () => {
    const long = 'x\\"'.repeat(5000);
    const document = documentOf(`{"a":"${long}","b":[["${long}"],{"c":"${long}"}],"d":"end"}`);
    const found = lastValues(document, document.root, ["a", "d"]);
    expect(stringAt(document, found.d)).toBe("end");
    expect(stringAt(document, found.a)).toBe('x"'.repeat(5000));
  });

  it("takes the last of duplicate keys, as JSON.parse does", () => {
    const document = documentOf('{"model":"first","model":"second"}');
    expect(stringAt(document, lastValues(document, document.root, ["model"]).model)).toBe("second");
  });

  it("knows a key by what it spells, not by how it is written", () => {
    const document = documentOf('{"\\u006dodel":"m","\\u0073\\u0074\\u0072\\u0065am":true}');
    const found = lastValues(document, document.root, ["model", "stream"]);
    expect(stringAt(document, found.model)).toBe("m");
    expect(valueAt(document, found.stream)).toBe(true);
  });

  it.each([
    ["plain", '"hello"', "hello"],
    ["empty", '""', ""],
    ["escaped", '"a\\n\\"\\\\\\/\\u00e9"', 'a\n"\\/é'],
    ["of several bytes", '"記憶 😀"', "記憶 😀"],
    ["of escaped pairs", '"\\ud83d\\ude00"', "😀"],
    ["with a byte order mark", '"\ufefffirst"', "\ufefffirst"],
    ["ending in a backslash", '"a\\\\"', "a\\"],
  ])("reads a string that is %s", (_, token, expected) => {
    const document = documentOf(`[${token}]`);
    const [value] = elements(document, document.root);
    expect(stringAt(document, value)).toBe(expected);
  });

  it("reads any string exactly", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const document = documentOf(JSON.stringify([text]));
        const [value] = elements(document, document.root);
        expect(stringAt(document, value)).toBe(text);
      }),
    );
  });

  it("reads no string where there is another value or none", () => {
    const document = documentOf('{"a":1}');
    expect(stringAt(document, lastValues(document, document.root, ["a"]).a)).toBeNull();
    expect(stringAt(document, undefined)).toBeNull();
    expect(valueAt(document, undefined)).toBeUndefined();
  });

  it("tells of a container too long to read only which kind it is", () => {
    const document = documentOf(`[{"a":"${"x".repeat(20_000)}"},[${"1,".repeat(10_000)}1]]`);
    expect([...elements(document, document.root)].map((value) => valueAt(document, value))).toEqual(
      [{}, []],
    );
  });

  it("finds nothing in what is no container", () => {
    const document = documentOf('["text"]');
    expect([...members(document, document.root)]).toEqual([]);
    expect([...elements(document, document.root + 1)]).toEqual([]);
  });
});
