import { describe, expect, it } from "vitest";

import { createMailboxPages, linksOf, type Mail } from "./mailbox.ts";

const MAIL: Mail = {
  id: "1",
  to: ["ada@example.com"],
  from: "no-reply@example.com",
  subject: "<b>Hello</b>",
  text: "Hello",
  html: "<p>Hello</p><script>steal()</script>",
  links: ["http://127.0.0.1:1/auth/confirm?token_hash=x&type=signup"],
  receivedAt: "2026-03-02T10:00:00.000Z",
};

const ask = (path: string, init?: RequestInit, mails = [MAIL]) =>
  createMailboxPages(mails).request(`http://127.0.0.1${path}`, init);

describe("the mailbox", () => {
  it("lists mails as JSON, and those to one address", async () => {
    expect(await (await ask("/api/messages")).json()).toEqual([MAIL]);
    expect(await (await ask("/api/messages?to=ADA@example.com")).json()).toEqual([MAIL]);
    expect(await (await ask("/api/messages?to=bob@example.com")).json()).toEqual([]);
    expect(await (await ask("/api/messages/1")).json()).toEqual(MAIL);
    expect((await ask("/api/messages/2")).status).toBe(404);
  });

  it("is emptied on request", async () => {
    const mails = [MAIL];
    expect((await ask("/api/messages", { method: "DELETE" }, mails)).status).toBe(204);
    expect(mails).toEqual([]);
  });

  it("shows a mail without letting it do anything", async () => {
    const list = await (await ask("/")).text();
    expect(list).toContain("&lt;b&gt;Hello&lt;/b&gt;");
    const page = await (await ask("/messages/1")).text();
    expect(page).not.toContain("<script>");
    const html = await ask("/messages/1/html");
    const policy = html.headers.get("content-security-policy");
    expect(policy).toContain("sandbox");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("allow-scripts");
  });

  it("answers under this machine's own names alone", async () => {
    const answer = await createMailboxPages([MAIL]).request("http://rebound.example/api/messages");
    expect(answer.status).toBe(403);
  });

  it("finds each link once, as it is to be opened", () => {
    const html = '<a href="http://a/?x=1&amp;y=2">a</a> <a href="http://a/?x=1&amp;y=2">again</a>';
    expect(linksOf(html)).toEqual(["http://a/?x=1&y=2"]);
  });
});
