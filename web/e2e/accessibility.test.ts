import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { type Dashboard, createMemoryKey, openDashboard, signUp } from "./support/dashboard.ts";
import { type TestStack, startTestStack } from "./support/test-stack.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SIGNED_OUT = ["/sign-in", "/sign-up", "/forgot-password", "/no-such-page"];
const SIGNED_IN = ["/", "/memory-keys", "/provider-keys", "/account"];
const WIDTHS = [1280, 360];
const SCHEMES = ["light", "dark"] as const;

const resultsSchema = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

let stack: TestStack;
let dashboard: Dashboard;

beforeAll(async () => {
  stack = await startTestStack({});
  dashboard = await openDashboard(stack);
});

afterAll(async () => {
  await dashboard?.close();
  await stack?.stop();
});

/** What axe finds on a page, in every theme and width, and whether anything sticks out sideways. */
async function problemsOn(path: string) {
  const { page } = dashboard;
  const problems: string[] = [];
  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 800 });
      await page.goto(path, { waitUntil: "networkidle" });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.evaluate(axe.source);
      const found: unknown = await page.evaluate(
        `axe.run(document, { runOnly: ${JSON.stringify(TAGS)} })`,
      );
      const where = `${path} ${colorScheme} ${width}px`;
      for (const { id, nodes } of resultsSchema.parse(found).violations) {
        problems.push(`${where}: ${id} ${nodes.map(({ html }) => html).join(" ")}`);
      }
      const overflow: unknown = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      if (overflow !== 0) problems.push(`${where}: scrolls sideways by ${String(overflow)}px`);
    }
  }
  return problems;
}

describe("The dashboard, in light and dark, on a desk and on a phone", () => {
  it.each(SIGNED_OUT)("is accessible to a visitor at %s", async (path) => {
    expect(await problemsOn(path)).toEqual([]);
  });

  it("lets somebody in", async () => {
    await signUp(dashboard, stack, "grace@example.com");
    expect(new URL(dashboard.page.url()).pathname).toBe("/");
  });

  it.each(SIGNED_IN)("is accessible while empty at %s", async (path) => {
    expect(await problemsOn(path)).toEqual([]);
  });

  it("is accessible with a key to show", async () => {
    await createMemoryKey(
      dashboard,
      "A name that is long enough to need more than one line on a phone",
    );
    expect(await problemsOn("/memory-keys")).toEqual([]);
  });

  it("keeps its own content security policy", async () => {
    const refused: string[] = [];
    const { page } = dashboard;
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) refused.push(message.text());
    });
    for (const path of SIGNED_IN) await page.goto(path, { waitUntil: "networkidle" });
    const policy = (await page.request.get("/")).headers()["content-security-policy"];
    expect(policy).toMatch(/default-src 'none'|default-src 'self'/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(refused).toEqual([]);
  });
});
