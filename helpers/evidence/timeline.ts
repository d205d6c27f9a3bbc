import type { Mode } from '../timetable.ts';

/** One mail on the picture: the plan, what Kestra made of it, and what came of that. */
export interface TimelineMail {
  number: string;
  sender: string;
  /** What the plan is called, when it is not that the mail is due. */
  plan?: string;
  planned?: Date;
  scheduled?: Date;
  arrived?: Date;
  /** How its execution stands. */
  state?: string;
}

/** One lead's sequence in one mode, with a time axis of its own. */
export interface Panel {
  title: string;
  mode: Mode;
  /** The moment of mail 1, from which all delays count. */
  start: Date;
  mails: readonly TimelineMail[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [1, 2, 5, 10, 15, 30]
  .flatMap((n) => [n * SECOND, n * MINUTE])
  .concat(
    [1, 2, 6, 12].map((n) => n * HOUR),
    [1, 2, 7, 14].map((n) => n * DAY),
  );

const WIDTH = 1040;
const PLOT = { left: 130, right: 640 };
const ROW = 34;
const HEAD = 64;
const AXIS = 40;
const LEGEND = 44;
const COLOURS: Record<string, string> = { website: '#1d4ed8', kestra: '#c2410c' };
const STRANGE = '#b91c1c';

/** The picture as SVG: one row a mail, colour by sender, hollow for the plan and filled for what happened. */
export function timelineSvg(panels: readonly Panel[]): string {
  let top = 0;
  const drawn = panels.map((panel) => {
    const height = HEAD + panel.mails.length * ROW + AXIS;
    const body = `<g transform="translate(0 ${top})">${drawPanel(panel)}</g>`;
    top += height;
    return body;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top + LEGEND}" viewBox="0 0 ${WIDTH} ${top + LEGEND}" font-family="system-ui, sans-serif" font-size="13">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...drawn,
    `<g transform="translate(0 ${top})">${legend()}</g>`,
    '</svg>',
  ].join('\n');
}

function drawPanel({ title, mode, start, mails }: Panel): string {
  const moments = mails.flatMap(({ planned, scheduled, arrived }) => [planned, scheduled, arrived]);
  const offsets = moments.flatMap((moment) => (moment ? moment.getTime() - start.getTime() : []));
  const step = stepFor(Math.max(SECOND, ...offsets) - Math.min(0, ...offsets));
  const end = Math.ceil(Math.max(step, ...offsets) / step) * step;
  // Mail 1 arrives a moment before the website notes that it sent it; that needs no room of its own.
  const begin = Math.floor((Math.min(0, ...offsets) + step / 5) / step) * step;
  const x = (moment: Date | number) => {
    const offset = typeof moment === 'number' ? moment : moment.getTime() - start.getTime();
    return PLOT.left + ((offset - begin) / (end - begin)) * (PLOT.right - PLOT.left);
  };
  const bottom = HEAD + mails.length * ROW;
  const ticks = Array.from(
    { length: Math.round((end - begin) / step) + 1 },
    (_, index) => begin + index * step,
  );
  const modeName = mode === 'production' ? 'production delays' : 'TESTING_MODE';
  return [
    text(16, 24, title, { weight: 600, size: 15 }),
    text(16, 44, `${modeName}, counted from mail 1 at ${instant(start)}`, { fill: '#475569' }),
    ...ticks.map(
      (tick) =>
        `<line x1="${x(tick)}" x2="${x(tick)}" y1="${HEAD - 8}" y2="${bottom}" stroke="#e2e8f0"/>` +
        text(x(tick), bottom + 16, elapsed(tick, step), { anchor: 'middle', fill: '#475569', size: 11 }),
    ),
    ...mails.map((mail, index) => drawMail(mail, HEAD + index * ROW + ROW / 2 - 4, x)),
  ].join('');
}

function drawMail(mail: TimelineMail, y: number, x: (moment: Date) => number): string {
  const { number, sender, planned, scheduled, arrived } = mail;
  const colour = planned ? (COLOURS[sender] ?? STRANGE) : STRANGE;
  const [from, to] = [planned ?? arrived ?? scheduled, arrived ?? scheduled ?? planned];
  return [
    text(16, y + 4, `#${number} ${sender}`, { fill: colour, weight: 600 }),
    from && to
      ? `<line x1="${x(from)}" x2="${x(to)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>`
      : '',
    scheduled ? bar(x(scheduled), y, colour) : '',
    planned ? diamond(x(planned), y, colour) : '',
    arrived ? dot(x(arrived), y, colour) : '',
    text(PLOT.right + 20, y - 2, facts(mail), { size: 11 }),
    text(PLOT.right + 20, y + 12, outcome(mail), { size: 11, fill: planned ? '#475569' : STRANGE }),
  ].join('');
}

function facts({ plan = 'due', planned, arrived }: TimelineMail): string {
  return [
    planned ? `${plan} ${instant(planned)}` : 'not planned',
    ...(arrived ? [`arrived ${clock(arrived)}`] : []),
  ].join(' · ');
}

function outcome({ planned, scheduled, arrived, state }: TimelineMail): string {
  const parts = [
    planned && scheduled ? `scheduled ${deviation(scheduled, planned, 'to the second')}` : undefined,
    planned && arrived ? `arrived ${deviation(arrived, planned, 'at once')}` : undefined,
    state,
  ];
  return parts.filter(Boolean).join(' · ') || (arrived ? 'nobody was to send it' : 'nothing happened');
}

function legend(): string {
  const y = 20;
  const grey = '#334155';
  return [
    `<line x1="16" x2="${WIDTH - 16}" y1="0" y2="0" stroke="#cbd5e1"/>`,
    diamond(28, y, grey) + text(40, y + 4, 'due by the timetable'),
    bar(200, y, grey) + text(212, y + 4, 'scheduleDate in Kestra'),
    dot(380, y, grey) + text(392, y + 4, 'arrived in the mailbox'),
    ...Object.entries(COLOURS).map(
      ([sender, colour], index) =>
        `<rect x="${570 + index * 180}" y="${y - 6}" width="12" height="12" fill="${colour}"/>` +
        text(588 + index * 180, y + 4, `sent by ${sender === 'kestra' ? 'Kestra' : `the ${sender}`}`),
    ),
  ].join('');
}

const diamond = (x: number, y: number, colour: string) =>
  `<path d="M${x} ${y - 8}l8 8-8 8-8-8z" fill="#fff" stroke="${colour}" stroke-width="2"/>`;
const dot = (x: number, y: number, colour: string) =>
  `<circle cx="${x}" cy="${y}" r="4.5" fill="${colour}"/>`;
const bar = (x: number, y: number, colour: string) =>
  `<rect x="${x - 1.5}" y="${y - 12}" width="3" height="24" fill="${colour}"/>`;

interface TextStyle {
  anchor?: 'start' | 'middle';
  fill?: string;
  size?: number;
  weight?: number;
}

function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { anchor = 'start', fill = '#0f172a', size = 13, weight = 400 } = style;
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}" font-size="${size}" font-weight="${weight}">${escaped}</text>`;
}

/** The smallest round step that needs no more than seven ticks. */
function stepFor(spanMs: number): number {
  return STEPS.toSorted((a, b) => a - b).find((step) => spanMs / step <= 7) ?? 14 * DAY;
}

export const instant = (moment: Date) => `${moment.toISOString().replace('T', ' ').slice(0, 19)} Z`;
const clock = (moment: Date) => moment.toISOString().slice(11, 21);

/** In the largest unit that the axis's step is whole in, so that all its ticks share one. */
function elapsed(ms: number, step: number): string {
  if (ms === 0) return '0';
  const units = { d: DAY, h: HOUR, min: MINUTE, s: SECOND };
  const [name, unit] = Object.entries(units).find(([, size]) => step % size === 0) ?? ['s', SECOND];
  return `${ms < 0 ? '−' : '+'}${Math.abs(ms) / unit} ${name}`;
}

function deviation(actual: Date, planned: Date, punctual: string): string {
  const seconds = (actual.getTime() - planned.getTime()) / SECOND;
  if (Math.abs(seconds) < 1) return punctual;
  return `${Math.abs(seconds).toFixed(1)} s ${seconds < 0 ? 'early' : 'late'}`;
}
