import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, Suite, TestCase } from '@playwright/test/reporter';
import { readEnv } from './env.ts';
import { plannedIn, sentIn } from './mails.ts';
import { powerIn } from './target.ts';

interface Ended {
  annotations: TestCase['annotations'];
  results: ReadonlyArray<Pick<TestCase['results'][number], 'annotations'>>;
}

/** Says of a run what was skipped for want of which power, and, where mails are real, how many were planned and sent. */
export default class AttachedReporter implements Reporter {
  readonly #file: string;
  #suite: Suite | undefined;

  constructor({ outputFile }: { outputFile: string }) {
    this.#file = outputFile;
  }

  onBegin(_: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  onEnd(): void {
    const tests = this.#suite?.allTests().filter(({ results }) => results.length > 0) ?? [];
    if (tests.length === 0) return;
    const skipped = skipsIn(tests);
    if (skipped) console.log(`\nSkipped, since the target does not grant it: ${skipped}`);
    const env = readEnv();
    if (env.TARGET !== 'homelab') return;
    const mails = { ...tallyOf(tests), budget: env.MAIL_BUDGET };
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, `${JSON.stringify(mails)}\n`);
    console.log(`\nMails: ${mails.planned} planned, ${mails.sent} sent, budget ${mails.budget}`);
  }
}

/** `12 tests need "faults", 3 tests need "alerts"`; empty when nothing was skipped so. */
export function skipsIn(tests: readonly Ended[]): string {
  const counts = new Map<string, number>();
  for (const { annotations, results } of tests) {
    const all = [...annotations, ...results.flatMap((result) => result.annotations)];
    const power = all.map(({ description }) => powerIn(description)).find((one) => one !== undefined);
    if (power !== undefined) counts.set(power, (counts.get(power) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([power, count]) => `${count} tests need "${power}"`)
    .join(', ');
}

/** Over all tests that ran. */
export function tallyOf(tests: readonly Ended[]): { planned: number; sent: number } {
  const add = (numbers: Array<number | undefined>) =>
    numbers.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return {
    planned: add(tests.map(({ annotations }) => plannedIn(annotations))),
    sent: add(tests.flatMap(({ results }) => results.map((result) => sentIn(result.annotations)))),
  };
}
