// The service `stack` of docker-compose.test.yml: stand-ins, website, and the flows deployed into the Kestra beside it.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readEnv } from '../../helpers/env.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { startStack } from '../stack.ts';
import { LISTEN } from './ports.ts';
import { readSecrets, SECRETS_FOLDER } from './secrets.ts';

const { values } = parseArgs({
  options: {
    secrets: { type: 'string', default: SECRETS_FOLDER },
    /** Ready when its `stack.json` is there: the health check looks for it. */
    folder: { type: 'string', default: '/tmp/stack' },
  },
});
const file = `${values.folder}/stack.json`;
rmSync(file, { force: true }); // of this container's last run

const stack = await startStack({
  file,
  folder: values.folder,
  database: 'memory',
  testingMinuteSeconds: readEnv().TESTING_MINUTE_SECONDS,
  testMailbox: TEST_MAILBOX,
  engine: 'running',
  secrets: readSecrets(values.secrets),
  listen: LISTEN,
  report: (text) => console.log(text),
});
const { kestra, resend, notion, alerts, websites } = stack.file;
console.log(`Ready:
  Kestra         ${kestra.url}/ui/  (login: docker compose -f docker-compose.test.yml exec stack cat ${SECRETS_FOLDER}/login)
  Inbox          ${resend.url}/_control/inbox
  Notion tables  ${notion.url}/_control/tables
  Alerts         ${alerts.url}/_control/alerts
  Website        ${websites.testing}  (testing minutes; ${websites.production} with production delays)`);
await new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
});
await stack.stop();
