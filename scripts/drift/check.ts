import type { Json } from './sanitise.ts';
import { fieldsOf, type Probe, type Service, type ServiceName, textOf } from './service.ts';
import { compare, type Finding, shapeOf } from './shape.ts';
import type { Reply } from './survey.ts';
import { VOCABULARY } from './vocabulary.ts';

export interface Check {
  service: ServiceName;
  probe: string;
  /** `outage`: no answer, or a configuration that keeps the service from giving one. */
  outcome: 'same' | 'drift' | 'outage' | 'nothing to compare' | 'not asked';
  /** HTTP statuses. */
  ours?: number;
  real?: number;
  findings: readonly Finding[];
  /** What the real one gives besides, where that is harmless. */
  more: readonly string[];
  why?: string;
}

/** For a request that is new: our side's answer to it is captured by this run. */
function againstTheSchemaAlone(service: Service, probe: Probe, { status, answer }: Answered): Check {
  const findings = forbiddenIn(service, probe, status, answer ?? null);
  return {
    service: service.name,
    probe: probe.name,
    outcome: findings.length > 0 ? 'drift' : 'same',
    real: status,
    findings,
    more: [],
    why: 'compared with the schema alone: there is no capture of ours',
  };
}

const forbiddenIn = (
  service: Service,
  { route, statusAlone }: Probe,
  status: number,
  answer: Json,
): Finding[] =>
  statusAlone
    ? []
    : service
        .contract(route, status, answer)
        .map((text) => ({ kind: 'forbidden', path: 'by the schema:', text }));

type Answered = Extract<Reply, { kind: 'answered' }>;

/** Compares what the real service answered with the schemas and with our own answer. */
export function check(
  service: Service,
  probe: Probe,
  real: Reply | undefined,
  ours: Reply | undefined,
): Check {
  const about = { service: service.name, probe: probe.name, findings: [], more: [] };
  if (!real) return { ...about, outcome: 'not asked' };
  if (real.kind === 'trouble') return { ...about, outcome: 'outage', why: real.why };
  if (real.kind === 'nothing') return { ...about, outcome: 'nothing to compare' };
  if (ours?.kind !== 'answered') return againstTheSchemaAlone(service, probe, real);
  const { findings, more } = differences(service, probe, real, ours);
  return {
    ...about,
    outcome: findings.length > 0 ? 'drift' : 'same',
    ours: ours.status,
    real: real.status,
    findings,
    more,
  };
}

function differences(
  service: Service,
  probe: Probe,
  real: Answered,
  ours: Answered,
): Pick<Check, 'findings' | 'more'> {
  if (real.status !== ours.status) {
    const text = `answers ${real.status}${reasonIn(real.answer)}, ours ${ours.status}${reasonIn(ours.answer)}`;
    return { findings: [{ kind: 'status', path: 'answer', text }], more: [] };
  }
  if (probe.statusAlone) return { findings: [], more: [] };
  if (real.answer === undefined || ours.answer === undefined) {
    const same = real.answer === ours.answer;
    return { findings: same ? [] : [{ kind: 'type', path: 'answer', text: 'is no JSON' }], more: [] };
  }
  const options = { tagged: service.tagged, maps: service.positions.maps };
  const compared = compare(shapeOf(ours.answer, options), shapeOf(real.answer, options), service.optional);
  const harmless = ({ kind }: Finding): boolean => kind === 'new' && service.mayHaveMore;
  return {
    findings: [
      ...compared.filter((finding) => !harmless(finding)),
      ...forbiddenIn(service, probe, real.status, real.answer),
    ],
    more: compared.filter(harmless).map(({ path }) => path),
  };
}

/** An error's own name for itself, where it is one that we know; its message may hold somebody's data. */
function reasonIn(answer: Json | undefined): string {
  const { code, name } = fieldsOf(answer);
  const reason = textOf(code) ?? textOf(name);
  return reason !== undefined && VOCABULARY.has(reason) ? ` ${reason}` : '';
}
