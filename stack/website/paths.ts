/** Where the funnel's pages are, as on the site it stands for. */
export const BASE = '/en/flows/businessX/dfu/xmas-a01';

export const PATHS = {
  landing: BASE,
  thankYou: `${BASE}/thank-you`,
  assessment: `${BASE}/assessment`,
  diagnostic: `${BASE}/diagnostic`,
  bookCall: `${BASE}/book-call`,
  booked: `${BASE}/booking-confirmed`,
  privacy: `${BASE}/privacy`,
  calendar: '/embed/calendar',
  operator: '/operator',
} as const;

export const API = {
  signUp: '/api/form/submit-businessx-xmas-campaign',
  complete: '/api/assessment/complete',
  book: '/api/subscribe-and-notify',
} as const;
