import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { textOfMail } from "./mail-text.ts";
import { repository } from "./paths.ts";

describe("the text part of a mail", () => {
  it("says what the HTML says, each link behind its label", () => {
    const html = `<head><style>p { color: red }</style></head>
      <h1>Hello</h1><p>It works &amp; it is <b>yours</b>.</p>
      <p><a
        href="http://127.0.0.1/auth/confirm?token_hash=x&amp;type=signup"
        style="color: red"
        >Confirm</a
      ></p>`;
    expect(textOfMail(html)).toBe(
      "Hello\n\nIt works & it is yours.\n\nConfirm: http://127.0.0.1/auth/confirm?token_hash=x&type=signup",
    );
  });

  it("keeps the link or the code of each of our mails", async () => {
    const folder = join(repository.supabase, "templates");
    for (const file of await readdir(folder)) {
      const text = textOfMail(await readFile(join(folder, file), "utf8"));
      expect(text, file).toMatch(/\{\{ \.(TokenHash|Token) \}\}/);
      expect(text, file).not.toContain("<");
    }
  });
});
