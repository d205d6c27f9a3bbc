import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import { emailNumberOf } from '../../helpers/clients/execution.ts';
import { type Mail, type MailClient, tagOf } from '../../helpers/clients/mail-client.ts';
import { type Collection, those } from '../../helpers/collection.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import { PRIORITY } from '../../helpers/segments.ts';
import { PAGES, SITE_API } from '../../helpers/site.ts';
import { timetableOf } from '../../helpers/timetable.ts';
import { ResendReader } from '../../scripts/ops/resend-reader.ts';

const purpose =
  'The whole way of a visitor, from the first page to mail 2 and the tracker: one fact a test, one visitor for all.';

/** Website, Resend and Kestra may each have a clock of their own. */
const CLOCKS_MS = 2_000;

const numbered = (mailbox: MailClient, lead: Lead, number: number): Collection<Mail> =>
  those(`mails ${number} of the five to ${lead.email}`, mailbox.of(lead), (mail) => {
    return tagOf(mail, 'sequence_type') === '5day' && tagOf(mail, 'email_number') === String(number);
  });

test.use({ mode: 'testing' });

test.describe(
  'the complete funnel',
  {
    tag: ['@website', '@blocked:website-webhooks'],
    annotation: about({ feature: 'Assessment', covers: ['4.10'], purpose, severity: 'critical' }),
  },
  () => {
    test.describe.configure({ mode: 'default' }); // one worker walks one visitor through, for all of these

    test(
      'each page leads to the next, from the landing page to the booked call',
      { annotation: testCase('TC-4.10.1') },
      async ({ visit }) => {
        const { lead, steps, posts, booked } = await visit();

        expect(steps.map(({ name, path }) => `${name}: ${path}`)).toEqual([
          `landing: ${PAGES.landing}`,
          `form filled in: ${PAGES.landing}`,
          `thank-you: ${PAGES.thankYou}`,
          `first question: ${PAGES.assessment}`,
          `results: ${PAGES.assessment}`,
          `diagnostic: ${PAGES.diagnostic}`,
          `calendar: ${PAGES.bookCall}`,
          `booked: ${PAGES.booked}`,
        ]);
        expect(booked).toMatch(/^\d{4}-\d\d-\d\dT10:30$/);
        const [date, time] = booked.split('T');
        expect(posts.at(-1)?.body, 'the site is told').toEqual({ email: lead.email, date, time });
      },
    );

    test(
      'the form posts once, with what the visitor typed',
      { annotation: testCase('TC-4.10.2') },
      async ({ visit }) => {
        const { lead, posts } = await visit();

        expect(posts.filter(({ path }) => path === SITE_API.signUp).map(({ body }) => body)).toEqual([
          {
            firstName: lead.firstName,
            email: lead.email,
            businessName: lead.businessName,
            monthlyRevenue: '5k-10k',
            biggestChallenge: 'pricing',
            privacy: true,
          },
        ]);
        expect(posts.map(({ path }) => path)).toEqual([SITE_API.signUp, SITE_API.complete, SITE_API.book]);
      },
    );

    test(
      'the sign-up begins an execution of signup-handler, and it ends well',
      { annotation: testCase('TC-4.10.3') },
      async ({ visit, kestra }) => {
        const { lead, signup } = await visit();

        await expect(kestra.handle(signup.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        expect(signup.flowId).toBe('signup-handler');
        expect(signup.payload['email']).toBe(lead.email);
      },
    );

    test(
      'the contact stands in Notion once, with address and names',
      { annotation: testCase('TC-4.10.4') },
      async ({ visit, notion }) => {
        const { lead } = await visit();

        await expect(notion.contacts(lead), 'once').toSettleAt(1, BY_NOW);
        expect((await notion.contact(lead)).values).toMatchObject({
          Email: lead.email,
          first_name: lead.firstName,
          'Business Name': lead.businessName,
        });
      },
    );

    test(
      'sixteen questions are asked in order, each with its number',
      { annotation: testCase('TC-4.10.5') },
      async ({ visit }) => {
        const { numbers, questions } = await visit();

        expect(numbers).toEqual(Array.from({ length: 16 }, (_, index) => `Question ${index + 1} of 16`));
        expect(
          questions.filter((question, index) => questions.indexOf(question) !== index),
          'asked twice',
        ).toEqual([]);
      },
    );

    test(
      'mail 1 has arrived with score and name of this visitor, and a link to the results',
      { annotation: testCase('TC-4.10.6') },
      async ({ visit, mailbox, site }) => {
        const { lead, set } = await visit();

        const [mail1] = await numbered(mailbox, lead, 1).read();
        expect(mail1?.subject).toContain(lead.firstName);
        expect(mail1?.text).toContain(`Your score is ${set.total} out of 800`);
        expect(mail1?.html).toContain(`href="${site.url}${PAGES.diagnostic}"`);
      },
    );

    test(
      'the payload’s email_1_sent_at is the moment at which mail 1 arrived',
      { annotation: testCase('TC-4.10.7') },
      async ({ visit, mailbox }) => {
        const { lead, assessment } = await visit();

        const [mail1] = await numbered(mailbox, lead, 1).read();
        const told = String(assessment.payload['email_1_sent_at']);
        expect(told).toMatch(/T.*(Z|[+-]\d\d:\d\d)$/);
        expect(Date.parse(told), 'as soon as it is out').toBeGreaterThanOrEqual(
          Number(mail1?.receivedAt) - CLOCKS_MS,
        );
        expect(Date.parse(told), 'before Kestra hears of it').toBeLessThanOrEqual(
          assessment.at.getTime() + CLOCKS_MS,
        );
      },
    );

    test(
      'the assessment begins an execution of assessment-handler, and it ends well',
      { annotation: testCase('TC-4.10.8') },
      async ({ visit, kestra }) => {
        const { assessment } = await visit();

        await expect(kestra.handle(assessment.executionId)).toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });
        expect(assessment.flowId).toBe('assessment-handler');
      },
    );

    test(
      'contact, tracker row and Kestra agree that the lead is critical',
      { annotation: testCase('TC-4.10.9') },
      async ({ visit, kestra, notion }) => {
        const { lead, assessment } = await visit();
        const handler = kestra.handle(assessment.executionId);
        await expect(handler).toReachState('SUCCESS', { within: BUDGET.handlerMs });

        expect((await notion.contact(lead)).values['Segment']).toBe('CRITICAL');
        expect((await notion.trackerRow(lead, '5day')).values['Segment']).toBe('CRITICAL');
        expect((await handler.read()).outputs).toMatchObject({ priority: PRIORITY.CRITICAL });
      },
    );

    test(
      'mail 1 came once, by the key of the website',
      { annotation: testCase('TC-4.10.10') },
      async ({ visit, mailbox }) => {
        const { lead } = await visit();

        await expect(numbered(mailbox, lead, 1), 'once').toSettleAt(1, BY_NOW);
        expect((await numbered(mailbox, lead, 1).read()).map(({ sender }) => sender)).toEqual(['website']);
      },
    );

    test(
      'Kestra scheduled mails 2 to 5 and no other',
      { annotation: testCase('TC-4.10.11') },
      async ({ visit, kestra }) => {
        const { assessment } = await visit();
        await expect(kestra.handle(assessment.executionId)).toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });

        const mails = kestra.mailsOf(assessment.executionId);
        await expect(mails, 'four').toSettleAt(4, { within: BUDGET.settleMs, quietFor: BUDGET.quietMs });
        expect((await mails.read()).map(emailNumberOf)).toEqual([2, 3, 4, 5]);
      },
    );

    test(
      'mail 2 is due one day, in TESTING_MODE one minute, after mail 1',
      { tag: '@blocked:own-dates', annotation: testCase('TC-4.10.12') },
      async ({ visit, kestra, site }) => {
        const { assessment } = await visit();
        const sentAt = String(assessment.payload['email_1_sent_at']);
        const second = those(
          'executions of mail 2',
          kestra.mailsOf(assessment.executionId),
          (one) => emailNumberOf(one) === 2,
        );

        await expect(second, 'to the second').toFollowTimetable(
          timetableOf('5day', site.mode, sentAt).filter(({ number }) => number === 2),
          { within: BUDGET.handlerMs },
        );
      },
    );

    test(
      'the tracker has one row with the counts, and mail 1 as sent by the website',
      { annotation: testCase('TC-4.10.13') },
      async ({ visit, notion }) => {
        const { lead, set } = await visit();

        await expect(notion.trackerRows(lead), 'one row').toHaveTrackerFacts(
          [{ email_number: 1, status: 'sent', sent_by: 'website' }],
          { within: BUDGET.handlerMs },
        );
        expect((await notion.trackerRow(lead, '5day')).values).toMatchObject({
          'Red Systems': set.red,
          'Orange Systems': set.orange,
          'Green Systems': set.green,
          'Assessment Score': set.score,
        });
      },
    );

    test(
      'mail 2 is delivered in TESTING_MODE, not before it is due',
      { tag: '@blocked:own-dates', annotation: testCase('TC-4.10.14') },
      async ({ visit, kestra, mailbox, site }) => {
        const { lead, assessment } = await visit();

        const second = those(
          'executions of mail 2',
          kestra.mailsOf(assessment.executionId),
          (one) => emailNumberOf(one) === 2,
        );
        const sentAt = String(assessment.payload['email_1_sent_at']);
        await expect(second, 'scheduled').toFollowTimetable(
          timetableOf('5day', site.mode, sentAt).filter(({ number }) => number === 2),
          { within: BUDGET.handlerMs, quietFor: 0 },
        );
        await expect(numbered(mailbox, lead, 2)).toHaveArrivedOnTime(second, {
          within: BUDGET.sequenceMs,
          latenessMs: BUDGET.latenessMs,
        });
      },
    );

    test(
      'Resend itself knows mail 2 by the id that Kestra noted, as delivered to this lead',
      { annotation: testCase('TC-4.10.15') },
      async ({ visit, mailbox, notion, target }) => {
        const { lead } = await visit();
        await expect(numbered(mailbox, lead, 2)).toSettleAt(1, { within: BUDGET.sequenceMs, quietFor: 0 });
        const [mail2] = await numbered(mailbox, lead, 2).read();
        await expect(notion.trackerRows(lead)).toHaveTrackerFacts(
          [{ email_number: 2, resend_id: String(mail2?.id) }],
          { within: BUDGET.settleMs },
        );

        const resend = new ResendReader({ url: target.mail.url, key: target.mail.keys.harness });
        expect(await resend.find(String(mail2?.id))).toMatchObject({
          to: [lead.email],
          event: 'delivered',
          tags: { sequence_type: '5day', email_number: '2' },
        });
      },
    );

    test(
      'the tracker says that Kestra sent mail 2, when, and under which id',
      { annotation: testCase('TC-4.10.16') },
      async ({ visit, mailbox, notion }) => {
        const { lead } = await visit();
        await expect(numbered(mailbox, lead, 2)).toSettleAt(1, { within: BUDGET.sequenceMs, quietFor: 0 });
        const [mail2] = await numbered(mailbox, lead, 2).read();

        const arrived = Number(mail2?.receivedAt);
        await expect(notion.trackerRows(lead), 'five facts').toHaveTrackerFacts(
          [
            {
              email_number: 2,
              status: 'sent',
              sent_by: 'kestra',
              resend_id: String(mail2?.id),
              sent_at: { from: new Date(arrived - 1_000), to: new Date(arrived + 60_000) },
            },
          ],
          { within: BUDGET.settleMs },
        );
      },
    );

    test(
      'the contact has the moment of the last mail',
      { annotation: testCase('TC-4.10.17') },
      async ({ visit, mailbox, notion }) => {
        const { lead } = await visit();
        await expect(numbered(mailbox, lead, 5)).toSettleAt(1, { within: BUDGET.sequenceMs, quietFor: 0 });
        await expect(notion.trackerRows(lead)).toHaveTrackerFacts([{ email_number: 5, status: 'sent' }], {
          within: BUDGET.settleMs,
        });

        const { values } = await notion.trackerRow(lead, '5day');
        await expect
          .poll(async () => (await notion.contact(lead)).values['Last Email Sent'], {
            timeout: BUDGET.settleMs,
          })
          .toBe(values['Last Email Sent At']);
      },
    );

    test(
      'each step of the journey is a picture in the report',
      { annotation: testCase('TC-4.10.20') },
      async ({ visit }, testInfo) => {
        const { steps } = await visit();

        for (const [index, { name, picture }] of steps.entries()) {
          await testInfo.attach(`${index + 1} ${name}`, { body: picture, contentType: 'image/jpeg' });
        }
        const pictures = testInfo.attachments.filter(({ contentType }) => contentType === 'image/jpeg');
        expect(pictures).toHaveLength(8);
        // An empty page of this size takes about 5 kB.
        expect(steps.filter(({ picture }) => picture.length < 10_000).map(({ name }) => name)).toEqual([]);
      },
    );
  },
);
