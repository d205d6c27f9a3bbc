import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../stack/paths.ts';
import { replaceWhole } from '../secrets/private-file.ts';
import type { Mutant } from './mutant.ts';
import type { Trial } from './run.ts';
import { head, killers } from './report.ts';

const file = join(root, 'scripts/mutants/killed.tsv');

/**
 * The mutants of these that another machine saw killed, as trials, from `killed.tsv`. A mutant's id holds the hash of its
 * task and line: where these have changed since, nothing is known.
 */
export const recordedTrials = async (mutants: readonly Mutant[]): Promise<Trial[]> =>
  trialsIn(await readFile(file, 'utf8'), mutants);

/** Writes what was killed for machines that come after this one. What the file says of mutants not tried here stays. */
export const record = async (trials: readonly Trial[], mutants: readonly Mutant[]): Promise<void> =>
  replaceWhole(file, recordOf(trials, await recordedTrials(mutants)));

export function trialsIn(text: string, mutants: readonly Mutant[]): Trial[] {
  const of = new Map(mutants.map((mutant) => [mutant.id, mutant]));
  return text
    .split('\n')
    .slice(1)
    .flatMap((line): Trial[] => {
      const [id = '', seconds, spec = '', title = '', message = ''] = line.split('\t');
      const mutant = of.get(id);
      if (!mutant) return [];
      const ending = { file: spec, title, status: 'failed', message };
      return [{ mutant, fate: 'killed', endings: [ending], tookMs: Number(seconds) * 1000 }];
    });
}

/** A line each: id, seconds, and the first test that failed with what it said first. Of a mutant tried again, the new one. */
export function recordOf(trials: readonly Trial[], recorded: readonly Trial[] = []): string {
  const tried = new Set(trials.filter(({ fate }) => !fate.startsWith('not ')).map(({ mutant }) => mutant.id));
  const lines = [...trials, ...recorded.filter(({ mutant }) => !tried.has(mutant.id))]
    .filter(({ fate }) => fate === 'killed')
    .map((trial) => {
      const first = killers(trial).find(({ status }) => status === 'failed');
      const said = first ? [first.file, first.title, head(first.message, 1)].map(short) : [];
      return [trial.mutant.id, Math.round(trial.tookMs / 1000), ...said].join('\t');
    });
  return `${['mutant\tseconds\tspec\ttest\tsaid', ...lines.toSorted()].join('\n')}\n`;
}

// Addresses, ids and times of one run would be news at each.
const short = (text: string): string =>
  text
    .replaceAll(/\+[\w-]+@/g, '+…@')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 160);
