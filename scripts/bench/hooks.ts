import { z } from 'zod';

export const Hooks = z.object({
  title: z.string(),
  /** From the test's begin to its first line. */
  beforeMs: z.number(),
  /** From its last line to its end, evidence and clean-up included. */
  afterMs: z.number(),
  /** What the worker's process used from the last line of the test before to this one's first. Absent after a test of another title. */
  cpuMs: z.number().optional(),
});
/** What surrounded one test. */
export type Hooks = z.infer<typeof Hooks>;

/** Under this name a test tells `cpuMs`. */
export const CPU = 'cpu between tests';

interface Told {
  title: string;
  annotations: Array<{ type: string; description?: string }>;
}

/** For tests of one worker: what its process uses while no test's own lines run. Each test calls both. */
export function cpuBetweenTests() {
  let last: { title: string; usage: NodeJS.CpuUsage } | undefined;
  return {
    firstLine({ title, annotations }: Told): void {
      if (last?.title !== title) return;
      const { user, system } = process.cpuUsage(last.usage);
      annotations.push({ type: CPU, description: String((user + system) / 1_000) });
    },
    lastLine({ title }: Told): void {
      last = { title, usage: process.cpuUsage() };
    },
  };
}
