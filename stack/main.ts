// The stack process: hosts the stand-ins, owns the engine, and lives until it is told to stop or nobody needs it.
import { parseArgs } from 'node:util';
import { readEnv } from '../helpers/env.ts';
import { TEST_MAILBOX } from '../helpers/test-mailbox.ts';
import type { Message } from './messages.ts';
import { startStack, type Stack } from './stack.ts';

const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    folder: { type: 'string' },
    database: { type: 'string', default: 'memory' },
    /** Outlives the process that started it. */
    keep: { type: 'boolean', default: false },
    /** The stand-ins keep the real services' rate limits. */
    strained: { type: 'boolean', default: false },
  },
});
if (!values.file || !values.folder) throw new Error('--file and --folder are needed');

/** Resolves when the message has left, so that it is not lost when this process ends next. */
async function tell(message: Message): Promise<void> {
  if (process.connected) await new Promise((sent) => process.send?.(message, sent));
}

let stack: Stack | undefined;
let stopping = false;

async function end(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await stack?.stop();
  process.exit(code);
}

// The channel closes with the process that owns this stack, however that one ends; so nothing is left behind.
if (!values.keep) process.once('disconnect', () => void end(0));
process.once('SIGTERM', () => void end(0));
process.once('SIGINT', () => void end(0));

try {
  const env = readEnv();
  stack = await startStack({
    file: values.file,
    folder: values.folder,
    database: values.database === 'file' ? 'file' : 'memory',
    testingMinuteSeconds: env.TESTING_MINUTE_SECONDS,
    testMailbox: TEST_MAILBOX,
    engine: env.STACK_ENGINE,
    strained: values.strained,
    report: (text) => {
      console.log(`${new Date().toISOString()} ${text}`);
      void tell({ event: 'progress', text });
    },
  });
  void stack.ended.then(() => {
    if (!stopping) console.error('The engine has ended by itself; see engine.log');
    return end(1);
  });
  await tell({ event: 'ready' });
} catch (error) {
  console.error(error);
  await tell({ event: 'failed', reason: error instanceof Error ? error.message : String(error) });
  await end(1);
}
