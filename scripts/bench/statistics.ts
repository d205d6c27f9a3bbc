/** The smallest sample that at least `share` (above 0, up to 1) of all do not exceed: the nearest rank. Throws for none. */
export function percentile(samples: readonly number[], share: number): number {
  if (!(share > 0 && share <= 1))
    throw new Error(`A percentile's share is above 0 and up to 1, not ${share}`);
  const sorted = samples.toSorted((a, b) => a - b);
  const found = sorted[Math.ceil(share * sorted.length) - 1];
  if (found === undefined) throw new Error('There is no percentile of no samples');
  return found;
}

/** The sample in the middle; of an even number the lower of the two, so that it is always one that was seen. */
export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** How many samples lie in each of `bins` equally wide steps from 0 up to `to`; what is beyond it counts in the last. */
export function histogram(samples: readonly number[], to: number, bins: number): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const sample of samples) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((sample / to) * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
