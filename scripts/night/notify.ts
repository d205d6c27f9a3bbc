// npm run notify: tells the team's chat of a night that ended otherwise than the one before. Never fails a night.
import { readNightEnv } from '../../helpers/env.ts';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { post, turnOf } from './hook.ts';
import { readNights } from './history.ts';
import { readVerdict } from './night-of.ts';
import { linkTo } from './site.ts';
import { noteOf } from './texts.ts';

async function main(): Promise<string> {
  const env = readNightEnv();
  if (env.NOTIFY_WEBHOOK_URL === undefined) return 'NOTIFY_WEBHOOK_URL is not set: nobody is told.';
  const verdict = readVerdict(reportsFolder(), env.NIGHT_FOLDER);
  const nights = env.NIGHT_FOLDER === undefined ? [] : readNights(env.NIGHT_FOLDER);
  const turn = turnOf(verdict, nights);
  if (!turn) return `Still ${verdict.state}: nobody is told.`;
  await post(env.NOTIFY_WEBHOOK_URL, { text: `${turn}\n${noteOf(verdict, linkTo(verdict, env))}`, verdict });
  return `Told: ${turn}`;
}

try {
  console.log(await main());
} catch (error) {
  // The hook's address is a secret, and undici's errors can hold it.
  const reason = error instanceof Error ? error.name : 'an error';
  console.log(`The hook of NOTIFY_WEBHOOK_URL was not told (${reason}${statusIn(error)}). The night stands.`);
}

function statusIn(error: unknown): string {
  const status = error instanceof Error ? /answered \d{3}/.exec(error.message)?.[0] : undefined;
  return status ? `, ${status}` : '';
}
