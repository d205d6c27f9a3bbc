import { API } from '../paths.ts';
import { byId, postJson, visitor } from './visitor.ts';

const asked = new URLSearchParams(location.search);
const date = asked.get('date') ?? '';
const time = asked.get('time') ?? '';
const booking = `${date}T${time}`;
const known = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(booking);

async function tell(): Promise<void> {
  const KEY = 'xmas-booking';
  if (sessionStorage.getItem(KEY) === booking) return; // a reload books nothing a second time
  const { ok } = await postJson(API.book, { email: visitor.email, date, time });
  if (ok) sessionStorage.setItem(KEY, booking);
  byId('booking-state').textContent = ok
    ? 'The call is in our calendar.'
    : 'We could not note the call. Please reload this page in a moment.';
}

if (known) {
  byId('date').textContent = new Date(`${date}T00:00`).toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  byId('time').textContent = time;
  if (visitor.email) void tell();
}
