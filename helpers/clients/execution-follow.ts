import { type Observed, poll } from '../wait.ts';
import { Execution } from './execution.ts';

export interface Followed {
  /** Kestra's server-sent events of one execution. */
  stream: (signal: AbortSignal) => Promise<AsyncIterable<Buffer>>;
  read: () => Promise<Execution>;
}

/**
 * Waits for one execution: by Kestra's event stream where it has one, else by polling. An event only ends the wait
 * early; what counts is the read that follows it.
 */
export async function untilDone(
  { stream, read }: Followed,
  done: (execution: Execution) => boolean,
  withinMs: number,
): Promise<Observed<Execution>> {
  const started = performance.now();
  const elapsedMs = () => Math.round(performance.now() - started);
  await eventOf(stream, done, withinMs);
  const observed = await poll(read, done, Math.max(0, withinMs - elapsedMs()));
  return { ...observed, elapsedMs: elapsedMs() };
}

/** Returns when an event shows what is waited for, when the stream ends, or when there is none. Never throws. */
async function eventOf(
  stream: Followed['stream'],
  done: (execution: Execution) => boolean,
  withinMs: number,
): Promise<void> {
  try {
    for await (const data of events(await stream(AbortSignal.timeout(withinMs)))) {
      const execution = Execution.safeParse(JSON.parse(data));
      if (execution.success && done(execution.data)) return;
    }
  } catch {
    // No stream, a broken one, or the deadline: polling finds out which.
  }
}

/** The `data` of each server-sent event. */
async function* events(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of chunks) {
    pending += decoder.decode(chunk, { stream: true }).replaceAll('\r', '');
    for (let end = pending.indexOf('\n\n'); end >= 0; end = pending.indexOf('\n\n')) {
      const data = pending
        .slice(0, end)
        .split('\n')
        .flatMap((line) => (line.startsWith('data:') ? line.slice(5).trimStart() : []))
        .join('\n');
      pending = pending.slice(end + 2);
      if (data !== '') yield data;
    }
  }
}
