import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readHeaderRules } from "./static-headers.ts";
import { createStaticApp } from "./web.ts";

const CONFIG = {
  supabaseUrl: "http://127.0.0.1:1",
  publishableKey: "sb_publishable_x",
  apiUrl: "http://127.0.0.1:2",
  functionsUrl: "http://127.0.0.1:1/functions/v1",
  providers: { google: false, github: false },
  demoModel: "demo/memory",
};

describe("the built web app", () => {
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "memoryrouter-web-"));
    await mkdir(join(folder, "assets"));
    await writeFile(join(folder, "index.html"), "<title>App</title>");
    await writeFile(join(folder, "_headers"), "/*\n  X-Frame-Options: DENY\n");
    await writeFile(join(folder, "assets", "app.js"), "run()");
  });
  afterAll(() => rm(folder, { recursive: true }));

  const get = (path: string) => {
    const rules = readHeaderRules("/*\n  X-Frame-Options: DENY\n", {});
    return createStaticApp(folder, rules, async () => CONFIG).request(path);
  };

  it("serves files with their type and the headers of production", async () => {
    const response = await get("/assets/app.js");
    expect(await response.text()).toBe("run()");
    expect(response.headers.get("content-type")).toContain("javascript");
    expect(response.headers.get("x-frame-options")).toBe("DENY");
  });

  it("answers every page of the app with the app", async () => {
    const response = await get("/keys/some-key");
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("<title>App</title>");
  });

  it("tells the app where everything is", async () => {
    const response = await get("/config.json");
    expect(await response.json()).toEqual(CONFIG);
  });

  it.each(["/assets/gone.js", "/_headers", "/..%2f..%2f..%2fpackage.json", "/%ff"])(
    "does not answer %s",
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
    },
  );
});
