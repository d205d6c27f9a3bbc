import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnv } from '../../../helpers/env.ts';
import { runCommand, scriptNamed } from '../../steps.ts';
import type { Part } from '../part.ts';

/** Where results may lie, the best first: those of this bench, then those of the last run of the suite. */
const places = (folder: string): string[] => [join(folder, 'suite'), join(folder, 'sequence'), 'reports'];

export const report: Part = {
  measures:
    'npm run report: of the suite that this bench ran, else of its @sequence specs, else of the last run',
  takes: '20 s',
  async run({ folder, tell }) {
    const results = (place: string): string[] => {
      const allure = join(place, 'allure-results');
      return existsSync(allure) ? readdirSync(allure).filter((name) => name.endsWith('-result.json')) : [];
    };
    const place = places(folder).find((one) => results(one).length > 0);
    if (!place)
      throw new Error('There are no results to make a report of: add the part sequence, or run the suite.');
    const tests = results(place).length;
    const { code, output, seconds } = await runCommand(
      scriptNamed('report'),
      'nothing',
      [],
      inheritedEnv({ FUNNEL_REPORTS: place }),
    );
    if (code !== 0) throw new Error(`No report was made: ${output.trim()}`);
    tell(`report of ${tests} tests: ${seconds.toFixed(1)} s`);
    return [
      {
        id: 'report.wall',
        what: 'Report generation',
        unit: 's',
        value: Math.round(seconds * 10) / 10,
        note: `Of ${tests} tests. The search for secrets, before and after, is part of it.`,
      },
      {
        id: 'report.per-test',
        what: 'Report generation per test',
        unit: 'ms',
        value: Math.round((seconds * 1_000) / tests),
      },
    ];
  },
};
