// npm run summary: the last run in short, on the terminal and on GitHub's page about the run.
import { appendFileSync } from 'node:fs';
import { readNightEnv } from '../../helpers/env.ts';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { readVerdict } from './night-of.ts';
import { linkTo } from './site.ts';
import { markdownOf, textOf } from './texts.ts';

const env = readNightEnv();
const verdict = readVerdict(reportsFolder(), env.NIGHT_FOLDER);
const link = linkTo(verdict, env);
console.log(textOf(verdict, link));
if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, markdownOf(verdict, link));
