import { remember } from '../remember.ts';
import { addressesIn, isTestAddress } from './addresses.ts';
import type { KeyName } from './outbox.ts';

export interface LoggedCall {
  at: number;
  method: string;
  path: string;
  /** 0 until the answer goes out: a call left hanging has none. */
  status: number;
  /** The key's name; null when the key was missing or wrong. */
  who: KeyName | null;
  correlationId?: string;
  lead?: string;
  fault?: string;
  body: unknown;
}

const MOST_CALLS = 20_000;

/** Every call, answered or not, and which leads it belongs to. */
export class CallLog {
  readonly #calls: Array<{ call: LoggedCall; leads: ReadonlySet<string> }> = [];
  readonly #leadsByCorrelation = new Map<string, ReadonlySet<string>>();
  readonly #testMailbox: string;

  constructor(testMailbox: string) {
    this.#testMailbox = testMailbox;
  }

  /**
   * A call belongs to the leads its body names. One that names none (a status query, a page by id) belongs to
   * those of the first call with its correlation id that named any.
   */
  record(call: Omit<LoggedCall, 'status' | 'who' | 'lead'>): {
    call: LoggedCall;
    leads: ReadonlySet<string>;
  } {
    const named = addressesIn(call.body === undefined ? '' : JSON.stringify(call.body));
    const known =
      call.correlationId === undefined ? undefined : this.#leadsByCorrelation.get(call.correlationId);
    if (call.correlationId !== undefined && !known && named.size > 0) {
      this.#leadsByCorrelation.set(call.correlationId, named);
    }
    const leads = new Set([...named, ...(known ?? [])]);
    const lead = [...leads].find((address) => isTestAddress(address, this.#testMailbox));
    const logged: LoggedCall = { ...call, status: 0, who: null, ...(lead !== undefined && { lead }) };
    remember(this.#calls, { call: logged, leads }, MOST_CALLS);
    return { call: logged, leads };
  }

  of(lead: string | undefined): LoggedCall[] {
    return this.#calls
      .filter(({ leads }) => lead === undefined || leads.has(lead.toLowerCase()))
      .map(({ call }) => call);
  }

  get size(): number {
    return this.#calls.length;
  }

  reset(): void {
    this.#calls.length = 0;
    this.#leadsByCorrelation.clear();
  }
}
