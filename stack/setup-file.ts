import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sourcesKey } from '../scripts/setup/engine.mjs';
import { root } from './paths.ts';

const tool = z.object({ executable: z.string() });

/** What `scripts/bootstrap.mjs` found or installed. */
const SetupFile = z.object({
  java: tool.extend({ home: z.string(), major: z.number() }),
  python: tool,
  chromium: tool,
  engine: z.object({ key: z.string(), classPath: z.array(z.string()).min(1) }),
  aot: z.object({ path: z.string().nullable() }),
});
export type SetupFile = z.infer<typeof SetupFile>;

const file = join(root, '.setup/setup.json');

class NotSetUp extends Error {
  constructor() {
    super('The local stack is not set up, or no longer as this checkout needs it. Run: npm run setup');
    this.name = 'NotSetUp';
  }
}

/** What set-up found; undefined when it has not run to its end, or something is gone or older than its sources. */
export function findSetup(): SetupFile | undefined {
  if (!existsSync(file)) return undefined;
  const { data } = SetupFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!data) return undefined;
  const needed = [
    data.java.executable,
    data.python.executable,
    data.chromium.executable,
    ...data.engine.classPath,
    ...(data.aot.path === null ? [] : [data.aot.path]),
  ];
  const complete = data.engine.key === sourcesKey() && needed.every((path) => existsSync(path));
  return complete ? data : undefined;
}

/** Like `findSetup`, but an incomplete set-up is an error that names the one command. */
export function readSetup(): SetupFile {
  const setup = findSetup();
  if (!setup) throw new NotSetUp();
  return setup;
}
