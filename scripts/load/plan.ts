import type { Model } from './drive.ts';
import { mailsIn, type Mix } from './mix.ts';

/** What one run is to be. */
export interface Plan {
  leads: number;
  mix: Mix;
  model: Model;
  minuteSeconds: number;
  /** The vendors' published limits. */
  limits: boolean;
  /** Both services refuse some leads until everything has been tried. */
  outage: boolean;
  /** All mails of all leads fall due within one minute. */
  dueAtOnce: boolean;
  database: 'memory' | 'file';
  /** A mail that starts so much later is a fault. */
  latestSeconds?: number;
}

/** Of a lead with 3.8 mails, measured; what `--sizes` measured before is better. */
const CPU_PER_LEAD_S = 3;
/** Calls to Notion: a handler's, and one mail's. */
const CALLS_PER_LEAD = 7;
const CALLS_PER_MAIL = 6;
const NOTION_PER_S = 3;
/** The last of the five days' mails, in testing minutes. */
export const LAST_MINUTE = 4;
const MARGIN_S = 120;

interface Estimate {
  arrivalsS: number;
  /** What CPU and Notion's limit leave over, from the first lead to the last mail. */
  totalS: number;
  mails: number;
  cpuS: number;
}

/** How long a run will take, so that nobody starts one in the wrong hour. */
export function estimated(plan: Plan, cores: number, cpuPerLeadS = CPU_PER_LEAD_S): Estimate {
  const { leads, mix, limits, minuteSeconds, dueAtOnce } = plan;
  const mails = mailsIn(mix, leads);
  const cpuS = leads * cpuPerLeadS;
  const callsS = limits ? (leads * CALLS_PER_LEAD + mails * CALLS_PER_MAIL) / NOTION_PER_S : 0;
  const arrivalsS = arrivalsOf(plan, cores, cpuPerLeadS);
  const waitS = (dueAtOnce ? headStartS(plan, cores) : arrivalsS) + LAST_MINUTE * minuteSeconds;
  return { arrivalsS, totalS: Math.max(waitS, cpuS / cores, callsS), mails, cpuS };
}

function arrivalsOf({ leads, model, limits }: Plan, cores: number, cpuPerLeadS: number): number {
  if (model.kind === 'open') return ((leads - 1) * 60) / model.perMinute;
  const handlersS = Math.max(
    (leads * cpuPerLeadS) / 2 / cores,
    limits ? (leads * CALLS_PER_LEAD) / NOTION_PER_S : 0,
  );
  return Math.max(handlersS, (leads / model.atOnce) * 5);
}

/** From the first lead until the moment that is told of every mail 1: all mails are to be scheduled before they are due. */
export const headStartS = (plan: Plan, cores: number): number =>
  arrivalsOf(plan, cores, CPU_PER_LEAD_S) + MARGIN_S + plan.leads * 2;

const time = (seconds: number) =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;

/** `50 leads, 191 mails: they arrive in 4 min; about 8 min in all, 250 s of CPU` */
export function estimateText(plan: Plan, cores: number, cpuPerLeadS?: number): string {
  const { arrivalsS, totalS, mails, cpuS } = estimated(plan, cores, cpuPerLeadS);
  return (
    `${plan.leads} leads, ${mails} mails: they arrive in ${time(arrivalsS)}; about ${time(totalS)} in all, ` +
    `${Math.round(cpuS)} s of CPU`
  );
}
