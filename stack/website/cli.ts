// npm run website                          the funnel's site alone, for a look; with a kept stack behind it when one is up
// npm run website -- --as-it-is            the same pages, and no calls, as the real site does today
// npm run website -- --port 3005 --animation 500 --production
import { parseArgs } from 'node:util';
import { websiteVariables } from '../../helpers/website-variables.ts';
import { findStack } from '../kept.ts';
import { keptStackFile } from '../paths.ts';
import { startWebsite } from './server.ts';
import { PATHS } from './paths.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3005' },
    animation: { type: 'string', default: '500' },
    'as-it-is': { type: 'boolean', default: false },
    production: { type: 'boolean', default: false },
  },
});
const [port, animationMs] = [Number(values.port), Number(values.animation)];
if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port takes a port number');
if (!(animationMs >= 0)) throw new Error('--animation takes milliseconds');

const stack = values['as-it-is'] ? undefined : findStack(keptStackFile);
const mode = values.production ? 'production' : 'testing';
const site = await startWebsite({
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
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void site.close().then(() => process.exit(0)));
