// Starts a stack, prints one JSON line about the start, and stops it. A process of its own, so that its environment can say
// how cold the start is.
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { startStackProcess } from '../../stack/start.ts';
import type { Start } from './start.ts';
import { commandOf, ENGINE_CLASS, treeOf } from './proc.ts';

const { values } = parseArgs({ options: { folder: { type: 'string' } } });
if (!values.folder) throw new Error('--folder is needed');

const began = performance.now();
const sinceBegin = (): number => Math.round(performance.now() - began);
const steps: Start['steps'] = [];
const stack = await startStackProcess({
  file: join(values.folder, 'stack.json'),
  folder: values.folder,
  report: (what) => steps.push({ what, atMs: sinceBegin() }),
});
const readyMs = sinceBegin();
const tree = treeOf(stack.file.pid);
const engine = tree.find(({ pid }) => commandOf(pid).includes(ENGINE_CLASS));
const cpuMs = tree.reduce((sum, one) => sum + one.cpuMs + one.childrenMs, 0);
const engineMs = (engine?.cpuMs ?? 0) + (engine?.childrenMs ?? 0);
const start: Start = {
  readyMs,
  steps,
  cpuMs: { engine: engineMs, 'stand-ins, deploying, websites': cpuMs - engineMs },
  residentBytes: engine?.residentBytes ?? 0,
};
await stack.stop();
console.log(JSON.stringify(start));
