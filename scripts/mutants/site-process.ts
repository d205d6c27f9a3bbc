// The websites of one mutant: before each of its two deployments, and one that calls nobody.
import { join } from 'node:path';
import { websiteVariables } from '../../helpers/website-variables.ts';
import type { Mode } from '../../helpers/timetable.ts';
import type { StackFile } from '../../stack/stack-file.ts';

process.once('message', ({ folder, stack }: { folder: string; stack: StackFile }) => {
  void start(folder, stack);
});
// The channel closes with the run, however that one ends.
process.once('disconnect', () => process.exit());

async function start(folder: string, stack: StackFile): Promise<void> {
  const { startWebsite } = (await import(
    join(folder, 'server.ts')
  )) as typeof import('../../stack/website/server.ts');
  const site = async (mode?: Mode): Promise<string> => {
    const log = (line: string): void =>
      console.log(`${new Date().toISOString()} ${mode ?? 'as it is'}: ${line}`);
    const variables = mode && websiteVariables(stack, mode);
    const { url } = await startWebsite({ animationMs: 0, log, ...(variables ? { variables } : {}) });
    return url;
  };
  process.send?.({
    production: await site('production'),
    testing: await site('testing'),
    asItIs: await site(),
  } satisfies StackFile['websites']);
}
