// npm run stack                          start a stack that stays, and print its addresses
// npm run stack -- --database file       the same; scheduled executions survive a restart
// npm run stack -- --foreground          start it here; Ctrl-C ends it
// npm run stack -- status|stop|restart
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnv } from '../helpers/env.ts';
import { TEST_MAILBOX } from '../helpers/test-mailbox.ts';
import { findStack, findUsableStack, refusal, stopStack } from './kept.ts';
import { keptStackFile, stackFolder } from './paths.ts';
import type { StackFile } from './stack-file.ts';
import { startStack } from './stack.ts';
import { startStackProcess } from './start.ts';
import { stackVersion } from './version.ts';

const folder = join(stackFolder, 'kept');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: 'string', default: 'memory' },
    foreground: { type: 'boolean', default: false },
  },
});
const database = values.database === 'file' ? 'file' : 'memory';

function addresses(stack: StackFile): string {
  return [
    `  Inbox          ${stack.resend.url}/_control/inbox`,
    `  Notion tables  ${stack.notion.url}/_control/tables`,
    `  Alerts         ${stack.alerts.url}/_control/alerts`,
    `  Website        ${stack.websites.testing}  (testing minutes; ${stack.websites.production} with production delays)`,
    `  Kestra API     ${stack.kestra.url}/api/v1  (${stack.kestra.version}; login in ${keptStackFile})`,
    `  Logs           ${stack.logFolder}`,
  ].join('\n');
}

async function start(): Promise<void> {
  const running = findUsableStack(keptStackFile, readEnv().TESTING_MINUTE_SECONDS);
  if (running) {
    console.log(`A stack is up already (process ${running.pid}):\n${addresses(running)}\n${howToStop}`);
    return;
  }
  const began = performance.now();
  const report = (text: string): void => console.log(`  ${seconds(began).padStart(6)}  ${text}`);
  const started = await startStackProcess({ file: keptStackFile, folder, database, keep: true, report });
  started.release();
  console.log(`The stack is ready (${seconds(began)}):\n${addresses(started.file)}\n${howToStop}`);
}

async function startHere(): Promise<void> {
  const env = readEnv();
  findUsableStack(keptStackFile, env.TESTING_MINUTE_SECONDS);
  const began = performance.now();
  const stack = await startStack({
    file: keptStackFile,
    folder,
    database,
    testingMinuteSeconds: env.TESTING_MINUTE_SECONDS,
    testMailbox: TEST_MAILBOX,
    strained: false,
    report: (text) => console.log(`  ${seconds(began).padStart(6)}  ${text}`),
  });
  console.log(`The stack is ready (${seconds(began)}); Ctrl-C ends it:\n${addresses(stack.file)}`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    void stack.ended.then(resolve);
  });
  await stack.stop();
}

function status(): void {
  const stack = findStack(keptStackFile);
  if (!stack) {
    console.log('No stack is kept. Run: npm run stack');
    process.exitCode = 1;
    return;
  }
  const expected = { version: stackVersion(), testingMinuteSeconds: readEnv().TESTING_MINUTE_SECONDS };
  console.log(`${refusal(stack, expected) ?? `A stack is up (process ${stack.pid}).`}\n${addresses(stack)}`);
}

async function stop(): Promise<void> {
  console.log((await stopStack(keptStackFile)) ? 'The stack has ended.' : 'No stack was up.');
}

const howToStop = 'The next `npx playwright test` uses it. To end it: npm run stack -- stop';
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

const commands: Record<string, () => Promise<void> | void> = {
  start: values.foreground ? startHere : start,
  status,
  stop,
  restart: async () => {
    await stop();
    await start();
  },
};

const name = positionals[0] ?? 'start';
const command = commands[name];
try {
  if (!command) throw new Error(`Unknown command "${name}": start, status, stop or restart`);
  await command();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
