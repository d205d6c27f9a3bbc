import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../stack/paths.ts';
import { codeIn, tableIn } from '../docs/markdown.ts';
import type { Trial } from './run.ts';
import type { Ending } from './verdict.ts';

/** Specs about neither flows nor site: no mutant of these could turn them red. */
export const APART: Readonly<Record<string, string>> = {
  'specs/edge': 'Traefik’s public address, which no local stack has',
  'specs/engine/drift.spec.ts': 'answers of Kestra, Notion and Resend, compared with those captured',
  'specs/engine/kestra-api.spec.ts': 'the embedded engine’s own routes',
  'specs/engine/kestra-dialect.spec.ts': 'the clients, and the engine’s own routes',
  'specs/engine/kestra-login.spec.ts': 'the embedded engine’s login',
  'specs/faults': 'engine, disk and clock of a stack of their own, which has the checkout’s flows',
  'specs/harness': 'matchers, gates, environment and stand-ins: each spec breaks its own subject',
  'specs/homelab': 'a night on a stack that stands apart; it deploys the checkout’s own flows',
  'specs/night': 'what a night makes of failures, which it rehearses itself',
  'specs/ops': 'the operator’s commands, which look at what flows did',
  'specs/security':
    'engine, website, stand-ins and report, which each spec starts itself; hostile payloads for the flows are specs/webhooks’',
  'specs/website/journeys-on-another-site.spec.ts':
    'gates, on sites that it chooses itself; the journeys that it runs are other specs’',
  'specs/visual': 'pictures of pages, where this machine has some to compare with',
  'specs/sequences/bare-address.spec.ts':
    'the same funnels by the one address, in a project of its own; other specs prove each fact',
};

/** What must kill a mutant, or is powerless. */
interface Subject {
  /** A number of the inventory, or a spec file. */
  id: string;
  spec: string;
}

export interface Power extends Subject {
  killed: number;
  /** Mutants against which it ran; 0: never. */
  ran: number;
}

/** Every number of the inventory, then every spec file. */
export async function readSubjects(): Promise<Subject[]> {
  const cases = tableIn(await readFile(join(root, 'docs/test-cases.md'), 'utf8')).map(
    ({ id = '', spec = '' }): Subject => ({ id, spec: codeIn(spec) ?? spec }),
  );
  const specs = (await readdir(join(root, 'specs'), { recursive: true }))
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file): Subject => ({ id: `specs/${file}`, spec: `specs/${file}` }));
  return [...cases, ...specs.toSorted((a, b) => a.id.localeCompare(b.id))];
}

const isApart = ({ spec }: Subject): boolean =>
  Object.keys(APART).some((place) => spec === place || spec.startsWith(`${place}/`));

/** How many mutants each subject killed, the powerless first; of those that are not apart. */
export function powersOf(subjects: readonly Subject[], trials: readonly Trial[]): Power[] {
  const seen = trials.map((trial) => {
    const ran = trial.endings.filter(({ status }) => status !== 'skipped');
    return { ran: new Set(ran.flatMap(idsOf)), killed: new Set(noticed(trial).flatMap(idsOf)) };
  });
  return subjects
    .filter((subject) => !isApart(subject))
    .map((subject) => ({
      ...subject,
      killed: seen.filter(({ killed }) => killed.has(subject.id)).length,
      ran: seen.filter(({ ran }) => ran.has(subject.id)).length,
    }))
    .toSorted((a, b) => Number(a.killed > 0) - Number(b.killed > 0));
}

const idsOf = ({ file, testCases = [] }: Ending): string[] => [...testCases, `specs/${file}`];

/**
 * The tests that noticed a mutant by themselves. Where tests share a visitor, all fail alike when the mutant stops
 * him, and nobody learns what any of them would have seen: of such only the one counts that the mutant names.
 */
function noticed({ mutant, endings }: Trial): Ending[] {
  const failed = endings.filter(({ status }) => status === 'failed');
  const named = mutant.killed_by?.test;
  return failed.filter(
    (ending) =>
      (named !== undefined && ending.title.includes(named)) ||
      failed.every(
        (other) => other === ending || other.file !== ending.file || words(other) !== words(ending),
      ),
  );
}

/** What an ending says, without what differs from one visitor to the next. */
const words = ({ message }: Ending): string =>
  message.replaceAll(/\+[\w-]+@/g, '+…@').replaceAll(/\d+|\b[0-9A-Za-z]{20,}\b/g, '…');

export const powerless = (powers: readonly Power[]): Power[] => powers.filter(({ killed }) => killed === 0);

export const ranOf = ({ ran }: Power): string => (ran === 0 ? 'never ran' : `ran against ${ran}`);
