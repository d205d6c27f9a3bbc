import { z } from 'zod';

const SEVERITIES = ['info', 'low', 'moderate', 'high', 'critical'] as const;
const Vulnerability = z.looseObject({
  name: z.string(),
  severity: z.enum(SEVERITIES),
  range: z.string(),
  isDirect: z.boolean(),
});
const Report = z.looseObject({ vulnerabilities: z.record(z.string(), Vulnerability) });
const Failure = z.looseObject({ message: z.string(), statusCode: z.number().optional() });

/** What `npm audit` made of it: the registry's advisories, or why there are none to be had. */
export type Advisories =
  | { asked: true; found: Array<{ name: string; severity: string; range: string; grave: boolean }> }
  | { asked: false; why: string };

/** Reads what `npm audit --json` printed. Many registries behind a proxy have no such endpoint: that is no answer, not a good one. */
export function advisoriesIn(output: string): Advisories {
  const answer = parsed(output);
  const report = Report.safeParse(answer);
  if (report.success) {
    const found = Object.values(report.data.vulnerabilities).map(({ name, severity, range }) => ({
      name,
      severity,
      range,
      grave: SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf('high'),
    }));
    return { asked: true, found };
  }
  const { data } = Failure.safeParse(answer);
  const status = data?.statusCode === undefined ? '' : ` (it answered ${data.statusCode})`;
  return {
    asked: false,
    why: data ? `the registry has no audit endpoint${status}` : 'npm said nothing to be read',
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
