/** The mailbox as a person sees it: a list of mails, and one mail. */

import { html } from "hono/html";

import type { Mail } from "./mailbox.ts";

type Markup = ReturnType<typeof html>;

export function mailsPage(mails: readonly Mail[]): Markup {
  const rows = mails.map(
    (mail) =>
      html`<li>
        <a href="/messages/${mail.id}">
          <strong>${mail.subject}</strong>
          <span>${mail.to.join(", ")}</span>
          <time datetime="${mail.receivedAt}"
            >${mail.receivedAt.slice(0, 19).replace("T", " ")} UTC</time
          >
        </a>
      </li>`,
  );
  const body =
    mails.length > 0
      ? html`<ul>
          ${rows}
        </ul>`
      : html`<p>No mail yet. This page looks again every five seconds.</p>`;
  return page(
    "Mailbox",
    html`<h1>Mailbox</h1>
      ${body}`,
    html`<meta http-equiv="refresh" content="5" />`,
  );
}

export function mailPage(mail: Mail): Markup {
  const links = mail.links.map(
    (link) => html`<li><a href="${link}" rel="noreferrer">${link}</a></li>`,
  );
  const shown =
    mail.html === null
      ? html`<pre>${mail.text}</pre>`
      : html`<iframe
          title="The mail"
          src="/messages/${mail.id}/html"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
        ></iframe>`;
  return page(
    mail.subject,
    html`<p><a href="/">All mails</a></p>
      <h1>${mail.subject}</h1>
      <p>To ${mail.to.join(", ")} from ${mail.from}</p>
      ${shown}
      <h2>Links</h2>
      <ul>
        ${links}
      </ul>
      <h2>Text</h2>
      <pre>${mail.text}</pre>`,
    html``,
  );
}

function page(title: string, body: Markup, head: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${head}
        <style>
          body {
            font:
              16px/1.5 system-ui,
              sans-serif;
            max-width: 48rem;
            margin: 2rem auto;
            padding: 0 1rem;
          }
          ul {
            list-style: none;
            padding: 0;
          }
          li a {
            display: grid;
            gap: 0.1rem;
            padding: 0.6rem 0;
            border-bottom: 1px solid #8884;
            overflow-wrap: anywhere;
          }
          pre {
            white-space: pre-wrap;
            overflow-wrap: anywhere;
          }
          iframe {
            width: 100%;
            height: 28rem;
            border: 1px solid #8884;
            background: #fff;
          }
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}
