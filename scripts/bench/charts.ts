import { amount, type Figure } from './result.ts';
import { histogram } from './statistics.ts';

const WIDTH = 640;
const COLOURS = ['#1d4ed8', '#c2410c', '#15803d', '#7e22ce', '#a16207', '#0e7490', '#be123c', '#4d7c0f'];
const OTHERS = '#94a3b8';
const GOOD = '#15803d';
const BAD = '#b91c1c';
const LINE = '#475569';

/** Text for HTML and SVG. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const svg = (height: number, title: string, body: readonly string[]): string =>
  `<svg viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img"><title>${escaped(title)}</title>${body.join('')}</svg>`;

const text = (x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end' = 'start'): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(content)}</text>`;

const rect = (x: number, y: number, width: number, height: number, fill: string, title: string): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(width, 0))}" height="${round(height)}" fill="${fill}"><title>${escaped(title)}</title></rect>`;

const round = (value: number): number => Math.round(value * 10) / 10;

/** The value as a bar, and the goal as a line across it. */
export function goalChart({ what, value, goal, unit }: Figure): string {
  if (goal === undefined) return '';
  const to = Math.max(value, goal) * 1.15;
  const x = (at: number): number => (at / to) * WIDTH;
  return svg(34, what, [
    rect(0, 4, x(value), 14, value <= goal ? GOOD : BAD, amount(value, unit)),
    `<line x1="${round(x(goal))}" x2="${round(x(goal))}" y1="0" y2="22" stroke="#0f172a" stroke-width="2"/>`,
    text(x(goal), 33, `goal ${amount(goal, unit)}`, x(goal) > WIDTH - 60 ? 'end' : 'middle'),
  ]);
}

const MOST_PARTS = COLOURS.length;

/** What a figure is made of, as one bar with a legend. Small parts are drawn together. */
export function partsChart({ what, parts = {}, unit }: Figure): string {
  const known = Object.entries(parts).filter(([, value]) => value > 0);
  if (known.length < 2) return '';
  const largest = known.toSorted(([, a], [, b]) => b - a).slice(0, MOST_PARTS);
  const shown = known.filter((part) => largest.includes(part)); // in their own order
  const left = known.filter((part) => !largest.includes(part));
  const all: Array<readonly [string, number, string]> = [
    ...shown.map(([name, value], index) => [name, value, COLOURS[index] ?? OTHERS] as const),
    ...(left.length > 0
      ? [[`${left.length} others`, left.reduce((sum, [, value]) => sum + value, 0), OTHERS] as const]
      : []),
  ];
  const sum = all.reduce((total, [, value]) => total + value, 0);
  let at = 0;
  const bars = all.map(([name, value, colour]) => {
    const from = at;
    at += (value / sum) * WIDTH;
    return rect(from, 0, at - from - 1, 16, colour, `${name}: ${amount(value, unit)}`);
  });
  const legend = all.map(([name, value, colour], index) => {
    const [column, row] = [index % 2, Math.floor(index / 2)];
    const [x, y] = [column * (WIDTH / 2), 26 + row * 18];
    return rect(x, y, 10, 10, colour, name) + text(x + 16, y + 10, `${name}: ${amount(value, unit)}`);
  });
  return svg(26 + Math.ceil(all.length / 2) * 18 + 4, what, [...bars, ...legend]);
}

const BINS = 40;
const FEWEST = 10;

/** How often each value was measured, with the goal's place. */
export function samplesChart({ what, samples = [], unit, goal }: Figure): string {
  if (samples.length < FEWEST) return '';
  const to = Math.max(...samples, (goal ?? 0) * 1.1) * 1.001 || 1;
  const counts = histogram(samples, to, BINS);
  const most = Math.max(...counts);
  const [height, width] = [70, WIDTH / BINS];
  const x = (at: number): number => (at / to) * WIDTH;
  return svg(height + 20, what, [
    ...counts.map((count, bin) =>
      rect(
        bin * width,
        height - (count / most) * height,
        width - 1,
        (count / most) * height,
        COLOURS[0] ?? LINE,
        `${count} from ${amount((bin / BINS) * to, unit)} to ${amount(((bin + 1) / BINS) * to, unit)}`,
      ),
    ),
    `<line x1="0" x2="${WIDTH}" y1="${height}" y2="${height}" stroke="${LINE}"/>`,
    ...(goal === undefined
      ? []
      : [
          `<line x1="${round(x(goal))}" x2="${round(x(goal))}" y1="0" y2="${height}" stroke="#0f172a" stroke-dasharray="4 3"/>`,
        ]),
    text(0, height + 15, `0; ${samples.length} measured`),
    text(WIDTH, height + 15, amount(to, unit), 'end'),
  ]);
}

interface Dot {
  commit: string;
  takenAt: string;
  machine: string;
  value: number;
}

/** A figure from result to result. Other machines' results are hollow. */
export function trendChart({ what, unit, goal }: Figure, points: readonly Dot[]): string {
  const newest = points.at(-1);
  if (!newest || points.length < 2) return '';
  const [height, left, right] = [90, 10, WIDTH - 10];
  const to = Math.max(...points.map(({ value }) => value), goal ?? 0) * 1.1 || 1;
  const x = (index: number): number => left + (index / (points.length - 1)) * (right - left);
  const y = (value: number): number => height - (value / to) * height;
  const path = points.map(({ value }, index) => `${round(x(index))},${round(y(value))}`).join(' ');
  return svg(height + 34, what, [
    `<line x1="0" x2="${WIDTH}" y1="${height}" y2="${height}" stroke="${LINE}"/>`,
    ...(goal === undefined
      ? []
      : [
          `<line x1="0" x2="${WIDTH}" y1="${round(y(goal))}" y2="${round(y(goal))}" stroke="#0f172a" stroke-dasharray="4 3"/>`,
        ]),
    `<polyline points="${path}" fill="none" stroke="${COLOURS[0]}" stroke-width="2"/>`,
    ...points.map(({ value, commit, takenAt, machine }, index) => {
      const fill = goal !== undefined && value > goal ? BAD : GOOD;
      const own = machine === newest.machine;
      return `<circle cx="${round(x(index))}" cy="${round(y(value))}" r="4" fill="${own ? fill : '#fff'}" stroke="${fill}"><title>${escaped(`${amount(value, unit)}, ${commit}, ${takenAt}, ${machine}`)}</title></circle>`;
    }),
    text(0, height + 15, points[0]?.commit ?? ''),
    text(0, height + 30, (points[0]?.takenAt ?? '').slice(0, 16).replace('T', ' ')),
    text(WIDTH, height + 15, newest.commit, 'end'),
    text(WIDTH, height + 30, newest.takenAt.slice(0, 16).replace('T', ' '), 'end'),
  ]);
}
