import { describe, expect, it } from "vitest";

import { exampleModel } from "./example-model";
import { languages, snippet, snippetText } from "./snippets";

const values = {
  baseUrl: "https://api.example.com/v1",
  key: "mk_0123456789",
  model: "openai/gpt-5.5",
};

describe.each(languages)("The $label snippet", ({ id }) => {
  const lines = snippet(id, values);
  const text = snippetText(lines);

  it("holds the real base URL, the key and the model, each where one would change it", () => {
    for (const value of [values.baseUrl, values.key]) expect(text.split(value)).toHaveLength(2);
    expect(text).toContain(values.model);
  });

  it("marks the two lines that differ from a program without memory", () => {
    const ours = lines.filter(({ isOurs }) => isOurs).map((line) => line.text);
    expect(ours).toHaveLength(2);
    expect(ours[0]).toContain(values.baseUrl);
    expect(ours[1]).toContain(values.key);
    expect(text).not.toContain("»");
  });

  it("tells in one session and asks in another", () => {
    expect(text).toMatch(/peanuts[^]*monday|monday[^]*peanuts/);
    expect(text).toContain("friday");
  });
});

it("The curl snippet sends JSON", () => {
  const text = snippetText(snippet("curl", values));
  const bodies = [...text.matchAll(/-d '([^']*)'/g)].map(([, body = ""]) => JSON.parse(body));
  expect(bodies).toHaveLength(2);
  expect(bodies[0]).toMatchObject({ model: values.model, messages: [{ role: "user" }] });
});

describe("The example's model", () => {
  it("is one that the account can call", () => {
    expect(exampleModel(["openrouter", "anthropic"])).toMatch(/^anthropic\//);
    expect(exampleModel(["openrouter"])).toMatch(/^openrouter\//);
  });

  it("is the local stack's own before there is any provider key", () => {
    expect(exampleModel([], "demo/memory")).toBe("demo/memory");
    expect(exampleModel(["openai"], "demo/memory")).toMatch(/^openai\//);
    expect(exampleModel([])).toMatch(/^openai\//);
  });
});
