import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnv } from '../../../helpers/env.ts';
import { runCommand, scriptNamed } from '../../steps.ts';
import type { Part } from '../part.ts';

export const report: Part = {
  measures:
    'npm run report: of the suite that this bench ran, else of its @sequence specs, else of the last run',
  takes: '20 s',
  async run({ folder, tell, playwrightArgs }) {
    const places = [
      { id: playwrightArgs.length === 0 ? 'suite' : 'selection', reports: join(folder, 'suite') },
      { id: 'sequence', reports: join(folder, 'sequence') },
      { id: 'last-run', reports: 'reports' },
    ];
    const place = places.find(({ reports }) => resultsIn(reports) > 0);
    if (!place)
      throw new Error('There are no results to make a report of: add the part sequence, or run the suite.');
    const { id, reports } = place;
    const { code, output, seconds } = await runCommand(
      scriptNamed('report'),
      'nothing',
      [],
      inheritedEnv({ FUNNEL_REPORTS: reports }),
    );
    if (code !== 0) throw new Error(`No report was made: ${output.trim()}`);
    const tests = resultsIn(reports);
    tell(`report of ${tests} tests: ${seconds.toFixed(1)} s`);
    return [
      {
        // By whose tests: a report of few is not to be compared with one of all.
        id: `report.${id}`,
        what: `Report generation (${id})`,
        unit: 's',
        value: Math.round(seconds * 10) / 10,
        note: `Of ${tests} tests. The search for secrets, before and after, is part of it.`,
      },
    ];
  },
};

function resultsIn(reports: string): number {
  const folder = join(reports, 'allure-results');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('-result.json')).length : 0;
}
