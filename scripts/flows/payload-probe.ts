import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { inheritedEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { readSetup } from '../../stack/setup-file.ts';

const Probe = z.object({
  asked: z.array(z.string()),
  values: z.record(z.string(), z.unknown()),
  mails: z.record(z.string(), z.string()),
  warnings: z.array(z.string()),
  reasons: z.array(z.string()),
});
type Probe = z.infer<typeof Probe>;

/**
 * What a flow's own validation makes of each body (JSON texts), a minute after the moment in the documents' examples.
 * Throws with Python's own words when the validation breaks.
 */
export function probePayloads(webhook: string, bodies: readonly string[]): Probe[] {
  const { stdout, stderr } = spawnSync(
    readSetup().python.executable,
    ['-B', join(root, 'scripts/flows/payload_probe.py')],
    {
      input: `{"flows":${JSON.stringify(join(root, 'flows'))},"now":"2025-11-29T10:31:00+00:00","webhook":"${webhook}","bodies":[${bodies.join(',')}]}`,
      encoding: 'utf8',
      env: inheritedEnv(),
      maxBuffer: 256 * 1024 * 1024,
    },
  );
  if (stderr !== '') throw new Error(stderr);
  return z.array(Probe).parse(JSON.parse(stdout));
}
