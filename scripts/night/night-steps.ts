import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { outageFile } from '../../helpers/outage-file.ts';
import type { Step } from './steps-file.ts';

export interface NightStep {
  name: string;
  /** The npm script that does it. */
  script: string;
  what: string;
  /** Only of use on a target that is not ours. */
  attached?: true;
  /** When it fails, what looks at the target is not begun. */
  preflight?: true;
  /** It looks at the target. */
  looks?: true;
  /** It needs the suite's results, which there are none of behind a preflight that failed. */
  judges?: true;
  /** What it publishes was searched for secrets before: not begun when some were found. */
  publishes?: true;
}

/** In their order. Deploying is part of the suite's set-up: a run deploys into namespaces of its own. */
export const STEPS: readonly NightStep[] = [
  {
    name: 'doctor',
    script: 'doctor',
    what: 'whether all that a night needs is there',
    attached: true,
    preflight: true,
  },
  { name: 'suite', script: 'suite', what: 'deploys, and runs what is tagged @night', looks: true },
  {
    name: 'drift',
    script: 'drift',
    what: 'real answers against the stand-ins’',
    attached: true,
    looks: true,
  },
  { name: 'report', script: 'report', what: 'the report, with earlier nights behind it', judges: true },
  { name: 'scan', script: 'scan', what: 'whether a secret is in what is to be published' },
  {
    name: 'record',
    script: 'record',
    what: 'keeps the night for those to come, and its report on the site',
    publishes: true,
  },
  { name: 'summary', script: 'summary', what: 'the short summary' },
  { name: 'notify', script: 'notify', what: 'tells the team of a change' },
];

/** Not a step, but before the first: an earlier night's files are removed, so that they are not taken for this one's. */
export const BEGIN = 'begin';
/** The step whose failure keeps everything else from being published. */
export const SCAN = 'scan';

interface Circumstances {
  attached: boolean;
  /** What was done so far. */
  steps: readonly Step[];
  /** The step was asked for by its name. */
  named: boolean;
  /** The suite has left results. */
  results: boolean;
}

/** Why a step's turn does not come; undefined when it does. */
export function reasonAgainst(
  step: NightStep,
  { attached, steps, named, results }: Circumstances,
): string | undefined {
  const failed = (name: string) => steps.some((one) => one.name === name && one.code !== 0);
  if (!named && step.attached && !attached) return 'this target is ours';
  const preflight = STEPS.find((one) => one.preflight && failed(one.name));
  if (step.looks && preflight) return `${preflight.name} failed`;
  if (step.judges && !results) return 'there are no results';
  return step.publishes && failed(SCAN) ? 'a secret was found' : undefined;
}

const NIGHTS_OWN = [
  'night.json',
  'results.json',
  'features.json',
  'mails.json',
  'allure-results',
  'allure-report',
  'trends.jsonl',
];

/** Removes what an earlier night left. */
export function clearNight(reports: string): void {
  for (const name of NIGHTS_OWN) {
    rmSync(join(reports, name), { recursive: true, force: true });
  }
  rmSync(outageFile(reports), { force: true });
}
