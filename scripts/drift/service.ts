import type { Ask } from './source.ts';
import type { Json, Positions } from './sanitise.ts';

export type ServiceName = 'notion' | 'resend' | 'kestra';

/** Ids and names that earlier answers told, for the requests after them. */
export type Known = Map<string, string>;

/** One request that reads, and what its answer has to be like. */
export interface Probe {
  /** Of the capture's file. */
  name: string;
  /** The contract its answer is held to. */
  route: string;
  /** Undefined when there is nothing yet that could be asked for. */
  ask: (known: Known) => Ask | undefined;
  /** Keeps what later requests need of the answer as it came. */
  learn?: (body: Json, known: Known) => void;
  /** The refusal that is meant to come. */
  refused?: true;
  /** Its body is whatever a proxy before the service gives it. */
  statusAlone?: true;
}

export interface Service {
  name: ServiceName;
  probes: readonly Probe[];
  /** Where the schemas say that an answer is not as it should be. */
  contract: (route: string, status: number, answer: Json) => string[];
  positions: Positions;
  /** Its objects say their own types (`shapeOf`). */
  tagged: boolean;
  /** Fields that depend on what somebody did: not a fault when no answer has one. */
  optional: ReadonlySet<string>;
  /** A field more is harmless: our side has never claimed to give all of them. */
  mayHaveMore: boolean;
  /** What a refusal means that was not asked for, when it is the configuration's fault and not the service's. */
  misconfigured: (status: number, body: Json | undefined) => string | undefined;
}

type Fields = Record<string, Json>;

/** The fields of an object, none of anything else. */
export const fieldsOf = (value: Json | undefined): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Keeps `value` under a name, when there is one. */
export function keep(known: Known, name: string, value: Json | undefined): void {
  const text = textOf(value);
  if (text !== undefined) known.set(name, text);
}

/** A request with ids that must be known before. */
export function asking(
  names: readonly string[],
  make: (...values: string[]) => Ask,
): (known: Known) => Ask | undefined {
  return (known) => {
    const values = names.flatMap((name) => known.get(name) ?? []);
    return values.length === names.length ? make(...values) : undefined;
  };
}
