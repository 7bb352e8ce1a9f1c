/** Receives every mail the stack sends, and shows it instead of delivering it. */

import { Hono } from "hono";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";

import { mailPage, mailsPage } from "./mailbox-page.ts";
import { LOOPBACK } from "./ports.ts";
import { serveOnLoopback } from "./serve.ts";

export type Mail = {
  readonly id: string;
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly links: readonly string[];
  readonly receivedAt: string;
};

export type Mailbox = {
  readonly url: string;
  readonly stop: () => Promise<void>;
};

/** Mails are kept in memory: the links in them live for an hour. */
const KEPT_MAILS = 500;

export async function startMailbox(options: {
  readonly port: number;
  readonly smtpPort: number;
}): Promise<Mailbox> {
  const mails: Mail[] = [];
  const smtp = await receiveMails(options.smtpPort, (mail) => {
    mails.unshift(mail);
    mails.length = Math.min(mails.length, KEPT_MAILS);
  });
  const served = await serveOnLoopback(createMailboxPages(mails).fetch, options.port);
  return {
    url: served.url,
    stop: async () => {
      await served.close();
      await new Promise<void>((resolve) => smtp.close(resolve));
    },
  };
}

function receiveMails(port: number, receive: (mail: Mail) => void): Promise<SMTPServer> {
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: 5_000_000,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        readMail(Buffer.concat(chunks), to).then(
          (mail) => {
            receive(mail);
            done();
          },
          (cause: unknown) => done(cause instanceof Error ? cause : new Error(String(cause))),
        );
      });
    },
  });
  return new Promise((resolve, reject) => {
    smtp.once("error", reject);
    smtp.listen(port, LOOPBACK, () => {
      smtp.off("error", reject);
      // A client that breaks off is no reason to end.
      smtp.on("error", () => {});
      resolve(smtp);
    });
  });
}

async function readMail(source: Buffer, to: readonly string[]): Promise<Mail> {
  const { from, subject, text, html } = await PostalMime.parse(new Uint8Array(source));
  return {
    id: crypto.randomUUID(),
    to,
    from: from?.address ?? "",
    subject: subject ?? "",
    text: text ?? "",
    html: html ?? null,
    links: linksOf(html ?? text ?? ""),
    receivedAt: new Date().toISOString(),
  };
}

export function linksOf(body: string): string[] {
  const links = body.match(/https?:\/\/[^\s"'<>]+/g) ?? [];
  return [...new Set(links.map((link) => link.replaceAll("&amp;", "&")))];
}

/** `mails` is newest first and changes under the pages. */
export function createMailboxPages(mails: Mail[]): Hono {
  const app = new Hono();

  // A page elsewhere whose name points at this machine could otherwise read sign-in links.
  app.use(async (c, next) => {
    const host = new URL(c.req.url).hostname;
    if (host === LOOPBACK || host === "localhost") return next();
    return c.text("The mailbox answers on the loopback address only", 403);
  });

  app.get("/api/messages", (c) => {
    const to = c.req.query("to")?.toLowerCase();
    const wanted = (mail: Mail) => mail.to.some((address) => address.toLowerCase() === to);
    return c.json(to === undefined ? mails : mails.filter(wanted));
  });
  app.get("/api/messages/:id", (c) => {
    const mail = mails.find(({ id }) => id === c.req.param("id"));
    return mail ? c.json(mail) : c.json({ error: "There is no such mail" }, 404);
  });
  app.delete("/api/messages", (c) => {
    mails.length = 0;
    return c.body(null, 204);
  });

  app.get("/", (c) => c.html(mailsPage(mails)));
  app.get("/messages/:id", (c) => {
    const mail = mails.find(({ id }) => id === c.req.param("id"));
    return mail ? c.html(mailPage(mail)) : c.notFound();
  });
  // What a mail says is somebody else's HTML: it may be looked at, and nothing more.
  app.get("/messages/:id/html", (c) => {
    const mail = mails.find(({ id }) => id === c.req.param("id"));
    if (!mail) return c.notFound();
    c.header(
      "content-security-policy",
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
    );
    return c.html(`<base target="_blank">${mail.html ?? ""}`);
  });

  return app;
}
