import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { repository } from "./paths.ts";
import { headersFor, readHeaderRules } from "./static-headers.ts";

const VALUES = { SUPABASE_URL: "http://127.0.0.1:1", API_URL: "http://127.0.0.1:2" };

describe("the headers of static files", () => {
  it("fills in the addresses and applies every rule that matches", () => {
    const rules = readHeaderRules(
      "# a comment\n/*\n  X-One: 1\n  Policy: connect-src {{API_URL}}\n\n/assets/*\n  Cache-Control: immutable\n",
      VALUES,
    );
    expect(Object.fromEntries(headersFor(rules, "/assets/a.js"))).toEqual({
      "x-one": "1",
      policy: "connect-src http://127.0.0.1:2",
      "cache-control": "immutable",
    });
    expect(headersFor(rules, "/keys").has("cache-control")).toBe(false);
  });

  it("does not leave a placeholder in a header", () => {
    expect(() => readHeaderRules("/*\n  A: {{SECRET}}\n", VALUES)).toThrow("{{SECRET}}");
  });

  it("understands the app's own file", async () => {
    const text = await readFile(join(repository.web, "public", "_headers"), "utf8");
    const headers = headersFor(readHeaderRules(text, VALUES), "/");
    expect(headers.get("content-security-policy")).toContain(
      "connect-src 'self' http://127.0.0.1:1 http://127.0.0.1:2",
    );
  });
});
