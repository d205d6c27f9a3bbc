import { BUDGET } from './budgets.ts';
import { isTerminal } from './clients/execution.ts';
import type { KestraClient } from './clients/kestra-client.ts';
import type { NotionClient } from './clients/notion-client.ts';
import { poll } from './wait.ts';

/** Waits until all that `roots` began is over: what still runs would write a row again that is being taken away. */
export async function untilAllOver(kestra: KestraClient, roots: readonly string[]): Promise<void> {
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

/** Moves every row of these leads to the bin, the tracker's last: they tell whose the bare address's analytics are. */
export async function archiveRows(
  notion: NotionClient,
  leads: readonly { email: string }[],
): Promise<number> {
  let archived = 0;
  for (const lead of leads) {
    const tracker = await notion.trackerRows(lead).read();
    const others = await Promise.all(
      [notion.analytics(lead), notion.contacts(lead), notion.projects(lead)].map((rows) => rows.read()),
    );
    for (const { id } of [...others.flat(), ...tracker]) {
      await notion.archive(id);
      archived += 1;
    }
  }
  return archived;
}
