/** The dashboard in a real browser, told in the words of somebody who uses it. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setInterval } from "node:timers/promises";

import { type BrowserContext, type Page, chromium } from "playwright-core";
import { z } from "zod";

import type { StackFile } from "../../../scripts/platform/stack-file.ts";
import { CHROMIUM_FLAGS, findChromium } from "../../../scripts/testing/find-chromium.ts";

export type Dashboard = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly close: () => Promise<void>;
};

/** Opens the dashboard of a stack in a browser that has never been there. */
export async function openDashboard(stack: StackFile): Promise<Dashboard> {
  if (stack.web === null) throw new Error("The stack runs without its web app");
  const profile = await mkdtemp(join(tmpdir(), "memoryrouter-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findChromium(),
    headless: true,
    args: CHROMIUM_FLAGS,
    baseURL: stack.web,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return {
    page,
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

const mailsSchema = z.array(
  z.object({ to: z.unknown(), subject: z.string(), links: z.array(z.string()) }),
);

/** The link of the newest mail to an address, once it has arrived. */
async function mailedLink(stack: StackFile, email: string): Promise<string> {
  const newest = async () => {
    const response = await fetch(`${stack.mailbox}/api/messages`);
    const mails = mailsSchema.parse(await response.json());
    return mails.find(({ to }) => JSON.stringify(to).includes(email))?.links[0];
  };
  for await (const _ of setInterval(100, null, { signal: AbortSignal.timeout(15_000) })) {
    const link = await newest();
    if (link !== undefined) return link;
  }
  throw new Error(`No mail came for ${email}`);
}

/** Opens an account the way a mail program and a person do: follow the link, press the button. */
export async function signUp({ page }: Dashboard, stack: StackFile, email: string): Promise<void> {
  await page.goto("/sign-up");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery staple");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Check your mail" }).waitFor();
  await followLink({ page }, await mailedLink(stack, email));
}

/** Signs in without a password. */
export async function signInByMail(
  { page }: Pick<Dashboard, "page">,
  stack: StackFile,
  email: string,
) {
  await fetch(`${stack.mailbox}/api/messages`, { method: "DELETE" });
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "E-mail me a link instead" }).click();
  await page.getByRole("heading", { name: "Check your mail" }).waitFor();
  await followLink({ page }, await mailedLink(stack, email));
}

async function followLink({ page }: Pick<Dashboard, "page">, link: string) {
  await page.goto(link);
  await page.getByRole("main").getByRole("button").first().click();
  await page.waitForURL((url) => !url.pathname.startsWith("/auth/"));
}

export async function signOut({ page }: Dashboard): Promise<void> {
  await page
    .getByRole("button", { name: /^Account menu/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
}

/** Makes a memory key and returns it, as it stands on the screen for the only time. */
export async function createMemoryKey({ page }: Dashboard, name: string): Promise<string> {
  await page.goto("/memory-keys");
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
  const key = (await page.getByTestId("secret").textContent()) ?? "";
  await page.getByRole("button", { name: "I have saved it" }).click();
  return key.trim();
}

export async function addOpenAIKey({ page }: Dashboard, secret: string): Promise<void> {
  await page.goto("/provider-keys");
  await page.getByRole("button", { name: "Add key for OpenAI" }).click();
  await page.getByRole("dialog").getByLabel("Key", { exact: true }).fill(secret);
  await page.getByRole("dialog").getByRole("button", { name: "Check and store" }).click();
}
