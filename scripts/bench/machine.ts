import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { readSetup } from '../../stack/setup-file.ts';
import type { Result } from './result.ts';

/** The machine as it is before a bench. Names no host. */
export function machineNow(): Result['machine'] {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryMb: Math.round(totalmem() / 1e6),
    platform: `${platform()} ${arch()}`,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

const Manifest = z.object({ devDependencies: z.record(z.string(), z.string()) });

/** What the figures depend on beside this repository. */
export function versionsNow(): Record<string, string> {
  const { devDependencies } = Manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return {
    node: process.versions.node,
    kestra: readEnv().KESTRA_VERSION,
    jdk: String(readSetup().java.major),
    playwright: devDependencies['@playwright/test'] ?? 'unknown',
    allure: devDependencies['allure'] ?? 'unknown',
  };
}
