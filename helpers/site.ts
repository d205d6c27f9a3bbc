import type { Mode } from './timetable.ts';

const BASE = '/en/flows/businessX/dfu/xmas-a01';

/** The funnel's pages, as the real site has them; the harness's own statement. */
export const PAGES = {
  landing: BASE,
  thankYou: `${BASE}/thank-you`,
  assessment: `${BASE}/assessment`,
  diagnostic: `${BASE}/diagnostic`,
  bookCall: `${BASE}/book-call`,
  booked: `${BASE}/booking-confirmed`,
} as const;

/** Of our reference website alone. */
export const OWN_PAGES = {
  privacy: `${BASE}/privacy`,
  operator: '/operator',
  calendar: '/embed/calendar',
} as const;

/** What the pages post to their server. */
export const SITE_API = {
  signUp: '/api/form/submit-businessx-xmas-campaign',
  complete: '/api/assessment/complete',
  book: '/api/subscribe-and-notify',
} as const;

/** One website, and the mode of the deployment behind it. */
export interface Site {
  url: string;
  mode: Mode;
}
