/** How often a changed spec runs, so that a flake shows before it is merged. */
const TIMES = 30;
/** The most runs of tests that a changed helper causes: one that all specs import would be the suite thirty times. */
const MOST_RUNS = 600;

export interface Repeats {
  files: string[];
  times: number;
}

/**
 * What to run how often: specs that were changed thirty times; those that import something changed as often as fits, and not
 * at all when that is once, since the suite runs them once.
 */
export function repeatsOf(
  changed: readonly string[],
  reached: ReadonlyMap<string, number>,
): { direct: Repeats; reachable: Repeats } {
  const direct = changed.filter((file) => reached.has(file)).toSorted();
  const others = [...reached].filter(([file]) => !direct.includes(file));
  const tests = others.reduce((sum, [, count]) => sum + count, 0);
  const times = tests === 0 ? 0 : Math.min(TIMES, Math.floor(MOST_RUNS / tests));
  return {
    direct: { files: direct, times: direct.length > 0 ? TIMES : 0 },
    reachable: { files: others.map(([file]) => file).toSorted(), times: times > 1 ? times : 0 },
  };
}
