import { about, expect } from '../../fixtures/index.ts';
import { Execution } from '../../helpers/clients/execution.ts';
import { NotionClient, NotMarked } from '../../helpers/clients/notion-client.ts';
import { makeBareLead, makeLead } from '../../helpers/factories/lead.ts';
import { newMark } from '../../helpers/mark.ts';
import { sweep } from '../../helpers/sweep.ts';
import { templateNameOf } from '../../helpers/templates.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { failureOf } from './failure-of.ts';
import { type StandIn, test } from './notion-stand-in.ts';

const purpose =
  'Where people keep rows of their own, a run takes away what it made and nothing else, whatever became of it.';

const clientOf = ({ url, databases }: StandIn) =>
  new NotionClient({ url, token: 'ntn_harness', databases, shared: { callsPerSecond: 1_000 } });

const text = (content: string) => ({ rich_text: [{ text: { content } }] });

/** What a sequence leaves of a lead: contact, tracker row with one mail sent, and that mail's analytics. */
async function leaves(standIn: StandIn, { email, businessName }: { email: string; businessName: string }) {
  const contact = await standIn.create('contacts', {
    Email: { email },
    'Business Name': text(businessName),
  });
  const tracker = await standIn.create('tracker', {
    Email: { email },
    'Business Name': text(businessName),
    'Email 1 Resend ID': text(`mail-of-${businessName}`),
  });
  const analytics = await standIn.create('analytics', {
    Email: { email },
    'Email Number': { number: 1 },
    'Resend Email ID': text(`mail-of-${businessName}`),
  });
  return [contact.id, tracker.id, analytics.id];
}

const inBin = async (standIn: StandIn) =>
  (await Promise.all((['contacts', 'tracker', 'analytics'] as const).map((name) => standIn.rows(name))))
    .flat()
    .filter(({ inTrash }) => inTrash)
    .map(({ id }) => id)
    .toSorted();

const waiting = (id: string, lead: { email: string; business_name?: string }) =>
  Execution.parse({
    id,
    namespace: 'christmas.nightly',
    flowId: 'send-email',
    inputs: { lead, email_number: 2 },
    scheduleDate: '2099-01-01T00:00:00Z',
    state: { current: 'CREATED' },
  });

test.describe(
  'rows with a run’s mark',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('a row without a mark is neither changed nor archived, and a template never', async ({
      standIn,
    }) => {
      const notion = clientOf(standIn);
      const somebodys = makeLead(TEST_MAILBOX);
      const [contact = ''] = await leaves(standIn, { ...somebodys, businessName: 'Nails' });

      expect(await failureOf(() => notion.archive(contact))).toContain(
        `the row ${contact} of a database bears no run's mark`,
      );
      expect(await failureOf(() => notion.setContactStatus(somebodys, 'Unsubscribed'))).toContain(
        'bears no run',
      );
      await expect(notion.updateTemplate(templateNameOf('5day', 2), { subject: 'Mine' })).rejects.toThrow(
        NotMarked,
      );
      await expect(notion.addTemplate('mine', { subject: 'Mine' })).rejects.toThrow(NotMarked);
      expect(await inBin(standIn)).toEqual([]);
    });

    test('a sweep archives and kills what dead runs left, bare address included, and leaves all else', async ({
      standIn,
    }) => {
      const [dead, alive] = [newMark(), newMark()];
      const tagged = makeLead(TEST_MAILBOX, {}, dead);
      const bare = makeBareLead(TEST_MAILBOX, {}, dead);
      const own = [...(await leaves(standIn, tagged)), ...(await leaves(standIn, bare))];
      const somebodys = await leaves(standIn, { email: TEST_MAILBOX, businessName: 'Nails' });
      await leaves(standIn, makeLead(TEST_MAILBOX, {}, alive));
      await leaves(standIn, { email: makeLead(TEST_MAILBOX).email, businessName: 'Untagged' });
      const killed: string[] = [];
      const request = {
        kestra: {
          search: async () => [
            waiting('of-the-dead', { email: tagged.email }),
            waiting('of-the-dead-bare', { email: TEST_MAILBOX, business_name: bare.businessName }),
            waiting('of-the-living', { email: makeLead(TEST_MAILBOX, {}, alive).email }),
            waiting('of-somebody', { email: TEST_MAILBOX, business_name: 'Nails' }),
          ],
          kill: async (id: string) => void killed.push(id),
        },
        live: {
          read: async () => ({ alive: new Set([alive]), dead: new Set<string>() }),
          forget: async () => {},
        },
        notions: [clientOf(standIn)],
        namespaces: ['christmas.nightly'],
      };

      const shown = await sweep({ ...request, yes: false });
      expect(await inBin(standIn), 'nothing is done without yes').toEqual([]);
      expect(killed).toEqual([]);
      const young = await sweep({ ...request, olderThanMs: 3_600_000, yes: true });
      expect([young.rows, young.mails], 'too young').toEqual([[], []]);
      const swept = await sweep({ ...request, yes: true });

      expect(await inBin(standIn)).toEqual(own.toSorted());
      expect(killed).toEqual(['of-the-dead', 'of-the-dead-bare']);
      expect(swept).toEqual(shown);
      expect(new Set(swept.foreign.map((line) => line.split(' ')[1]))).toEqual(new Set(somebodys));
      expect(swept.alive).toEqual([alive]);
    });

    test('a row that was there before its mark’s run began is not the run’s', async ({ standIn }) => {
      const notion = clientOf(standIn);
      const tomorrow = newMark(Date.now() + 24 * 3_600_000);
      const bare = makeBareLead(TEST_MAILBOX, {}, tomorrow);
      await leaves(standIn, bare);

      const [contact] = await notion.contacts(bare).read();

      expect(await failureOf(() => notion.archive(contact?.id ?? ''))).toContain('bears no run');
    });
  },
);
