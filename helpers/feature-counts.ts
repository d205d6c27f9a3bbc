import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { FEATURES, featureIds, storyOf, type Subject, waveOf } from './features.ts';

const Tally = z.object({ passed: z.number(), failed: z.number(), gated: z.number() });
export type Tally = z.infer<typeof Tally>;

/** Tests or checks, and all that each of them proves. */
export interface Proof extends Tally {
  subjects: readonly Subject[];
}

const Row = Tally.extend({
  id: z.enum(featureIds),
  wave: z.number(),
  title: z.string(),
  planned: z.string().optional(),
});
type Row = z.infer<typeof Row>;

/** `reports/features.json`. */
export const FeaturesReport = z.object({
  /** Every test and check there is had its turn. */
  complete: z.boolean(),
  features: z.array(Row),
  harness: Tally,
});
export type FeaturesReport = z.infer<typeof FeaturesReport>;

export function reportOf(proofs: readonly Proof[], complete: boolean): FeaturesReport {
  const tally = (subject: Subject): Tally => sum(proofs.filter(({ subjects }) => subjects.includes(subject)));
  return {
    complete,
    features: featureIds.map((id) => ({ id, wave: waveOf(id), ...FEATURES[id], ...tally(id) })),
    harness: tally('harness'),
  };
}

export function saveReport(file: string, report: FeaturesReport): void {
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** What a saved report says, to be added to; nothing when the run ended before any test. */
export function readProofs(file: string): Proof[] {
  return existsSync(file) ? proofsOf(FeaturesReport.parse(JSON.parse(readFileSync(file, 'utf8')))) : [];
}

const proofsOf = ({ features, harness }: FeaturesReport): Proof[] => [
  ...features.map(({ id, passed, failed, gated }) => ({ subjects: [id], passed, failed, gated })),
  { subjects: ['harness'], ...harness },
];

const sum = (proofs: readonly Tally[]): Tally => ({
  passed: proofs.reduce((all, { passed }) => all + passed, 0),
  failed: proofs.reduce((all, { failed }) => all + failed, 0),
  gated: proofs.reduce((all, { gated }) => all + gated, 0),
});

const ran = ({ passed, failed }: Tally): boolean => passed + failed > 0;
const any = (tally: Tally): boolean => ran(tally) || tally.gated > 0;

/** What keeps a complete report from being good, one sentence a fault. */
export function faultsIn({ features }: FeaturesReport): string[] {
  const told = (rows: Row[]): string => rows.map(({ id }) => storyOf(id)).join(', ');
  const unproven = features.filter(({ planned, passed }) => !planned && passed === 0);
  const arrived = features.filter((row) => row.planned && ran(row));
  return [
    ...(unproven.length > 0 ? [`Nothing that ran and passed proves: ${told(unproven)}`] : []),
    ...(arrived.length > 0
      ? [`Tests ran, so it is planned no longer; say so in helpers/features.ts: ${told(arrived)}`]
      : []),
  ];
}

/** One line a feature, `4.11 19/19`: how many passed of all. A part's table leaves out what it has no test of. */
export function tableOf({ complete, features, harness }: FeaturesReport): string {
  const shown = features.filter((row) => complete || any(row));
  const lines = [
    ...shown.map((row) => line(row.id, row, row.title)),
    ...(any(harness) ? [line('harness', harness, storyOf('harness'))] : []),
  ];
  const proven = features.filter(({ passed, failed }) => passed > 0 && failed === 0).length;
  const planned = features.filter((row) => row.planned).length;
  const end = complete
    ? `${proven} of ${features.length} features proven, ${planned} planned`
    : `Only what this run had of ${features.length} features; npm test runs everything`;
  return ['Features, passed of all:', ...lines, end].join('\n');
}

function line(id: string, tally: Tally & { planned?: string | undefined }, title: string): string {
  const { passed, failed, gated, planned } = tally;
  const count = planned && !any(tally) ? 'planned' : `${passed}/${passed + failed + gated}`;
  const remarks = [
    ...(failed > 0 ? [`${failed} FAILED`] : []),
    ...(gated > 0 ? [`${gated} gated`] : []),
    ...(planned ? [any(tally) ? `planned: ${planned}` : planned] : []),
    ...(!planned && !any(tally) ? ['NOTHING RAN'] : []),
  ];
  const told = remarks.length > 0 ? `  (${remarks.join(', ')})` : '';
  return `  ${id.padEnd(7)} ${count.padEnd(7)}  ${title}${told}`;
}
