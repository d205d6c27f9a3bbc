import { randomBytes } from 'node:crypto';
import { html, raw } from 'hono/html';
import { addressOf } from './addresses.ts';
import { messageId, recipientsOf, type Mail } from './outbox.ts';
import type { State } from './state.ts';

type Html = ReturnType<typeof html>;

/** A mail shown alone runs nothing and asks no host for anything. */
export const MAIL_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'";

/** The mail's own HTML, or its plain text when it has none. */
export const mailPage = ({ request }: Mail): string | Html =>
  request.html ??
  html`<!doctype html>
    <meta charset="utf-8" />
    <title>${request.subject}</title>
    <pre style="white-space: pre-wrap">${request.text}</pre>`;

interface View {
  to: string | undefined;
  sender: string | undefined;
  selected: string | undefined;
}

const SENDERS = { website: 'Website', kestra: 'Kestra', harness: 'Harness' } as const;

/** The inbox for people. It works without its script, which only brings in new mails. */
export function inboxPage(state: State, view: View): { html: Html; policy: string } {
  const nonce = randomBytes(16).toString('base64');
  const wanted = view.to?.trim().toLowerCase() ?? '';
  const mails = state.outbox.mails
    .filter((mail) => !view.sender || mail.sender === view.sender)
    .filter((mail) => recipientsOf(mail).some((recipient) => recipient.includes(wanted)))
    .toReversed();
  const selected = state.outbox.mails.find(({ id }) => id === view.selected);

  return {
    policy:
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; ` +
      "frame-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    html: html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${selected ? `${selected.request.subject} · ` : ''}Inbox</title>
          <link rel="icon" href="data:," />
          <style nonce="${nonce}">
            ${raw(STYLE)}
          </style>
        </head>
        <body>
          <a class="skip" href="#mail">Skip to the mail</a>
          <header>
            <h1>Inbox</h1>
            <p>
              Mail for <code>${state.testMailbox}</code> and its plus-addresses. Nothing here left this
              machine.
            </p>
            ${filterForm(view)} ${refusals(state)}
          </header>
          <div class="panes">
            <nav aria-label="Mails" id="mails">
              <p role="status">${mails.length === 1 ? '1 mail' : `${mails.length} mails`}, newest first</p>
              <ol>
                ${mails.map((mail) => listEntry(state, mail, view))}
              </ol>
            </nav>
            <main id="mail" tabindex="-1">
              ${selected ? mailPane(state, selected) : html`<p class="empty">Choose a mail to read it.</p>`}
            </main>
          </div>
          <script nonce="${nonce}">
            ${raw(SCRIPT)};
          </script>
        </body>
      </html>`,
  };
}

const filterForm = ({ to, sender }: View) => html`
  <form role="search" method="get" action="/_control/inbox">
    <label
      >Recipient <input type="search" name="to" value="${to ?? ''}" placeholder="part of an address"
    /></label>
    <label
      >Sent by
      <select name="sender">
        <option value="">anyone</option>
        ${Object.entries(SENDERS).map(
          ([name, title]) =>
            html`<option value="${name}" ${name === sender ? 'selected' : ''}>${title}</option>`,
        )}
      </select>
    </label>
    <button>Show</button>
  </form>
`;

const refusals = ({ outbox }: State) =>
  outbox.refusedRecipients.length === 0
    ? ''
    : html`<p class="alarm" role="alert">
        Refused, because it would have left the test mailbox:
        ${[...new Set(outbox.refusedRecipients.map(({ address }) => address))].join(', ')}
      </p>`;

function listEntry(state: State, mail: Mail, { to, sender, selected }: View): Html {
  const query = new URLSearchParams({ ...(to && { to }), ...(sender && { sender }), mail: mail.id });
  const current = mail.id === selected ? raw('aria-current="true"') : '';
  return html`<li>
    <a href="/_control/inbox?${query.toString()}" ${current}>
      <span class="line">${badge(mail)} ${event(state, mail)} ${time(mail.receivedAt)}</span>
      <strong>${mail.request.subject}</strong>
      <span class="to">${recipientsOf(mail).join(', ')}</span>
    </a>
  </li>`;
}

function mailPane(state: State, mail: Mail): Html {
  const { request } = mail;
  const source = `/_control/mails/${mail.id}/html`;
  return html`<article aria-labelledby="subject">
    <p class="line">${badge(mail)} ${event(state, mail)} ${time(mail.receivedAt)}</p>
    <h2 id="subject">${request.subject}</h2>
    <dl>
      ${detail('From', request.from)} ${detail('To', request.to.join(', '))}
      ${detail('Cc', request.cc.join(', '))} ${detail('Bcc', request.bcc.join(', '))}
      ${detail('Reply to', request.reply_to.join(', '))}
    </dl>

    <section aria-labelledby="rendered">
      <h3 id="rendered">As it looks</h3>
      <p><a href="${source}">Open it alone</a></p>
      <iframe
        title="The mail “${request.subject}” to ${addressOf(request.to[0] ?? '')}"
        sandbox
        src="${source}"
      ></iframe>
    </section>

    <section aria-labelledby="plain">
      <h3 id="plain">Plain text</h3>
      ${request.text === null ? html`<p class="empty">This mail has none.</p>` : html`<pre tabindex="0">${request.text}</pre>`}
    </section>

    <section aria-labelledby="tags">
      <h3 id="tags">Tags</h3>
      ${
        request.tags.length === 0
          ? html`<p class="empty">This mail has none.</p>`
          : html`<dl>${request.tags.map(({ name, value }) => detail(name, value))}</dl>`
      }
    </section>

    <section aria-labelledby="headers">
      <h3 id="headers">Headers and facts</h3>
      <dl>
        ${detail('Resend id', mail.id)} ${detail('Message-ID', messageId(mail))}
        ${detail('Sent with the key of', mail.sender)} ${detail('Idempotency-Key', mail.idempotencyKey)}
        ${detail('X-Correlation-Id', mail.correlationId)}
        ${Object.entries(request.headers).map(([name, value]) => detail(name, value))}
      </dl>
    </section>
  </article>`;
}

const badge = ({ sender }: Mail) => html`<span class="badge ${sender}">${SENDERS[sender]}</span>`;

function event({ outbox }: State, mail: Mail): Html | string {
  const last = outbox.lastEvent(mail);
  return last === 'delivered' ? '' : html`<span class="badge event">${last}</span>`;
}

const detail = (name: string, value: string | null) =>
  value
    ? html`<dt>${name}</dt>
        <dd>${value}</dd>`
    : '';

function time(ms: number): Html {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 23)} UTC</time>`;
}

const SCRIPT = `
  const mails = document.getElementById('mails');
  setInterval(async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('mails');
    if (fresh.innerHTML === mails.innerHTML) return;
    const focused = document.activeElement.getAttribute('href');
    mails.querySelector('[role=status]').textContent = fresh.querySelector('[role=status]').textContent;
    mails.querySelector('ol').replaceWith(fresh.querySelector('ol'));
    if (focused) [...mails.querySelectorAll('a')].find((link) => link.getAttribute('href') === focused)?.focus();
  }, 2000);
`;

const STYLE = `
  :root {
    color-scheme: light dark;
    --ground: light-dark(#f5f5f7, #16171a); --card: light-dark(#fff, #202227); --line: light-dark(#d9dae0, #3a3d45);
    --ink: light-dark(#1c1d21, #ececf0); --quiet: light-dark(#5a5d68, #a6a9b5); --accent: light-dark(#1f5fbf, #8ab8ff);
  }
  * { box-sizing: border-box; }
  body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); }
  header { padding: 1rem 1.5rem; border-bottom: 1px solid var(--line); background: var(--card); }
  h1 { margin: 0; font-size: 1.4rem; } h2 { margin: .25rem 0 1rem; } h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
  header p { margin: .25rem 0 .75rem; color: var(--quiet); }
  header .alarm { color: light-dark(#a1121f, #ff9aa2); font-weight: 600; margin: .75rem 0 0; }
  form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; }
  input, select, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line);
    border-radius: .4rem; padding: .3rem .6rem; }
  input { width: 18rem; max-width: 100%; }
  a { color: var(--accent); }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .skip { position: absolute; left: -999px; } .skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem; }
  .panes { display: grid; grid-template-columns: minmax(18rem, 26rem) 1fr; gap: 1.5rem; padding: 1.5rem; align-items: start; }
  nav p { margin: 0 0 .5rem; color: var(--quiet); }
  ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
  nav a { display: grid; gap: .15rem; padding: .6rem .8rem; text-decoration: none; color: inherit; background: var(--card);
    border: 1px solid var(--line); border-radius: .6rem; overflow-wrap: anywhere; }
  nav a:hover { border-color: var(--accent); }
  nav a[aria-current] { border-color: var(--accent); box-shadow: inset 4px 0 0 var(--accent); }
  .line { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: 0; color: var(--quiet); font-size: .85rem; }
  .to { color: var(--quiet); font-size: .85rem; }
  .badge { padding: 0 .5rem; border-radius: 1rem; font-size: .8rem; font-weight: 600; border: 1px solid currentColor; }
  .website { color: light-dark(#8a4b00, #ffc27a); } .kestra { color: light-dark(#5b2fb3, #c9b0ff); }
  .harness { color: light-dark(#0b6447, #7fe0b8); } .event { color: var(--quiet); }
  article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem 1.5rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0; }
  dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
  iframe { width: 100%; height: 55vh; border: 1px solid var(--line); border-radius: .4rem; background: #fff; color-scheme: light; resize: vertical; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--ground); padding: 1rem; border-radius: .4rem; margin: 0; }
  .empty { color: var(--quiet); }
  @media (max-width: 60rem) { .panes { grid-template-columns: 1fr; } }
`;
