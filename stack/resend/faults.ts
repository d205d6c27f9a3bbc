import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Delay, HeaderMap, PathPattern } from '../control-input.ts';

export const FaultRequest = z
  .strictObject({
    lead: z.string().includes('@'),
    method: z.string().optional(),
    path: PathPattern.optional(),
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
    count: z.int().min(1).optional(),
  })
  .refine(({ status, delayMs, hang, cut }) => status !== undefined || delayMs !== undefined || hang || cut, {
    error: 'a fault needs status, delayMs, hang or cut',
  })
  .refine(({ status, hang, acceptThenFail }) => !acceptThenFail || status !== undefined || hang === true, {
    error: 'acceptThenFail needs status or hang',
  });
export type FaultRequest = z.infer<typeof FaultRequest>;

export type Fault = FaultRequest & { id: string };

/** What is told to go wrong, each for one lead, so that specs run in parallel. */
export class Faults {
  readonly #faults: Fault[] = [];

  add(request: FaultRequest): string {
    const id = randomUUID();
    this.#faults.push({ ...request, lead: request.lead.toLowerCase(), id });
    return id;
  }

  remove(id: string): boolean {
    const index = this.#faults.findIndex((fault) => fault.id === id);
    if (index >= 0) this.#faults.splice(index, 1);
    return index >= 0;
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  /** The oldest fault that applies; its count goes down, and at zero it is gone. */
  take(call: { method: string; path: string; leads: ReadonlySet<string> }): Fault | undefined {
    const fault = this.#faults.find(
      ({ lead, method, path }) =>
        call.leads.has(lead) &&
        (method === undefined || method.toUpperCase() === call.method) &&
        (path === undefined || new RegExp(path).test(call.path)),
    );
    if (fault?.count !== undefined) {
      fault.count -= 1;
      if (fault.count === 0) this.remove(fault.id);
    }
    return fault;
  }

  reset(): void {
    this.#faults.length = 0;
  }
}
