import { z } from 'zod';
import { Delay, HeaderMap, PathPattern } from '../control-input.ts';
import { remember } from '../remember.ts';

/** One call to the Notion API, accepted or refused. */
export interface Call {
  /** Arrival, in milliseconds since 1970 on the stand-in's clock. */
  at: number;
  method: string;
  path: string;
  /** Which token it came with, by its place in the list: never the token. */
  who?: string;
  correlationId?: string;
  /** The address the call belongs to. */
  lead?: string;
  /** The fault that struck it. */
  fault?: string;
  body?: unknown;
  /** 0 until it is answered; a hanging call never is. */
  status: number;
  /** Why it was refused. */
  message?: string;
}

const MOST_CALLS = 20_000;
const BETWEEN = /[\s"'<>,;:()[\]\\]+/;

/** Every address any text in `value` names, in lower case. */
function addressesIn(value: unknown): Set<string> {
  if (typeof value === 'string') {
    // Words with an @ inside. One expression for the whole address would take minutes for a megabyte without an @.
    const words = value.includes('@')
      ? value.split(BETWEEN).filter((word) => word.slice(1, -1).includes('@'))
      : [];
    return new Set(words.map((word) => withoutDots(word).toLowerCase()));
  }
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(Object.values(value).flatMap((inner) => [...addressesIn(inner)]));
}

function withoutDots(word: string): string {
  let end = word.length;
  while (word[end - 1] === '.') end -= 1;
  return word.slice(0, end);
}

/**
 * All calls, and whose they are: a call is a lead's when its body names the address, or when it carries the
 * correlation id of an earlier call whose body did.
 */
export class Calls {
  #calls: Call[] = [];
  readonly #leadOf = new Map<string, string>();
  readonly #named = new WeakMap<Call, Set<string>>();

  record(call: Call): void {
    const named = addressesIn(call.body);
    const [first] = named;
    if (call.correlationId !== undefined) {
      if (first !== undefined && !this.#leadOf.has(call.correlationId)) {
        this.#leadOf.set(call.correlationId, first);
      }
      const known = this.#leadOf.get(call.correlationId);
      if (known !== undefined) named.add(known);
    }
    const [lead] = named;
    if (lead !== undefined) call.lead = lead;
    this.#named.set(call, named);
    // What came without one of our tokens is a stranger's, and not kept.
    if (call.who === undefined) delete call.body;
    remember(this.#calls, call, MOST_CALLS);
  }

  belongsTo(call: Call, lead: string): boolean {
    return this.#named.get(call)?.has(lead.toLowerCase()) ?? false;
  }

  of(lead: string | undefined): Call[] {
    return lead === undefined ? this.#calls : this.#calls.filter((call) => this.belongsTo(call, lead));
  }
}

export const FaultOrder = z
  .strictObject({
    lead: z.string().includes('@'),
    method: z.string().toUpperCase().optional(),
    path: PathPattern.optional(),
    /** Only calls that came with this token: `token 1` is the first. */
    who: z.string().optional(),
    status: z.int().min(400).max(599).optional(),
    code: z.string().optional(),
    message: z.string().optional(),
    headers: HeaderMap.optional(),
    delayMs: Delay.optional(),
    /** Take the call and never answer it. */
    hang: z.boolean().optional(),
    /** Let the call do its work first, and lose only the answer. */
    acceptThenFail: z.boolean().optional(),
    /** Let the call do its work, and break the connection half-way through the answer. */
    cut: z.boolean().optional(),
    count: z.int().positive().optional(),
  })
  .refine(
    ({ status, delayMs, hang, cut }) => status !== undefined || delayMs !== undefined || hang || cut,
    'a fault needs a status, a delayMs, hang or cut',
  );
export type FaultOrder = z.infer<typeof FaultOrder>;

export interface Fault extends FaultOrder {
  id: string;
  /** How many calls it has struck. */
  struck: number;
}

/** Misbehaviour that was ordered, each for the calls of one lead. */
export class Faults {
  readonly #faults = new Map<string, Fault>();
  readonly #calls: Calls;
  #ordered = 0;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  order(order: FaultOrder): Fault {
    const fault: Fault = { id: `fault-${(this.#ordered += 1)}`, ...order, struck: 0 };
    this.#faults.set(fault.id, fault);
    return fault;
  }

  remove(id: string): boolean {
    return this.#faults.delete(id);
  }

  list(): Fault[] {
    return [...this.#faults.values()];
  }

  /** The first fault meant for this call that is not used up; it counts as struck. */
  strike(call: Call): Fault | undefined {
    const fault = this.list().find(
      ({ lead, method, path, who, count = Infinity, struck }) =>
        struck < count &&
        this.#calls.belongsTo(call, lead) && // before the expression: others' paths are not held against it
        (method === undefined || method === call.method) &&
        (path === undefined || new RegExp(path).test(call.path)) &&
        (who === undefined || who === call.who),
    );
    if (fault) {
      fault.struck += 1;
      call.fault = fault.id;
    }
    return fault;
  }
}
