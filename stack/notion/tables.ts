import { html, raw } from 'hono/html';
import type { Plain, Property } from './values.ts';
import type { Page, Source } from './workspace.ts';

/** Rows shown of each database until all are asked for. */
const FIRST_ROWS = 200;
/** Text longer than this is folded. */
const SHORT = 90;

type Html = ReturnType<typeof html>;

export interface TablesView {
  sources: readonly Source[];
  rowsOf: (source: Source, email: string | undefined) => readonly Page[];
  email: string | undefined;
  all: boolean;
  now: number;
}

/** The databases as tables a person can read: newest row first, columns nobody has filled left out. */
export function tablesPage({ sources, rowsOf, email, all, now }: TablesView): Html {
  const found = sources.map((source) => ({ source, rows: rowsOf(source, email || undefined) }));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Notion stand-in: databases</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <header id="top">
          <h1>Notion stand-in</h1>
          <p>${email ? html`Rows of <strong>${email}</strong>` : 'All rows'}, ${timeOf(now)}.</p>
          <form role="search">
            <label for="email">Show one lead</label>
            <input
              id="email"
              name="email"
              type="email"
              value="${email ?? ''}"
              placeholder="lead@example.com"
            />
            <button>Show</button>
            ${email ? html`<a href="?">Show all leads</a>` : ''}
          </form>
          <nav aria-label="Databases">
            <ul>
              ${found.map(
                ({ source, rows }) =>
                  html`<li><a href="#${source.name}">${source.title}</a> ${rows.length}</li>`,
              )}
            </ul>
          </nav>
        </header>
        <main>${found.map(({ source, rows }) => section(source, rows, { email, all }))}</main>
      </body>
    </html>`;
}

function section(
  source: Source,
  rows: readonly Page[],
  { email, all }: Pick<TablesView, 'email' | 'all'>,
): Html {
  const heading = `${source.name}-heading`;
  const shown = all ? rows : rows.slice(0, FIRST_ROWS);
  const columns = source.properties.filter(
    (property) => property.type === 'title' || shown.some((page) => isFilled(page.plain(property))),
  );
  const everything = new URLSearchParams({ all: '', ...(email ? { email } : {}) }).toString();
  return html`<section id="${source.name}" aria-labelledby="${heading}">
    <h2 id="${heading}">
      ${source.title} <small>${rows.length === 1 ? '1 row' : `${rows.length} rows`}</small>
    </h2>
    ${shown.length === 0 ? html`<p class="none">Nothing here.</p>` : table(shown, columns, heading)}
    <p>
      ${
        shown.length < rows.length
          ? html`The newest ${shown.length} of them.
              <a href="?${everything}#${source.name}">Show all ${rows.length}</a>. `
          : ''
      }<a href="#top">Back to the top</a>
    </p>
  </section>`;
}

function table(rows: readonly Page[], columns: readonly Property[], heading: string): Html {
  return html`<div class="scroll" role="region" aria-labelledby="${heading}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}
          <th scope="col">Created</th>
          <th scope="col">Last edited</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (page) =>
            html`<tr class="${page.inTrash ? 'trash' : ''}">
              ${columns.map((property) => cell(page, property))}
              <td>${timeOf(page.createdAt)}${page.inTrash ? ' (in the trash)' : ''}</td>
              <td>${timeOf(page.editedAt)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const isFilled = (plain: Plain) =>
  plain !== null && plain !== false && plain !== '' && !(Array.isArray(plain) && plain.length === 0);

function cell(page: Page, property: Property): Html {
  const plain = page.plain(property);
  const content = isFilled(plain) ? contentOf(property, plain) : '';
  if (property.type === 'title') return html`<th scope="row">${content || 'Untitled'}</th>`;
  return html`<td class="${property.type}">${content}</td>`;
}

function contentOf({ type, options }: Property, plain: Plain): Html | string {
  const pill = (name: string) => {
    const color = options.find((option) => option.name === name)?.color ?? 'default';
    return html`<span class="pill ${color}">${name}</span> `;
  };
  const text = String(plain);
  switch (type) {
    case 'email':
      return html`<a href="?${new URLSearchParams({ email: text }).toString()}">${text}</a>`;
    case 'select':
    case 'multi_select':
      return html`${[plain].flat().map((name) => pill(String(name)))}`;
    case 'date':
      return text.length > 'YYYY-MM-DD'.length ? timeOf(Date.parse(text)) : text;
    case 'checkbox':
      return 'yes';
    case 'title':
    case 'rich_text':
    case 'number':
      return text.length <= SHORT
        ? text
        : html`<details>
            <summary>${text.slice(0, SHORT)}…</summary>
            <pre>${text}</pre>
          </details>`;
  }
}

function timeOf(ms: number): Html {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --link: #0b5cad }
@media (prefers-color-scheme: dark) { :root { --link: #7ab8ff } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1rem 1.5rem 3rem; font: 15px/1.45 system-ui, sans-serif; max-width: 120rem }
h1 { margin: 0; font-size: 1.5rem } h2 { margin: 2rem 0 .5rem; font-size: 1.2rem } small { font-weight: normal; font-size: .85em }
header p { margin: .25rem 0 1rem } a { color: var(--link) }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center }
input, button { font: inherit; padding: .3rem .6rem } input { min-width: 20rem; max-width: 100% }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 1rem 0 0; padding: 0; list-style: none }
.scroll { overflow: auto; max-height: 75vh; border: 1px solid var(--line); border-radius: .4rem }
table { border-collapse: separate; border-spacing: 0; min-width: 100%; font-size: .9em }
th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); white-space: nowrap }
thead th { position: sticky; top: 0; background: Canvas; z-index: 1 }
tbody th { position: sticky; left: 0; font-weight: 600; background: Canvas }
tbody tr:nth-child(even) > * { background: color-mix(in srgb, gray 7%, Canvas) } tbody tr:last-child > * { border-bottom: 0 }
.number { text-align: right; font-variant-numeric: tabular-nums } time { font-variant-numeric: tabular-nums }
.trash > * { text-decoration: line-through }
.pill { padding: .05rem .5rem; border-radius: 1rem; border: 1px solid var(--line); background: color-mix(in srgb, var(--pill, gray) 18%, Canvas) }
${['brown', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'red'].map((color) => `.${color} { --pill: ${color} }`).join(' ')}
details summary { cursor: pointer } pre { margin: .5rem 0 0; max-width: 60ch; max-height: 20rem; overflow: auto; white-space: pre-wrap; font-size: .95em }
.none { font-style: italic }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
`;
