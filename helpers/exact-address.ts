import { randomUUID } from 'node:crypto';
import { BUDGET } from './budgets.ts';
import { isTerminal } from './clients/execution.ts';
import { KestraClient } from './clients/kestra-client.ts';
import { KestraTransport } from './clients/kestra-transport.ts';
import { NotionClient } from './clients/notion-client.ts';
import { openTarget } from './target.ts';
import { TEST_MAILBOX } from './test-mailbox.ts';
import { poll } from './wait.ts';
import { resolverOf } from './where.ts';

const MODES = ['production', 'testing'] as const;

/**
 * Lets a test have the bare address as if nobody had used it: no row of it is left in Notion, and both deployments get a
 * new run, which their ledgers and idempotency keys belong to.
 */
export async function takeExactAddress(): Promise<void> {
  const target = openTarget();
  const notion = new NotionClient(target.notion);
  const lead = { email: TEST_MAILBOX };
  const databases = [
    notion.contacts(lead),
    notion.trackerRows(lead),
    notion.analytics(lead),
    notion.projects(lead),
  ];
  for (const rows of await Promise.all(databases.map((rowsOf) => rowsOf.read()))) {
    await Promise.all(rows.map(({ id }) => notion.archive(id)));
  }
  const kestra = clientOf(target);
  await Promise.all(MODES.map((mode) => kestra.kv({ mode }).set('RUN', randomUUID())));
}

/** Ends what a test began, so that no mail of it reaches the next one: kills what waits, lets end what runs. */
export async function leaveExactAddress(roots: readonly string[]): Promise<void> {
  const kestra = clientOf(openTarget());
  await Promise.all(roots.map((id) => kestra.killWaiting(id)));
  await Promise.all(
    roots.map(async (id) => {
      const below = kestra.subtreeOf(id);
      await poll(
        () => below.read(),
        (all) => all.every(({ state }) => isTerminal(state.current)),
        BUDGET.mailMs,
      );
    }),
  );
}

const clientOf = ({ kestra, namespaces }: ReturnType<typeof openTarget>) =>
  new KestraClient({ transport: new KestraTransport(kestra), resolve: resolverOf(namespaces, 'production') });
