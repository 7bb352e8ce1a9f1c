import { describe, expect, it } from "vitest";

import { DATABASE_SECRET, TEST_ENV } from "../test/fakes.ts";
import { readConfig } from "./config.ts";

describe("readConfig", () => {
  it("fills in what has a default", () => {
    const { limits, upstreams } = readConfig(TEST_ENV);

    expect(limits).toMatchObject({
      recallDeadlineMs: 400,
      embedDeadlineMs: 250,
      drainLimitMs: 25_000,
    });
    expect(upstreams).toEqual({});
  });

  it("reads a list of origins", () => {
    const { dashboardOrigins } = readConfig({
      ...TEST_ENV,
      DASHBOARD_ORIGINS: "https://a.test, https://b.test",
    });

    expect(dashboardOrigins).toEqual(["https://a.test", "https://b.test"]);
  });

  it.each([
    ["a missing setting", { SUPABASE_URL: undefined }, "SUPABASE_URL"],
    ["a key of another kind", { SUPABASE_SECRET_KEY: "sb_publishable_x" }, "SUPABASE_SECRET_KEY"],
    ["sealing keys that are no JSON", { SEALING_KEYS: "k1" }, "SEALING_KEYS"],
    [
      "a current sealing key that is missing",
      { SEALING_KEYS: '{"current":"k2","keys":{}}' },
      "SEALING_KEYS",
    ],
    ["a deadline of zero", { RECALL_DEADLINE_MS: "0" }, "RECALL_DEADLINE_MS"],
    [
      "redirected providers in production",
      { ENVIRONMENT: "production", UPSTREAMS: "{}" },
      "UPSTREAMS",
    ],
  ])("names %s", (_name, env, setting) => {
    expect(() => readConfig({ ...TEST_ENV, ...env })).toThrow(setting);
  });

  it("never repeats a secret in what it complains about", () => {
    const read = () => readConfig({ ...TEST_ENV, SUPABASE_URL: "no url" });

    expect(read).toThrow("SUPABASE_URL");
    expect(read).not.toThrow(DATABASE_SECRET);
  });
});
