import { join } from 'node:path';
import { type Execution, isTerminal } from '../../../helpers/clients/execution.ts';
import { dialectOf } from '../../../helpers/clients/kestra-dialect.ts';
import { KestraClient } from '../../../helpers/clients/kestra-client.ts';
import { KestraTransport } from '../../../helpers/clients/kestra-transport.ts';
import { MailClient } from '../../../helpers/clients/mail-client.ts';
import { WebhookClient } from '../../../helpers/clients/webhook-client.ts';
import { BUDGET } from '../../../helpers/budgets.ts';
import { makeLead } from '../../../helpers/factories/lead.ts';
import { poll } from '../../../helpers/wait.ts';
import { resolverOf } from '../../../helpers/where.ts';
import type { StackFile } from '../../../stack/stack-file.ts';
import { startStackProcess } from '../../../stack/start.ts';
import { inLanes } from '../lanes.ts';
import type { Part } from '../part.ts';
import type { Figure } from '../result.ts';
import { median, percentile } from '../statistics.ts';
import { CountingTransport } from './counting-transport.ts';

const ALONE = 40;
const TOGETHER = 96;
/** As many as the suite has workers. */
const AT_ONCE = 16;
const MAILS_OF = 16;
const GOAL_MS = 250;

export const detection: Part = {
  measures:
    "detection lag: from the moment an execution ended, by Kestra's own state history, until the harness's wait for it is over; " +
    `${ALONE} sign-ups one after the other, ${TOGETHER} with ${AT_ONCE} at a time; requests per awaited execution`,
  takes: '1 min',
  async run({ folder, tell }) {
    const own = join(folder, 'detection');
    const stack = await startStackProcess({ file: join(own, 'stack.json'), folder: own });
    try {
      await detect(stack.file, 8, 1); // what the first ones load is no matter of detection
      const alone = await detect(stack.file, ALONE, 1);
      tell(
        `detection, one at a time: median ${median(alone.lags)} ms, p95 ${percentile(alone.lags, 0.95)} ms`,
      );
      const together = await detect(stack.file, TOGETHER, AT_ONCE);
      tell(
        `detection, ${AT_ONCE} at a time: median ${median(together.lags)} ms, p95 ${percentile(together.lags, 0.95)} ms`,
      );
      const mails = await detectMails(stack.file);
      tell(`detection of a last mail: median ${median(mails)} ms, p95 ${percentile(mails, 0.95)} ms`);
      return [
        ...lagFigures('detection', 'awaited one at a time', alone.lags),
        ...lagFigures('detection.busy', `${AT_ONCE} awaited at a time`, together.lags),
        {
          id: 'detection.requests',
          what: 'Requests to Kestra per awaited execution (mean)',
          unit: 'requests',
          value: Number((alone.requests / ALONE).toFixed(2)),
          parts: {
            'one at a time': Number((alone.requests / ALONE).toFixed(2)),
            [`${AT_ONCE} at a time`]: Number((together.requests / TOGETHER).toFixed(2)),
          },
        },
        {
          id: 'detection.mails',
          what: `From a sequence's last mail to the end of the wait for it, ${MAILS_OF} at a time (median)`,
          unit: 'ms',
          value: median(mails),
          samples: mails,
          note: 'The mailbox is polled, calmly on purpose: each look costs CPU that the engine needs.',
        },
      ];
    } finally {
      await stack.stop();
    }
  },
};

function lagFigures(id: string, how: string, samples: number[]): Figure[] {
  return [
    {
      id: `${id}.median`,
      what: `Detection lag, ${how} (median)`,
      unit: 'ms',
      value: median(samples),
      samples,
    },
    {
      id: `${id}.p95`,
      what: `Detection lag, ${how} (95th percentile)`,
      unit: 'ms',
      value: percentile(samples, 0.95),
      goal: GOAL_MS,
    },
  ];
}

function clientsFor(stack: StackFile, transport: KestraTransport) {
  const resolve = resolverOf(stack.namespaces, 'testing');
  return {
    kestra: new KestraClient({ transport, resolve }),
    webhooks: new WebhookClient({
      // The call itself is none of the requests that waiting takes.
      transport: new KestraTransport(stack.kestra),
      keys: stack.kestra.webhookKeys,
      testMailbox: stack.testMailbox,
      resolve,
    }),
  };
}

/** Awaits so many sign-ups as a spec does, and tells how late each end was noticed, in ms. */
async function detect(stack: StackFile, count: number, atOnce: number) {
  const transport = new CountingTransport({ ...stack.kestra, dialect: dialectOf(stack.kestra.version) });
  const { kestra, webhooks } = clientsFor(stack, transport);
  const lags: number[] = [];
  await inLanes(count, atOnce, async () => {
    const { executionId } = await webhooks.signup(makeLead(stack.testMailbox));
    const { value, done } = await kestra
      .handle(executionId)
      .until(({ state }) => isTerminal(state.current), BUDGET.handlerMs);
    const noticed = Date.now();
    if (!done) throw new Error(`Execution ${executionId} has not ended: ${value.state.current}`);
    lags.push(noticed - endOf(value));
  });
  return { lags, requests: transport.requests };
}

/** Awaits the three mails of so many missed calls, and tells how late each third one was noticed, in ms. */
async function detectMails(stack: StackFile): Promise<number[]> {
  const { webhooks } = clientsFor(stack, new KestraTransport(stack.kestra));
  const mailbox = new MailClient(stack.resend);
  const lags: number[] = [];
  await inLanes(MAILS_OF, MAILS_OF, async () => {
    const lead = makeLead(stack.testMailbox);
    await webhooks.secondary('noshow', lead);
    const { value } = await poll(
      () => mailbox.of(lead).read(),
      (mails) => mails.length >= 3,
      BUDGET.sequenceMs,
    );
    const noticed = Date.now();
    if (value.length < 3) throw new Error(`Of a missed call's three mails ${value.length} came`);
    lags.push(noticed - Math.max(...value.map(({ receivedAt }) => receivedAt)));
  });
  return lags;
}

/** When Kestra put it into its last state, on Kestra's clock, which is this machine's. */
function endOf({ id, state }: Execution): number {
  const last = state.histories.at(-1);
  if (!last) throw new Error(`Execution ${id} has no history`);
  return Date.parse(last.date);
}
