import { redact } from '../../helpers/redact.ts';
import type { Line } from './examine.ts';

export interface Report {
  target: string;
  namespace: string;
  production: string;
  ok: boolean;
  /** The one thing that looking left behind. */
  healthCheck?: string;
  lines: Line[];
}

/** Anything shorter stands in ordinary words. */
const SHORTEST_SECRET = 4;

const MARKS: Record<Line['status'], string> = { ok: '✓', failed: '✗', 'not checked': '–', skipped: '–' };

/** A report that holds none of the secrets, whatever a service put into its answer. */
export function withoutSecrets(report: Report, secrets: readonly string[]): Report {
  const clean = (text: string): string =>
    redact(
      text,
      secrets.filter((secret) => secret.length >= SHORTEST_SECRET),
    );
  const lines = report.lines.map(({ told, remedy, ...rest }) => ({
    ...rest,
    told: clean(told),
    ...(remedy === undefined ? {} : { remedy: clean(remedy) }),
  }));
  return { ...report, lines };
}

/** For people: a line a check, its remedy behind it. */
export function reportText({ lines, namespace, target, healthCheck }: Report): string {
  const width = Math.max(...lines.map(({ id }) => id.length));
  const rows = lines.map(({ id, status, told, remedy }) => {
    const end = remedy === undefined ? '' : ` → ${remedy}`;
    return `${MARKS[status]} ${id.padEnd(width)}  ${told.replaceAll(/\s+/g, ' ')}${end}`;
  });
  const count = (status: Line['status']): number => lines.filter((line) => line.status === status).length;
  return [
    `Target ${target}, deployment ${namespace}`,
    ...rows,
    `${count('ok')} well, ${count('failed')} not, ${count('not checked') + count('skipped')} not checked.`,
    healthCheck === undefined
      ? 'Nothing was changed.'
      : `Nothing was changed; execution ${healthCheck} of ${namespace}.health-check is there now.`,
  ].join('\n');
}
