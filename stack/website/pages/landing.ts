import { html } from 'hono/html';
import { PATHS } from '../paths.ts';
import { type Html, pageOf } from './layout.ts';

export const REVENUES = {
  'under-5k': 'Under 5,000',
  '5k-10k': '5,000 to 10,000',
  '10k-20k': '10,000 to 20,000',
  '20k-50k': '20,000 to 50,000',
  '50k-100k': '50,000 to 100,000',
  'over-100k': 'Over 100,000',
} as const;

export const CHALLENGES = {
  'no-shows': 'Missed appointments',
  pricing: 'Prices',
  retention: 'Customers who do not come back',
  staffing: 'Finding and keeping people',
  marketing: 'Being found',
  scaling: 'Growing without chaos',
  systems: 'Routines and tools',
  time: 'Not enough time',
} as const;

export const landingPage = (): Html =>
  pageOf({
    title: 'Find out what holds your business back',
    step: 1,
    script: 'landing',
    main: html`
      <div class="split">
        <section>
          <p class="kicker">Free business assessment</p>
          <h1>Know which part of your business to repair first.</h1>
          <p class="lead">
            Sixteen yes-or-no questions about eight systems, from direction to routines. Four minutes, and you
            see at once what works, what does not, and what it costs you.
          </p>
          <ul class="ticks">
            <li>Your results on the page, and in your inbox</li>
            <li>Four short letters with one idea each, then we stop</li>
            <li>A call of thirty minutes, if you want one</li>
          </ul>
        </section>

        <section class="card" aria-labelledby="form-title">
          <h2 id="form-title">Sign up, then answer</h2>
          <form id="sign-up" novalidate>
            ${field('firstName', 'Full name', html`<input id="firstName" name="firstName" type="text" autocomplete="name" maxlength="120" required aria-describedby="firstName-error" />`)}
            ${field('email', 'E-mail address', html`<input id="email" name="email" type="email" autocomplete="email" maxlength="200" required aria-describedby="email-error" />`)}
            ${field('businessName', 'Business name (optional)', html`<input id="businessName" name="businessName" type="text" autocomplete="organization" maxlength="120" aria-describedby="businessName-error" />`)}
            ${field('monthlyRevenue', 'Monthly revenue', select('monthlyRevenue', REVENUES))}
            ${field('biggestChallenge', 'Biggest challenge', select('biggestChallenge', CHALLENGES))}
            <div class="field check">
              <input id="privacy" name="privacy" type="checkbox" required aria-describedby="privacy-error" />
              <label for="privacy"
                >I agree that my answers are used as the
                <a href="${PATHS.privacy}">privacy page</a> says.</label
              >
              <p class="error" id="privacy-error"></p>
            </div>
            <button type="submit" class="primary">Sign up</button>
            <p class="error" id="form-error" role="alert"></p>
            <p class="quiet">No payment, no account. You can stop the letters with one reply.</p>
          </form>
          <noscript><p class="error">This form needs JavaScript.</p></noscript>
        </section>

        <figure>
          <figcaption>An example of a result</figcaption>
          <ul class="systems">
            <li><span>Direction</span> <strong class="red">needs repair</strong></li>
            <li><span>Team</span> <strong class="orange">half way</strong></li>
            <li><span>Money</span> <strong class="green">works</strong></li>
          </ul>
        </figure>
      </div>
    `,
  });

const field = (id: string, label: string, control: Html): Html => html`
  <div class="field">
    <label for="${id}">${label}</label>
    ${control}
    <p class="error" id="${id}-error"></p>
  </div>
`;

const select = (id: string, options: Record<string, string>): Html => html`
  <select id="${id}" name="${id}" required aria-describedby="${id}-error">
    <option value="">Please choose</option>
    ${Object.entries(options).map(([value, text]) => html`<option value="${value}">${text}</option>`)}
  </select>
`;
