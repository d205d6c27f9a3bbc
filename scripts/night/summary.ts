// npm run summary: the last run in short, on the terminal and on GitHub's page about the run.
import { appendFileSync } from 'node:fs';
import { readNightEnv } from '../../helpers/env.ts';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { readVerdict } from './night-of.ts';
import { SCAN } from './night-steps.ts';
import { linkTo } from './site.ts';
import { markdownOf, noteOf, textOf } from './texts.ts';

const env = readNightEnv();
const verdict = readVerdict(reportsFolder(), env.NIGHT_FOLDER);
const link = linkTo(verdict, env);
// An error's message may hold the secret that was found.
const secret = verdict.steps.some(({ name }) => name === SCAN);
console.log(secret ? noteOf(verdict) : textOf(verdict, link));
if (env.GITHUB_STEP_SUMMARY) {
  appendFileSync(env.GITHUB_STEP_SUMMARY, secret ? `${noteOf(verdict)}\n` : markdownOf(verdict, link));
}
