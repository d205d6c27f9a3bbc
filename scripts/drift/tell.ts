import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage, Status } from 'allure-js-commons';
import { FileSystemWriter, ReporterRuntime } from 'allure-js-commons/sdk/reporter';
import { about } from '../../helpers/about.ts';
import { table } from '../../helpers/table.ts';
import type { Check } from './check.ts';

/** The whole of a drift run as text: a line for each check, then what differs, then what could not be looked at. */
export function textOf(checks: readonly Check[]): string {
  const rows = checks.map(({ service, probe, outcome, ours, real, more }) => [
    service,
    probe,
    real === undefined ? '–' : String(real),
    ours === undefined ? '–' : String(ours),
    outcome === 'drift' ? 'DRIFT' : outcome,
    more.length > 0 ? `${more.length} fields more than ours` : '',
  ]);
  const count = (outcome: Check['outcome']) => checks.filter((one) => one.outcome === outcome).length;
  return [
    table(['service', 'request', 'real', 'ours', 'outcome', ''], rows),
    ...checks.flatMap((one) => {
      const lines = linesOf(one);
      return lines.length > 0 ? [`\n${one.service} ${one.probe}`, ...lines.map((line) => `  ${line}`)] : [];
    }),
    `\n${checks.length} requests: ${count('same')} as ours, ${count('drift')} drifted, ${count('outage')} not answered, ` +
      `${count('nothing to compare')} with nothing to compare, ${count('not asked')} not asked.`,
  ].join('\n');
}

function linesOf({ findings, why }: Check): string[] {
  return [
    ...(why === undefined ? [] : [why]),
    ...findings.map(({ kind, path, text }) => `${kind}: ${path} ${text}`),
  ];
}

const STATUS_OF: Record<Check['outcome'], Status> = {
  same: Status.PASSED,
  drift: Status.FAILED,
  outage: Status.BROKEN,
  'nothing to compare': Status.SKIPPED,
  'not asked': Status.SKIPPED,
};

const purpose =
  'The suite proves the flows against stand-ins. When a real service answers otherwise than its stand-in, the suite is green and the business is not.';

/** Writes drift.json, and a result for each check beside those of the suite. */
export function record(reports: string, target: string, checks: readonly Check[]): void {
  mkdirSync(reports, { recursive: true });
  const report = { at: new Date().toISOString(), target, checks };
  writeFileSync(join(reports, 'drift.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeResults(join(reports, 'allure-results'), checks);
}

/** Adds a result for each check to those of the suite, for the same report. */
function writeResults(folder: string, checks: readonly Check[]): void {
  const runtime = new ReporterRuntime({ writer: new FileSystemWriter({ resultsDir: folder }) });
  const annotations = about({ feature: 'Harness', purpose, severity: 'critical' });
  const labels = annotations.flatMap(({ type, description }) => {
    const name = /^allure\.label\.(.+)$/.exec(type)?.[1];
    return name === undefined || name === 'feature' ? [] : [{ name, value: description }];
  });
  for (const one of checks) {
    const fullName = `drift: ${one.service} ${one.probe}`;
    const message = messageOf(one);
    const uuid = runtime.startTest({
      fullName,
      name: `${one.service} answers ${one.probe} as our side does`,
      // The same from night to night, so that the report has its history.
      historyId: createHash('md5').update(fullName).digest('hex'),
      description: purpose,
      labels: [
        ...labels,
        { name: 'feature', value: 'Drift' },
        { name: 'subSuite', value: one.service },
        { name: 'tag', value: 'drift' },
      ],
      status: STATUS_OF[one.outcome],
      stage: Stage.FINISHED,
      ...(message === undefined ? {} : { statusDetails: { message } }),
    });
    runtime.stopTest(uuid);
    runtime.writeTest(uuid);
  }
}

/** Its first words decide the report's category. */
function messageOf(one: Check): string | undefined {
  if (one.outcome === 'drift') return `Drift of ${one.service}:\n${linesOf(one).join('\n')}`;
  if (one.outcome === 'outage') return `Outage of ${one.service}: ${one.why ?? ''}`;
  return one.outcome === 'same' ? undefined : one.outcome;
}
