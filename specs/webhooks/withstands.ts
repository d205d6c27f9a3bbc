import { expect } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { type Execution, isTerminal, pathOf } from '../../helpers/clients/execution.ts';
import { isFarOff, type KestraClient } from '../../helpers/clients/kestra-client.ts';
import type { NotionClient } from '../../helpers/clients/notion-client.ts';
import type { WebhookClient } from '../../helpers/clients/webhook-client.ts';
import { type HostileCase, hostileCases } from '../../helpers/factories/hostile-payloads.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import { honestBodies } from '../../helpers/factories/payloads.ts';
import { callsOf, type End } from '../../helpers/journeys/ends.ts';
import type { Target, WebhookName } from '../../helpers/target.ts';
import { tracesOf } from '../../helpers/journeys/traces.ts';
import { poll } from '../../helpers/wait.ts';

interface Witnesses {
  newLead: () => Lead;
  webhooks: WebhookClient;
  kestra: KestraClient;
  notion: NotionClient;
  target: Target;
  seed: number;
}

/** How a server's /etc/passwd begins. */
const PASSWORD_FILE = 'root:x:0:0';

/** What an accepted body leads to: the sequence engine and the mails, which wait for their dates. */
const BELOW: Record<WebhookName, number> = {
  signup: 0,
  assessment: 5,
  noshow: 4,
  postcall: 4,
  onboarding: 4,
};

/**
 * Each hostile body ends as it has to: refused with reasons before anything else ran, or taken as data and completed. None
 * leaves an execution running, a secret anywhere, or somebody written down who was refused; and the engine still answers.
 */
export async function withstands(webhook: WebhookName, witnesses: Witnesses) {
  const { newLead, webhooks, kestra, seed } = witnesses;
  const seen = `SEED=${seed}`;
  const cases = hostileCases(webhook, () => honestBodies(newLead())[webhook], seed);
  const bodies = Object.fromEntries(cases.map(({ what, body }) => [what, body]));
  const calls = await callsOf({ webhooks, kestra }, webhook, bodies);

  const ends = Object.entries(calls).map(([what, { end }]) => [what, told(end)] as const);
  expect(Object.fromEntries(ends), `${seen}: how each ended`).toEqual(
    Object.fromEntries(
      cases.map(({ what, end }) => [what, end ?? expect.stringMatching(/^(accepted|refused)$/)]),
    ),
  );
  const traces = await Promise.all(
    cases.map(async (one) => {
      const { executionId, end } = calls[one.what]!;
      return { ...one, ...(await leftBy(one, executionId, BELOW[webhook], witnesses)), ended: told(end) };
    }),
  );
  expect(
    traces.flatMap(({ what, unrest }) => unrest.map((left) => `${what}: ${left}`)),
    `${seen}: executions that neither ended nor wait for their date`,
  ).toEqual([]);
  expect(
    traces.flatMap(({ what, leaked }) => (leaked ? [what] : [])),
    `${seen}: cases in which a secret or a file of the server appears anywhere`,
  ).toEqual([]);
  expect(
    traces.flatMap(({ what, contacts }) => `${what}: ${contacts}`),
    `${seen}: how many were written down`,
  ).toEqual(
    traces.map(({ what, end, ended, contacts }) => {
      const expected = ended === 'accepted' ? 1 : 0;
      // A body left to chance may be somebody else's, or no payment.
      return `${what}: ${end === undefined && ended === 'accepted' ? contacts : expected}`;
    }),
  );
}

function told({ state, reasons, ran }: End): string {
  if (state === 'SUCCESS') return 'accepted';
  if (state === 'HTTP 500') return 'not stored';
  const refused = state === 'FAILED' && reasons.length > 0 && ran.join() === 'validate';
  return refused ? 'refused' : `${state} after ${ran.join(', ')} with ${reasons.length} reasons`;
}

async function leftBy(
  { email, end }: HostileCase,
  executionId: string | undefined,
  below: number,
  { kestra, notion, target }: Witnesses,
) {
  const contacts = await notion.contacts({ email }).read();
  if (executionId === undefined) return { unrest: [], leaked: false, contacts: contacts.length };

  // The first mail of some falls due while others' bodies are still on their way.
  await poll(
    () => kestra.subtreeOf(executionId).read(),
    (all) => all.every(atRest),
    BUDGET.mailMs,
  );
  const traces = await tracesOf(kestra, executionId, end === 'accepted' ? below : 0);
  const everything = JSON.stringify({ contacts, traces });
  return {
    unrest: traces.executions
      .filter((one) => !atRest(one))
      .map((one) => `${one.flowId} ${one.id}: ${pathOf(one)}`),
    leaked: [...target.secrets, PASSWORD_FILE].some((secret) => everything.includes(secret)),
    contacts: contacts.length,
  };
}

/** Ended; or a mail that waits for its date. */
const atRest = (one: Execution) =>
  isTerminal(one.state.current) || (one.flowId === 'send-email' && isFarOff(one));
