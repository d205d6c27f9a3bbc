import { randomUUID } from 'node:crypto';
import { archiveRows, untilAllOver } from './clean-leads.ts';
import { KestraClient } from './clients/kestra-client.ts';
import { KestraTransport } from './clients/kestra-transport.ts';
import { NotionClient } from './clients/notion-client.ts';
import { openTarget } from './target.ts';
import { TEST_MAILBOX } from './test-mailbox.ts';
import { resolverOf } from './where.ts';

const MODES = ['production', 'testing'] as const;

/**
 * Lets a test have the bare address as if nobody had used it: no row of it is left in Notion, and both deployments get a
 * new run, which their ledgers and idempotency keys belong to.
 */
export async function takeExactAddress(): Promise<void> {
  const target = openTarget();
  await archiveRows(new NotionClient(target.notion), [{ email: TEST_MAILBOX }]);
  const kestra = clientOf(target);
  await Promise.all(MODES.map((mode) => kestra.kv({ mode }).set('RUN', randomUUID())));
}

/** Ends what a test began, so that no mail of it reaches the next one: kills what waits, lets end what runs. */
export async function leaveExactAddress(roots: readonly string[]): Promise<void> {
  const kestra = clientOf(openTarget());
  await Promise.all(roots.map((id) => kestra.killWaiting(id)));
  await untilAllOver(kestra, roots);
}

const clientOf = ({ kestra, namespaces }: ReturnType<typeof openTarget>) =>
  new KestraClient({ transport: new KestraTransport(kestra), resolve: resolverOf(namespaces, 'production') });
