// npm run drift: whether Notion, Resend and Kestra still answer as our stand-ins and captures do. Only reads.
import { join } from 'node:path';
import { readEnv } from '../../helpers/env.ts';
import { readArguments, runCommand } from '../command-line.ts';
import { CAPTURES } from './captures.ts';
import { drift, exitCodeOf } from './run.ts';
import { subjects } from './subjects.ts';
import { record, textOf } from './tell.ts';

const USAGE = `npm run drift [-- OPTIONS]

Asks Notion, Resend and Kestra what the flows and the harness ask them, and compares each answer with the schemas that our
stand-ins are held to, and with what our own side answers. Only reads. Writes reports/drift.json, a result for each request
into the report, and the answers, sanitised, as captures.

  --namespace NAME  The deployment to look at. Default: christmas.nightly, on the local stack christmas.testing.
  --store           Put the captures into specs/captures, to be committed, and not into reports/captures.
  --real            Services at addresses of this machine are the real ones, as behind a tunnel.
  --help            This text.

With TARGET=homelab it needs KESTRA_URL, KESTRA_USER, KESTRA_PASSWORD, NOTION_TOKEN, the five NOTION_…_DB_ID and
RESEND_API_KEY (full access). Without, it compares the kept local stack with itself: a rehearsal.

Exit code 0: as ours. 1: drift. 2: a service did not answer, a login was refused or a variable is missing, and nothing that
did answer has drifted.`;

async function main(args: string[]): Promise<number> {
  const { values } = readArguments({
    args,
    options: {
      namespace: { type: 'string' },
      store: { type: 'boolean' },
      real: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  try {
    const env = readEnv();
    const reports = env.FUNNEL_REPORTS ?? 'reports';
    const checks = await drift({
      subjects: subjects(values),
      captures: values.store ? CAPTURES : join(reports, 'captures'),
      today: new Date().toISOString().slice(0, 10),
      say: (line) => console.log(line),
    });
    record(reports, env.TARGET, checks);
    console.log(`\n${textOf(checks)}`);
    return exitCodeOf(checks);
  } catch (error) {
    // 1 says drift, and nothing else does.
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
}

await runCommand(USAGE, main);
