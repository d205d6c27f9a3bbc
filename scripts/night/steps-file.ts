import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const Step = z.object({ name: z.string(), code: z.number(), seconds: z.number() });
export type Step = z.infer<typeof Step>;

const file = (reports: string): string => join(reports, 'night.json');

/** The steps that a night has taken, in their order. */
export function readSteps(reports: string): Step[] {
  return existsSync(file(reports))
    ? z.array(Step).parse(JSON.parse(readFileSync(file(reports), 'utf8')))
    : [];
}

/** Notes a step, in place of an earlier try of the same. */
export function noteStep(reports: string, step: Step): void {
  mkdirSync(reports, { recursive: true });
  const steps = [...readSteps(reports).filter(({ name }) => name !== step.name), step];
  writeFileSync(file(reports), `${JSON.stringify(steps, null, 2)}\n`);
}
