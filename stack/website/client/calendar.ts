import { byId, element } from './visitor.ts';

const DAYS = 5;
const TIMES = ['09:00', '10:30', '13:00', '15:30'];

/** The next working days, tomorrow first. */
function workingDays(): Date[] {
  const days: Date[] = [];
  const day = new Date();
  while (days.length < DAYS) {
    day.setDate(day.getDate() + 1);
    if (day.getDay() !== 0 && day.getDay() !== 6) days.push(new Date(day));
  }
  return days;
}

const isoDay = (day: Date) =>
  `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
const inWords = (day: Date) =>
  day.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });

const choice = (name: string, value: string, text: string) =>
  element('label', [
    element('input', '', { type: 'radio', name, value, required: '' }),
    element('span', text),
  ]);

byId('days').append(...workingDays().map((day) => choice('date', isoDay(day), inWords(day))));
byId('times').append(...TIMES.map((time) => choice('time', time, time)));

const form = byId<HTMLFormElement>('slots');
form.noValidate = true;
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const chosen = new FormData(form);
  const date = chosen.get('date');
  const time = chosen.get('time');
  byId('slot-error').textContent = date && time ? '' : 'Please choose a day and a time.';
  if (date && time) parent.postMessage({ booked: { date, time } }, location.origin);
});
