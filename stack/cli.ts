import { join } from 'node:path';
import { readEnv } from '../helpers/env.ts';
import { TEST_MAILBOX } from '../helpers/test-mailbox.ts';
import { readArguments, runCommand, UsageError } from '../scripts/command-line.ts';
import { expected, findStack, findUsableStack, refusal, stopStack } from './kept.ts';
import { keptStackFile, stackFolder } from './paths.ts';
import type { StackFile } from './stack-file.ts';
import { startStack } from './stack.ts';
import { startStackProcess } from './start.ts';

const folder = join(stackFolder, 'kept');

const USAGE = `Usage: npm run stack [-- COMMAND] [options]

Commands
  start              Start a stack that stays, and print its addresses. The usual one.
  status             Whether one is up, and where. Exit code 1 when not.
  stop               End it.
  restart            End it and start another.

Options, of start and restart
  --database KIND    memory (the usual one), or file: scheduled executions survive a restart of the engine.
  --foreground       Start it here, to be ended with Ctrl-C. Of start alone.
  --help             This text.`;

type Database = 'memory' | 'file';

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

async function start(database: Database): Promise<number> {
  const running = findUsableStack(keptStackFile, readEnv());
  if (running) {
    console.log(`A stack is up already (process ${running.pid}):\n${addresses(running)}\n${howToStop}`);
    return 0;
  }
  const began = performance.now();
  const report = (text: string): void => console.log(`  ${seconds(began).padStart(6)}  ${text}`);
  const started = await startStackProcess({ file: keptStackFile, folder, database, keep: true, report });
  started.release();
  console.log(`The stack is ready (${seconds(began)}):\n${addresses(started.file)}\n${howToStop}`);
  return 0;
}

async function startHere(database: Database): Promise<number> {
  const env = readEnv();
  findUsableStack(keptStackFile, env);
  const began = performance.now();
  const stack = await startStack({
    file: keptStackFile,
    folder,
    database,
    testingMinuteSeconds: env.TESTING_MINUTE_SECONDS,
    testMailbox: TEST_MAILBOX,
    engine: env.STACK_ENGINE,
    report: (text) => console.log(`  ${seconds(began).padStart(6)}  ${text}`),
  });
  console.log(`The stack is ready (${seconds(began)}); Ctrl-C ends it:\n${addresses(stack.file)}`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    void stack.ended.then(resolve);
  });
  await stack.stop();
  return 0;
}

function status(): number {
  const stack = findStack(keptStackFile);
  if (!stack) {
    console.log('No stack is kept. Run: npm run stack');
    return 1;
  }
  console.log(
    `${refusal(stack, expected(readEnv())) ?? `A stack is up (process ${stack.pid}).`}\n${addresses(stack)}`,
  );
  return 0;
}

async function stop(): Promise<number> {
  console.log((await stopStack(keptStackFile)) ? 'The stack has ended.' : 'No stack was up.');
  return 0;
}

const howToStop = 'The next `npx playwright test` uses it. To end it: npm run stack -- stop';
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      database: { type: 'string', default: 'memory' },
      foreground: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { database, foreground } = values;
  if (database !== 'memory' && database !== 'file') {
    throw new UsageError(`--database is memory or file, not "${database}"`);
  }
  const [command = 'start', ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`give one command, not ${positionals.length}`);
  if (foreground && command !== 'start') throw new UsageError('--foreground is of start alone');
  switch (command) {
    case 'start':
      return foreground ? startHere(database) : start(database);
    case 'status':
      return status();
    case 'stop':
      return stop();
    case 'restart':
      await stop();
      return start(database);
    default:
      throw new UsageError(`there is no command "${command}"`);
  }
}

await runCommand(USAGE, main);
