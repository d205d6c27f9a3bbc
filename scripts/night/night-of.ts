import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readOutage } from '../../helpers/outage-file.ts';
import { root } from '../../stack/paths.ts';
import { currentCommit } from '../../stack/version.ts';
import { readNights } from './history.ts';
import { readRun } from './results.ts';
import { readSteps } from './steps-file.ts';
import { type Verdict, verdictOf } from './verdict.ts';

const Mails = z.looseObject({ planned: z.number(), sent: z.number() });
type Mails = z.infer<typeof Mails>;

/** What the night whose files lie in `reports` has shown, seen with the nights kept in `folder`. */
export function readVerdict(reports: string, folder: string | undefined): Verdict {
  const outage = readOutage(reports);
  return verdictOf({
    outage,
    run: readRun(reports, root, outage),
    steps: readSteps(reports),
    mails: readMails(join(reports, 'mails.json')),
    nights: folder === undefined ? [] : readNights(folder),
    commit: currentCommit(),
    now: new Date(),
  });
}

/** How many mails a run planned and sent; undefined of one that counts none. */
export const readMails = (file: string): Mails | undefined =>
  existsSync(file) ? Mails.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
