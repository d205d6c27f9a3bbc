import { html } from 'hono/html';
import { PATHS } from '../paths.ts';
import type { Call } from '../requests.ts';
import { QUESTIONS } from '../scoring.ts';
import { type Html, pageOf } from './layout.ts';

export const thankYouPage = ({ name, email }: { name: string; email: string }): Html =>
  pageOf({
    title: 'Thank you',
    step: 1,
    main: html`
      <section class="card narrow">
        <p class="kicker">You are signed up</p>
        <h1>Thank you${name ? `, ${name}` : ''}.</h1>
        <p class="lead">
          ${
            email
              ? html`A confirmation is on its way to <strong>${email}</strong>.`
              : 'A confirmation is on its way to you.'
          }
          The assessment is ready when you are: ${QUESTIONS.length} questions, each answered with yes or no.
        </p>
        <p><a class="button primary" href="${PATHS.assessment}">Begin the assessment</a></p>
      </section>
    `,
  });

/** The questions come one by one from the page's script; the results replace them. */
export const assessmentPage = ({ animationMs }: { animationMs: number }): Html =>
  pageOf({
    title: 'Assessment',
    step: 2,
    script: 'assessment',
    main: html`
      <section class="card narrow" id="assessment" data-animation-ms="${animationMs}">
        <noscript><p class="error">The assessment needs JavaScript.</p></noscript>
      </section>
    `,
  });

export const diagnosticPage = (): Html =>
  pageOf({
    title: 'Your results in detail',
    step: 3,
    script: 'diagnostic',
    main: html`
      <section id="diagnostic" class="narrow">
        <h1>Your results in detail</h1>
        <noscript
          ><p class="error">This page shows what your browser keeps, and needs JavaScript.</p></noscript
        >
      </section>
    `,
  });

export const bookCallPage = (): Html =>
  pageOf({
    title: 'Book your call',
    step: 4,
    script: 'book-call',
    main: html`
      <section class="narrow">
        <h1>Book your call</h1>
        <p class="lead">
          Thirty minutes about your results. You leave with an order of work, whether or not we go on
          together.
        </p>
        <iframe class="calendar" id="calendar" title="Calendar" src="${PATHS.calendar}"></iframe>
      </section>
    `,
  });

/** Who opens the page without having booked must not read that he has. */
export const bookedPage = (call: Call | undefined): Html =>
  pageOf({
    title: call ? 'Your call is booked' : 'No call is booked',
    step: 4,
    script: 'booked',
    main: call ? confirmationOf(call) : nothingBooked,
  });

const nothingBooked = html`
  <section class="card narrow">
    <h1>No call is booked yet.</h1>
    <p class="lead">Choose a day and a time first; it takes a minute.</p>
    <p><a class="button primary" href="${PATHS.bookCall}">To the calendar</a></p>
  </section>
`;

const confirmationOf = ({ date, time }: Call): Html => html`
  <section class="card narrow">
    <p class="kicker">Booked</p>
    <h1>Your call is booked.</h1>
    <dl class="facts" id="call" data-date="${date}" data-time="${time}">
      <dt>Day</dt>
      <dd>${DAY_IN_WORDS.format(new Date(date))}</dd>
      <dt>Time (GMT)</dt>
      <dd id="time">${time}</dd>
      <dt>Length</dt>
      <dd>30 minutes, by video</dd>
    </dl>
    <p id="booking-state" role="status"></p>
    <p>Can’t make it? Reply to any of our mails, and we find another time.</p>
  </section>
`;

const DAY_IN_WORDS = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });

/** What a visitor reads whose link leads nowhere. */
export const notFoundPage = (): Html =>
  pageOf({
    title: 'Not found',
    main: html`
      <section class="card narrow">
        <h1>There is no such page.</h1>
        <p class="lead">The link may be old, or a letter of it got lost.</p>
        <p><a class="button primary" href="${PATHS.landing}">To the start</a></p>
      </section>
    `,
  });

export const privacyPage = (): Html =>
  pageOf({
    title: 'How we treat your data',
    main: html`
      <section class="narrow">
        <h1>How we treat your data</h1>
        <p>
          We keep your name, your address, your business’s name and your answers, to send you your results and
          the letters you signed up for. Nobody else gets them for purposes of their own, and this site loads
          nothing from anybody else.
        </p>
        <p>Reply to any mail with “stop”, and no other follows. Ask us to delete what we keep, and we do.</p>
        <p><a href="${PATHS.landing}">Back to the sign-up</a></p>
      </section>
    `,
  });

/** What stands in the frame of the booking page: a calendar of our own. */
export const calendarPage = (): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Calendar</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/site.css" />
        <script type="module" src="/assets/calendar.js"></script>
      </head>
      <body class="embedded">
        <main aria-labelledby="choose">
          <h1 class="small" id="choose">Choose a day and a time</h1>
          <form id="slots">
            <fieldset>
              <legend>Day</legend>
              <div class="choices days" id="days"></div>
            </fieldset>
            <fieldset>
              <legend>Time (GMT)</legend>
              <div class="choices" id="times"></div>
            </fieldset>
            <p class="error" role="alert" id="slot-error"></p>
            <button type="submit" class="primary">Confirm the call</button>
          </form>
        </main>
      </body>
    </html>`;
