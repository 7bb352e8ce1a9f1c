import { createServer } from "node:net";

import { describe, expect, it } from "vitest";

import { freePortBase } from "./free-port-base.ts";
import { checkPorts, LOOPBACK, planPorts, PORT_NAMES } from "./ports.ts";

describe("the ports of a stack", () => {
  it("are the usual ones of Supabase, wrangler and Vite without a base", () => {
    expect(planPorts()).toMatchObject({
      supabase: 54_321,
      sql: 54_322,
      mailbox: 54_324,
      worker: 8787,
      web: 5173,
    });
  });

  it("lie within ten of the base and are all different", () => {
    const ports = Object.values(planPorts(56_000));
    expect(new Set(ports).size).toBe(PORT_NAMES.length);
    expect(Math.min(...ports)).toBe(56_000);
    expect(Math.max(...ports)).toBeLessThan(56_010);
  });

  it("are refused with a sentence that names the port, who wants it and what to do", async () => {
    const base = await freePortBase();
    const occupied = createServer();
    await new Promise<void>((resolve) => {
      occupied.listen(base + 4, LOOPBACK, resolve);
    });
    try {
      const message = checkPorts(planPorts(base), PORT_NAMES).catch(String);
      expect(await message).toMatch(new RegExp(`Port ${base + 4}, which the API worker needs,`));
      expect(await message).toMatch(/--port-base/);
    } finally {
      occupied.close();
    }
  });
});
