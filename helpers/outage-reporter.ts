import { rmSync } from 'node:fs';
import type { Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { defectOf } from './defects.ts';
import { noteOutage, type Outage, outageFile, outageLine } from './outage-file.ts';
import { type Service, servicesOfTarget, troubleOf } from './services.ts';
import { poll } from './wait.ts';

/** How often they are asked although no test complains: all of them may be waiting for a Kestra that is gone. */
const EVERY_MS = 15_000;
/** A service that is well again so soon was no outage. */
const CONFIRM_MS = 4_000;

/**
 * Watches the services that every test needs. One that is gone, or broken, ends the run: one outage, noted in a file, and not
 * a failure for each test that was still to come.
 */
export default class OutageReporter implements Reporter {
  readonly #reports: string;
  #watch: Watch | undefined;
  #timer: NodeJS.Timeout | undefined;
  #left = 0;

  constructor({ reports }: { reports: string }) {
    this.#reports = reports;
  }

  onBegin(_: unknown, suite: Suite): void {
    rmSync(outageFile(this.#reports), { force: true });
    this.#left = suite.allTests().length;
    if (this.#left === 0) return;
    const services = reachable();
    if (services.length === 0) return;
    this.#watch = new Watch(services, (outage) => {
      noteOutage(this.#reports, outage);
      console.log(`\n${outageLine(outage)}. The run stops here.`);
      process.kill(process.pid, 'SIGINT'); // as Ctrl-C: what runs is interrupted and cleaned up, the rest is not begun
    });
    this.#timer = setInterval(() => void this.#watch?.look(), EVERY_MS);
    this.#timer.unref();
  }

  onTestEnd(test: TestCase, { errors, status }: TestResult): void {
    // After the last one the run stops its stack, before `onEnd`: no outage.
    if ((this.#left -= 1) === 0) clearInterval(this.#timer);
    if (status === 'passed' || status === 'skipped') return;
    const messages = errors.map(({ message }) => message ?? '');
    if (defectOf({ messages, tags: test.tags }) === 'outage') void this.#watch?.look();
  }

  async onEnd(): Promise<void> {
    clearInterval(this.#timer);
    await this.#watch?.end();
  }
}

/** None where nobody can be asked: a run without a stack, as of `--list`. */
function reachable(): Service[] {
  try {
    return servicesOfTarget();
  } catch {
    return [];
  }
}

/** Asks, one at a time, and tells of one outage. */
export class Watch {
  readonly #services: readonly Service[];
  readonly #tell: (outage: Outage) => void;
  readonly #confirmMs: number;
  #wellAt = new Date();
  #looking: Promise<void> | undefined;
  #over = false;

  constructor(services: readonly Service[], tell: (outage: Outage) => void, confirmMs: number = CONFIRM_MS) {
    this.#services = services;
    this.#tell = tell;
    this.#confirmMs = confirmMs;
  }

  /** Asks whether all is well, unless somebody is asking already. */
  async look(): Promise<void> {
    if (this.#over) return;
    this.#looking ??= this.#ask().finally(() => (this.#looking = undefined));
    await this.#looking;
  }

  /** Waits for the look under way; from then on nothing is told. */
  async end(): Promise<void> {
    await this.#looking;
    this.#over = true;
  }

  async #ask(): Promise<void> {
    const asked = new Date();
    const { value: trouble } = await poll(
      () => troubleOf(this.#services),
      (found) => found?.down !== true,
      this.#confirmMs,
    );
    if (trouble?.down !== true) {
      this.#wellAt = asked;
      return;
    }
    this.#over = true;
    const { service, what } = trouble;
    this.#tell({ service, what, wellAt: this.#wellAt.toISOString(), seenAt: asked.toISOString() });
  }
}
