import { type Json, Sanitiser } from './sanitise.ts';
import type { Known, Probe, Service } from './service.ts';
import { ask, type Source, Trouble } from './source.ts';

/** What a service, or what stands in for it, answered to one probe. Nothing in it is anybody's data. */
export type Reply =
  | { kind: 'answered'; status: number; answer: Json | undefined }
  /** There is nothing yet that could be asked for. */
  | { kind: 'nothing' }
  /** No answer, or one that tells nothing of the service's shape. */
  | { kind: 'trouble'; why: string };

/** Asks everything, one after the other, and hands back what was answered, sanitised as one: links between answers survive. */
export async function survey(service: Service, source: Source, known: Known): Promise<Map<Probe, Reply>> {
  const sanitiser = new Sanitiser(service.positions);
  const replies = new Map<Probe, Reply>();
  for (const probe of service.probes) {
    const reply = await replyTo(probe, service, source, known, sanitiser);
    replies.set(probe, reply);
    // Thirty refused logins would say no more than one.
    if (reply.kind === 'trouble' && probe === service.probes[0]) break;
  }
  return replies;
}

async function replyTo(
  probe: Probe,
  service: Service,
  source: Source,
  known: Known,
  sanitiser: Sanitiser,
): Promise<Reply> {
  const request = probe.ask(known);
  if (!request) return { kind: 'nothing' };
  try {
    const { status, body } = await ask(source, request);
    const fault = probe.refused ? undefined : service.misconfigured(status, body);
    if (fault !== undefined) throw new Trouble(fault);
    if (status === 200 && body !== undefined) probe.learn?.(body, known);
    return {
      kind: 'answered',
      status,
      answer: body === undefined ? undefined : sanitiser.answer(body, status),
    };
  } catch (error) {
    if (error instanceof Trouble) return { kind: 'trouble', why: error.message };
    throw error;
  }
}
