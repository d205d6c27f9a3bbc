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
const weekday = (day: Date) => day.toLocaleDateString('en-GB', { weekday: 'short' });
const dayAndMonth = (day: Date) => day.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });

const choice = (name: string, value: string, text: readonly Node[]) =>
  element('label', [
    element('input', '', { type: 'radio', name, value, required: '' }),
    element('span', text),
  ]);

byId('days').append(
  ...workingDays().map((day) =>
    choice('date', isoDay(day), [element('strong', weekday(day)), new Text(` ${dayAndMonth(day)}`)]),
  ),
);
byId('times').append(...TIMES.map((time) => choice('time', time, [new Text(time)])));

const form = byId<HTMLFormElement>('slots');
form.noValidate = true;
const chosen = () => {
  const data = new FormData(form);
  return { date: data.get('date'), time: data.get('time') };
};
const fault = byId('slot-error');
const faultOf = ({ date, time }: ReturnType<typeof chosen>) => {
  if (!date) return time ? 'Please choose a day.' : 'Please choose a day and a time.';
  return time ? '' : 'Please choose a time.';
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const booked = chosen();
  fault.textContent = faultOf(booked);
  if (!fault.textContent) parent.postMessage({ booked }, location.origin);
});
// The frame fits: what it cuts off, a message above all, a visitor does not find.
const tellHeight = () => parent.postMessage({ height: document.body.offsetHeight }, location.origin);
new ResizeObserver(tellHeight).observe(document.body);
addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
  if (source === parent && data === 'height') tellHeight();
});
form.addEventListener('change', () => {
  if (fault.textContent) fault.textContent = faultOf(chosen());
});
