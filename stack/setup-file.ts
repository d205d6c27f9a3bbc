import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readKestraVersion } from '../helpers/env.ts';
import { sourcesKey } from '../scripts/setup/engine.mjs';
import { setupCommand } from '../scripts/setup/kestra-versions.mjs';
import { root } from './paths.ts';

const tool = z.object({ executable: z.string() });

/** What `scripts/bootstrap.mjs` found or installed. */
const SetupFile = z.object({
  java: tool.extend({ home: z.string(), major: z.number() }),
  python: tool,
  chromium: tool,
  /** Null where there is none. */
  faketime: z.object({ path: z.string().nullable() }).default({ path: null }),
  engines: z.record(
    z.string(),
    z.object({
      engine: z.object({ key: z.string(), classPath: z.array(z.string()).min(1) }).optional(),
      aot: z.object({ path: z.string().nullable() }).optional(),
    }),
  ),
});

const file = join(root, '.setup/setup.json');

class NotSetUp extends Error {
  constructor() {
    const command = setupCommand(readKestraVersion());
    super(`The local stack is not set up, or no longer as this checkout needs it. Run: ${command}`);
    this.name = 'NotSetUp';
  }
}

/** What set-up found for the wanted version of Kestra; undefined when it has not run to its end, or something is gone or older than its sources. */
export function findSetup() {
  if (!existsSync(file)) return undefined;
  const { data } = SetupFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  const version = readKestraVersion();
  const { engine, aot } = data?.engines[version] ?? {};
  if (!data || !engine || !aot) return undefined;
  const { java, python, chromium, faketime } = data;
  const needed = [
    java.executable,
    python.executable,
    chromium.executable,
    ...engine.classPath,
    ...(aot.path === null ? [] : [aot.path]),
  ];
  const complete = engine.key === sourcesKey(version) && needed.every((path) => existsSync(path));
  return complete ? { java, python, chromium, faketime, engine, aot } : undefined;
}

export type Setup = NonNullable<ReturnType<typeof findSetup>>;

/** Like `findSetup`, but an incomplete set-up is an error that names the one command. */
export function readSetup(): Setup {
  const setup = findSetup();
  if (!setup) throw new NotSetUp();
  return setup;
}
