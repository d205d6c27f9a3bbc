import { html } from 'hono/html';
import { PATHS } from '../paths.ts';
import { type Html, pageOf } from './layout.ts';

export interface KnownLead {
  email: string;
  firstName: string;
  businessName: string;
  /** The booked call, as ISO 8601 without an offset. */
  call?: string;
}

/** What calendar, CRM and payment system do elsewhere, by hand. `told` is what became of the last button. */
export const operatorPage = (
  { email, firstName, businessName, call }: KnownLead,
  told?: { ok: boolean; text: string },
): Html =>
  pageOf({
    title: 'Operator',
    main: html`
      <section class="narrow">
        <h1>What happened with a lead?</h1>
        <p class="quiet">For this machine only. Each button tells Kestra, which sends three mails.</p>
        ${told ? html`<p role="status" class="notice ${told.ok ? 'good' : 'error'}">${told.text}</p>` : ''}
        <form method="get" action="${PATHS.operator}" role="search" class="row">
          <div class="field">
            <label for="find">E-mail address of the lead</label>
            <input id="find" name="email" type="email" value="${email}" required />
          </div>
          <button type="submit">Look up</button>
        </form>
        ${
          email
            ? html`
                <div class="card">
                  <h2>${firstName || 'Not known here'}</h2>
                  <p>
                    ${firstName ? about(businessName, call) : 'Nobody signed up here with this address. Kestra can be told all the same.'}
                  </p>
                  <div class="buttons">
                    ${event('noshow', 'Call missed', email)} ${event('postcall', 'Said maybe', email)}
                    ${event('onboarding', 'Has paid', email)}
                  </div>
                </div>
              `
            : ''
        }
      </section>
    `,
  });

const about = (businessName: string, call: string | undefined): string =>
  `${businessName || 'No business name'}${call ? `, call booked for ${call.replace('T', ' ')} GMT` : ''}`;

const event = (name: string, label: string, email: string): Html => html`
  <form method="post" action="${PATHS.operator}/${name}">
    <input type="hidden" name="email" value="${email}" />
    <button type="submit">${label}</button>
  </form>
`;
