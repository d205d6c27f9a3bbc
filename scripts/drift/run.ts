import { check, type Check } from './check.ts';
import { type Capture, writeCapture } from './captures.ts';
import type { Known, Service } from './service.ts';
import type { Source } from './source.ts';
import { oursOf } from './stand-ins.ts';
import { type Reply, survey } from './survey.ts';

export interface Subject {
  service: Service;
  /** The service to ask. Throws when it is not configured. */
  open: () => { source: Source; known: Known };
  /** Of its answers, for the captures; asked after it was. */
  origin: (known: Known) => Pick<Capture, 'origin' | 'version'>;
}

export interface DriftRequest {
  subjects: readonly Subject[];
  /** The folder for the captures. */
  captures: string;
  /** The day of the captures, in ISO form. */
  today: string;
  say?: (line: string) => void;
}

/** Asks each service everything and compares; a service that cannot be asked does not keep the others from it. */
export async function drift({ subjects, captures, today, say = () => {} }: DriftRequest): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { service, open, origin } of subjects) {
    say(`Asking ${service.name}: ${service.probes.length} requests, each of which only reads`);
    let opened: ReturnType<typeof open>;
    try {
      opened = open();
    } catch (error) {
      const trouble: Reply = { kind: 'trouble', why: error instanceof Error ? error.message : String(error) };
      checks.push(
        ...service.probes.map((probe, index) =>
          check(service, probe, index === 0 ? trouble : undefined, undefined),
        ),
      );
      continue;
    }
    const real = await survey(service, opened.source, opened.known);
    const ours = await oursOf(service.name);
    for (const probe of service.probes) {
      const reply = real.get(probe);
      checks.push(check(service, probe, reply, ours.get(probe)));
      if (reply?.kind !== 'answered') continue;
      const { status, answer } = reply;
      const capture = { ...origin(opened.known), taken: today, route: probe.route, status };
      writeCapture(
        captures,
        service.name,
        probe.name,
        answer === undefined ? capture : { ...capture, answer },
      );
    }
  }
  return checks;
}

/** 1 for drift, 2 when something could not be looked at, 0 when all is as our side has it. */
export function exitCodeOf(checks: readonly Check[]): 0 | 1 | 2 {
  if (checks.some(({ outcome }) => outcome === 'drift')) return 1;
  return checks.some(({ outcome }) => outcome === 'outage') ? 2 : 0;
}
