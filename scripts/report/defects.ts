import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DEFECT_NAMES, defectOf, outageIn } from '../../helpers/defects.ts';
import type { Outage } from '../../helpers/outage-file.ts';

const Label = z.looseObject({ name: z.string(), value: z.string() });
const AllureResult = z.looseObject({
  status: z.string().optional(),
  statusDetails: z.looseObject({ message: z.string().optional() }).optional(),
  stop: z.number().optional(),
  labels: z.array(Label).default([]),
});

/** The label by which allurerc.mjs groups failures. */
const LABEL = 'defect';

/** Tells each failed result of Allure's in `folder` whom it accuses, as the summary does. */
export function labelDefects(folder: string, outage: Outage | undefined): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('-result.json'))) {
    const file = join(folder, name);
    const result = AllureResult.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (result.status !== 'failed' && result.status !== 'broken') continue;
    const labels = result.labels.filter((label) => label.name !== LABEL);
    const value = defectIn(result, outage);
    writeFileSync(file, JSON.stringify({ ...result, labels: [...labels, { name: LABEL, value }] }));
  }
}

/** An outage's failures bear its name, so that the report shows one outage and not each of them. */
function defectIn(
  { statusDetails, stop = 0, labels }: z.infer<typeof AllureResult>,
  outage: Outage | undefined,
): string {
  const message = statusDetails?.message ?? '';
  const tags = labels.filter(({ name }) => name === 'tag').map(({ value }) => `@${value.replace('@', '')}`);
  const named = (service: string) => `${DEFECT_NAMES.outage}: ${service}`;
  if (outage && stop >= Date.parse(outage.wellAt)) return named(outage.service);
  const defect = defectOf({ messages: [message], tags });
  return defect === 'outage' ? named(outageIn(message) ?? 'a service') : DEFECT_NAMES[defect];
}
