import { stripVTControlCharacters } from 'node:util';
import { DEFECT_NAMES } from '../../helpers/defects.ts';
import type { TestEnd } from './results.ts';
import type { Verdict } from './verdict.ts';

/** A gate that is older than this is told apart. */
const OLD_DAYS = 30;
/** Of each kind: a summary is short, the report has the rest. */
const MOST = 10;
const LONGEST = 200;

interface Section {
  title: string;
  lines: string[];
}

/** One line: the state and the numbers. */
export function headline(verdict: Verdict): string {
  const { state, passed, gated, skipped, notRun, flaky, outages, night } = verdict;
  const numbers = [
    `${passed} passed`,
    `${night.failed} failed`,
    `${gated} gated`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
    ...(flaky.length > 0 ? [`${flaky.length} flaky`] : []),
  ];
  const gone = outages.map(({ service }) => service).join(', ');
  return `${state.toUpperCase()}${gone ? ` (${gone})` : ''}: ${numbers.join(', ')}`;
}

/** The night in a terminal. `link` is where the report can be opened. */
export function textOf(verdict: Verdict, link?: string): string {
  const sections = sectionsOf(verdict).map(({ title, lines }) => [
    title,
    ...lines.map((line) => `  ${line}`),
  ]);
  return [[headline(verdict), facts(verdict)], ...sections, ...(link ? [[`Report: ${link}`]] : [])]
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The night for GITHUB_STEP_SUMMARY. */
export function markdownOf(verdict: Verdict, link?: string): string {
  const sections = sectionsOf(verdict).map(
    ({ title, lines }) => `### ${escaped(title)}\n\n${lines.map((line) => `- ${escaped(line)}`).join('\n')}`,
  );
  return [
    `## ${escaped(headline(verdict))}`,
    escaped(facts(verdict)),
    ...sections,
    ...(link ? [`[Report](${link})`] : []),
    '',
  ].join('\n\n');
}

/** The night for a chat: no message of an error, which may hold a lead's data. */
export function noteOf(verdict: Verdict, link?: string): string {
  const { failed, outages, steps, errors } = verdict;
  const kinds = (['product', 'drift', 'harness'] as const).flatMap((kind) => {
    const owners = [...new Set(failed[kind].map(({ owner }) => owner))].toSorted();
    return failed[kind].length > 0
      ? [`${DEFECT_NAMES[kind]}: ${failed[kind].length} (${owners.join(', ')})`]
      : [];
  });
  return [
    `Night of ${verdict.startedAt.slice(0, 10)}: ${headline(verdict)}`,
    ...outages.map(({ service, what }) => `Outage: ${service} ${what}`),
    ...kinds,
    ...steps.map(({ name, code }) => `Step ${name} ended with ${code}`),
    ...(errors.length > 0 ? [`${errors.length} errors outside of any test`] : []),
    ...(link ? [link] : []),
  ].join('\n');
}

const facts = ({ startedAt, durationMs, commit, mails }: Verdict): string =>
  [
    `began ${startedAt.slice(0, 16).replace('T', ' ')} Z`,
    `took ${(durationMs / 60_000).toFixed(1)} min`,
    `commit ${commit}`,
    ...(mails ? [`mails ${mails.sent} sent of ${mails.planned} planned`] : []),
  ].join(', ');

function sectionsOf(verdict: Verdict): Section[] {
  const { failed, outages, steps, errors, flaky, gates, slowest } = verdict;
  const kinds = (['product', 'drift', 'harness'] as const).map((kind) => ({
    title: `${DEFECT_NAMES[kind]} (${failed[kind].length})`,
    lines: shortened(failed[kind].map(failureLine)),
  }));
  return [
    {
      title: `Outage (${outages.length})`,
      lines: outages.map(
        ({ service, what, tests }) => `${service} ${what}; ${tests} tests failed with it and accuse nobody`,
      ),
    },
    {
      title: 'Steps that failed',
      lines: steps.map(({ name, code }) => `${name} ended with ${code}: npm run night -- ${name}`),
    },
    { title: 'Outside of any test', lines: shortened(errors.map(firstLine)) },
    ...kinds,
    { title: `Flaky over the nights (${flaky.length})`, lines: shortened(flaky.map(testLine)) },
    {
      title: 'Gates, the oldest first',
      lines: gates.map(
        ({ tag, days, tests, owner, needs }) =>
          `${tag} ${days} days${days > OLD_DAYS ? ', OLD' : ''}, ${tests} tests: ${owner} owes ${needs}`,
      ),
    },
    {
      title: 'Slowest',
      lines: slowest.map((test) => `${(test.durationMs / 1_000).toFixed(1)} s ${testLine(test)}`),
    },
  ].filter(({ lines }) => lines.length > 0);
}

const testLine = ({ title, file, line }: TestEnd): string => `${title} (${file}:${line})`;
const failureLine = (test: TestEnd): string =>
  `[${test.owner}] ${testLine(test)}${test.message ? `: ${firstLine(test.message)}` : ''}`;

function shortened(lines: string[]): string[] {
  return lines.length <= MOST
    ? lines
    : [...lines.slice(0, MOST), `and ${lines.length - MOST} more, in the report`];
}

/** The first line of an error, without anybody's address. */
const firstLine = (message: string): string =>
  (stripVTControlCharacters(message).trim().split('\n')[0] ?? '')
    .replaceAll(/[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+/g, '<address>')
    .slice(0, LONGEST);

/** As plain text in Markdown and in the HTML it may hold. */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|#~]/g, String.raw`\$&`)
    .replaceAll(/\r?\n/g, ' ');
