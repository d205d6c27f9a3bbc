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
  { name: 'report', script: 'report', what: 'the report, with earlier nights behind it' },
  { name: 'record', script: 'record', what: 'keeps the night for those to come, and its report on the site' },
  { name: 'summary', script: 'summary', what: 'the short summary' },
  { name: 'notify', script: 'notify', what: 'tells the team of a change' },
];

interface Circumstances {
  attached: boolean;
  /** What was done so far. */
  steps: readonly Step[];
  /** The step was asked for by its name. */
  named: boolean;
}

/** Whether a step's turn comes: not on a target that it is not for, and not behind a preflight that failed. */
export function isDue(step: NightStep, { attached, steps, named }: Circumstances): boolean {
  if (!named && step.attached && !attached) return false;
  const preflights = STEPS.filter(({ preflight }) => preflight).map(({ name }) => name);
  const refused = steps.some(({ name, code }) => preflights.includes(name) && code !== 0);
  return !(step.looks && refused);
}

/** Removes what an earlier night left, so that it is not taken for this one's. */
export function clearNight(reports: string): void {
  for (const name of ['night.json', 'results.json', 'features.json', 'mails.json', 'allure-results']) {
    rmSync(join(reports, name), { recursive: true, force: true });
  }
  rmSync(outageFile(reports), { force: true });
}
