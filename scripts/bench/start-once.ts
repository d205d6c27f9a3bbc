// Starts a stack, prints one JSON line about the start, and stops it. A process of its own, so that its environment can say
// how cold the start is.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startStackProcess } from '../../stack/start.ts';
import { commandOf, ENGINE_CLASS, treeOf } from './proc.ts';
import type { Start } from './start.ts';

const { values } = parseArgs({ options: { folder: { type: 'string' } } });
if (!values.folder) throw new Error('--folder is needed');

/** All that the stack has used so far: it is this process's only child. */
const cpuSoFar = (): number =>
  treeOf(process.pid)
    .filter(({ pid }) => pid !== process.pid)
    .reduce((sum, { cpuMs, childrenMs }) => sum + cpuMs + childrenMs, 0);

const began = performance.now();
const steps: Start['steps'] = [];
const note = (what: string): void => {
  steps.push({ what, atMs: Math.round(performance.now() - began), cpuMs: cpuSoFar() });
};
const stack = await startStackProcess({
  file: join(values.folder, 'stack.json'),
  folder: values.folder,
  report: note,
});
note('its file is written');
const engine = treeOf(stack.file.pid).find(({ pid }) => commandOf(pid).includes(ENGINE_CLASS));
await stack.stop();
const start: Start = { steps, residentBytes: engine?.residentBytes ?? 0 };
console.log(JSON.stringify(start));
