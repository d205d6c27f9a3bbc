/** What a check found. A fault says what a person does about it. */
export type Verdict = { ok: true; told: string } | { ok: false; told: string; remedy: string };

export interface Check {
  id: string;
  /** Checks that must be well before this one says anything. */
  needs?: readonly string[];
  /** Checks to wait for, however they end: this one takes their findings from `Facts`. */
  after?: readonly string[];
  withinMs: number;
  /** What to do when there is no answer in time, or one that nobody foresaw. */
  remedy: string;
  run: (signal: AbortSignal) => Promise<Verdict>;
}

export interface Line {
  id: string;
  status: 'ok' | 'failed' | 'not checked' | 'skipped';
  told: string;
  remedy?: string;
  tookMs: number;
}

/** Thrown by a check whose ground another check did not prepare. */
export class Blocked extends Error {
  constructor(by: string) {
    super(`not checked: ${by} comes first`);
  }
}

export const well = (told: string): Verdict => ({ ok: true, told });
export const fault = (told: string, remedy: string): Verdict => ({ ok: false, told, remedy });

/**
 * Runs all checks, each as soon as those before it are done, each with its own time-out. A check whose precondition
 * failed is not run: one cause is one fault. The lines come in the checks' order. Never throws for what a check did.
 */
export async function examine(
  checks: readonly Check[],
  skip: ReadonlySet<string> = new Set(),
): Promise<Line[]> {
  const begun = new Map<string, Promise<Line>>();
  for (const check of checks) {
    const before = [...(check.needs ?? []), ...(check.after ?? [])].map((id) => {
      const line = begun.get(id);
      if (!line) throw new Error(`The check ${check.id} waits for ${id}, which is not before it.`);
      return line;
    });
    begun.set(check.id, skip.has(check.id) ? Promise.resolve(skipped(check)) : runOne(check, before));
  }
  return Promise.all(begun.values());
}

const skipped = ({ id }: Check): Line => ({ id, status: 'skipped', told: 'skipped, as told', tookMs: 0 });

async function runOne(check: Check, before: ReadonlyArray<Promise<Line>>): Promise<Line> {
  const earlier = await Promise.all(before);
  const { id, needs = [] } = check;
  const unmet = earlier.find((line) => needs.includes(line.id) && line.status !== 'ok');
  if (unmet) return { id, status: 'not checked', told: new Blocked(unmet.id).message, tookMs: 0 };
  const began = performance.now();
  const verdict = await verdictOf(check);
  return { id, ...verdict, tookMs: Math.round(performance.now() - began) };
}

async function verdictOf({
  run,
  withinMs,
  remedy,
}: Check): Promise<Pick<Line, 'status' | 'told' | 'remedy'>> {
  const end = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Verdict>((resolve) => {
    timer = setTimeout(() => {
      resolve(fault(`no answer within ${withinMs / 1_000} s`, remedy));
      end.abort();
    }, withinMs);
  });
  try {
    const verdict = await Promise.race([run(end.signal), late]);
    return verdict.ok
      ? { status: 'ok', told: verdict.told }
      : { status: 'failed', told: verdict.told, remedy: verdict.remedy };
  } catch (error) {
    if (error instanceof Blocked) return { status: 'not checked', told: error.message };
    const message = error instanceof Error ? error.message : String(error);
    return { status: 'failed', told: oneLine(message), remedy };
  } finally {
    clearTimeout(timer);
  }
}

const LONGEST = 300;

/** What a service said, on one line and not without end. */
function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
