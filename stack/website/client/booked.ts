import { API } from '../paths.ts';
import { byId, postJson, visitor } from './visitor.ts';

const KEY = 'xmas-booking';

async function tell({ date, time }: DOMStringMap): Promise<void> {
  const booking = `${date}T${time}`;
  if (sessionStorage.getItem(KEY) === booking) return; // a reload books nothing a second time
  const { ok } = await postJson(API.book, { email: visitor.email, date, time });
  if (ok) sessionStorage.setItem(KEY, booking);
  byId('booking-state').textContent = ok
    ? 'The call is in our calendar.'
    : 'We could not note the call. Please reload this page in a moment.';
}

const call = document.getElementById('call');
if (call) {
  if (visitor.email) void tell(call.dataset);
  else
    byId('booking-state').textContent = 'Please sign up as well: we do not know yet where to send the link.';
}
