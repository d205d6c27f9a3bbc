import type { Figure } from './result.ts';

/** What a part gets from the command that runs it. */
export interface Bench {
  /** For what it writes; emptied before the run. */
  folder: string;
  tell: (line: string) => void;
  /** For the part that runs the suite. */
  playwrightArgs: readonly string[];
}

export interface Part {
  /** What it measures, and how, in a sentence. */
  measures: string;
  /** How long, roughly, on two idle cores. */
  takes: string;
  run(bench: Bench): Promise<Figure[]>;
}
