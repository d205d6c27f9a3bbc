import { readArguments, runCommand, UsageError } from '../../scripts/command-line.ts';
import { websiteVariables } from '../../helpers/website-variables.ts';
import { findStack } from '../kept.ts';
import { keptStackFile } from '../paths.ts';
import { PATHS } from './paths.ts';
import { type RunningWebsite, startWebsite, type WebsiteOptions } from './server.ts';

const USAGE = `Usage: npm run website -- [options]

Starts the funnel's website for a look, with the kept stack behind it when one is up (npm run stack).

Options
  --port NUMBER    Default: 3005.
  --animation MS   The pause between two questions. Default: 500.
  --as-it-is       The same pages, and no calls, as the real site does today.
  --production     Production delays behind it, in place of testing minutes.
  --help           This text.`;

async function main(args: string[]): Promise<number> {
  const { values } = readArguments({
    args,
    options: {
      port: { type: 'string', default: '3005' },
      animation: { type: 'string', default: '500' },
      'as-it-is': { type: 'boolean', default: false },
      production: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [port, animationMs] = [Number(values.port), Number(values.animation)];
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError('--port takes a port number');
  if (!(animationMs >= 0)) throw new UsageError('--animation takes milliseconds');

  const stack = values['as-it-is'] ? undefined : findStack(keptStackFile);
  const mode = values.production ? 'production' : 'testing';
  const site = await start({
    port,
    animationMs,
    ...(stack ? { variables: websiteVariables(stack, mode), log: (line) => console.log(line) } : {}),
  });
  const behind = stack
    ? `tells Kestra's ${stack.namespaces[mode]}, sends through ${stack.resend.url}`
    : values['as-it-is']
      ? 'as it is today: it calls nobody'
      : 'calls nobody, since no stack is kept (npm run stack)';
  console.log(
    `Website: ${site.url}${PATHS.landing}\n  ${behind}\n  Operator: ${site.url}${PATHS.operator}\nCtrl-C ends it.`,
  );
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  await site.close();
  return 0;
}

async function start(options: WebsiteOptions): Promise<RunningWebsite> {
  try {
    return await startWebsite(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${options.port} is taken: choose another with --port`, { cause: error });
  }
}

await runCommand(USAGE, main);
