import { describe, expect, it } from "vitest";

import { partEnvironment, readSettings } from "./settings.ts";

describe("the settings of a stack", () => {
  it("ask for nothing", () => {
    expect(readSettings({})).toEqual({
      databaseUrl: null,
      supabase: null,
      embeddings: { url: null, apiKey: null, model: null },
      github: null,
    });
  });

  it("take an empty line in .env for no line", () => {
    expect(readSettings({ DATABASE_URL: "", SUPABASE_URL: "" })).toEqual(readSettings({}));
  });

  it("want the keys of a Supabase beside its address", () => {
    expect(() => readSettings({ SUPABASE_URL: "http://127.0.0.1:1" })).toThrow(
      "SUPABASE_URL needs SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY",
    );
  });

  it.each([
    { DATABASE_URL: "mysql://127.0.0.1/x" },
    { SUPABASE_URL: "here" },
    { EMBEDDINGS_URL: "ftp://127.0.0.1" },
  ])("name what is wrong in %o", (environment) => {
    expect(() => readSettings(environment)).toThrow(Object.keys(environment)[0]);
  });

  it("do not let the parts of a stack report anything to anybody", () => {
    expect(partEnvironment("MARK", "1")).toMatchObject({
      DO_NOT_TRACK: "1",
      LITE_TELEMETRY: "0",
      SUPABASE_TELEMETRY_DISABLED: "1",
      WRANGLER_SEND_METRICS: "false",
      MARK: "1",
    });
  });
});
