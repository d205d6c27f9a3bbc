import { html } from 'hono/html';
import { PATHS } from '../paths.ts';

export type Html = ReturnType<typeof html>;

interface Page {
  title: string;
  /** The place in the funnel, 1 to 4; absent on pages beside it. */
  step?: number;
  /** Scripts of the folder `client`, by name. */
  script?: string;
  main: Html;
}

const STEPS = ['Sign up', 'Assessment', 'Results', 'Call'];

/** A whole page around `main`. */
export const pageOf = ({ title, step, script, main }: Page): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Clear Course Coaching</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/site.css" />
        ${script ? html`<script type="module" src="/assets/${script}.js"></script>` : ''}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <a class="brand" href="${PATHS.landing}">Clear Course <span>Coaching</span></a>
          ${step ? progress(step) : ''}
        </header>
        <main id="main" tabindex="-1">${main}</main>
        <footer>
          <p>Clear Course Coaching, for owners of small businesses.</p>
          <p><a href="${PATHS.privacy}">How we treat your data</a></p>
        </footer>
      </body>
    </html>`;

const progress = (current: number): Html => html`
  <nav aria-label="Your way">
    <ol class="steps">
      ${STEPS.map(
        (name, index) =>
          html`<li ${index + 1 === current ? html`aria-current="step"` : ''}>
            <span class="number" aria-hidden="true">${index + 1}</span> <span class="name">${name}</span>
          </li>`,
      )}
    </ol>
  </nav>
`;
