import { rmSync } from 'node:fs';

/** A clock that is off by so much, shown to a process by libfaketime. */
export interface SkewedClock {
  /** Ahead of the machine's; below zero behind it. */
  offsetMs: number;
  /** Path of libfaketime. */
  library: string;
}

/** What a process must start with to see that clock. It keeps the machine's seconds, which timers count. */
export const clockVariables = ({ offsetMs, library }: SkewedClock): Record<string, string> => ({
  LD_PRELOAD: library,
  FAKETIME: `${offsetMs < 0 ? '-' : '+'}${Math.abs(offsetMs) / 1_000}`,
  DONT_FAKE_MONOTONIC: '1',
  // Without it a wait of the JVM's that has a limit returns at once, and its threads spin.
  FAKETIME_FORCE_MONOTONIC_FIX: '0',
  // Files keep their dates: the JVM takes its AOT cache for another's when its jars seem to have changed.
  NO_FAKE_STAT: '1',
});

/** What the library keeps in shared memory for a process, and leaves there when that one is killed. */
export function tidyAfter(pid: number | undefined): void {
  for (const name of ['faketime_shm_', 'sem.faketime_sem_']) {
    rmSync(`/dev/shm/${name}${pid}`, { force: true });
  }
}
