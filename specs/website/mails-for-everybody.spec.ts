import { about, expect, test } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { nameAndSenderOf } from '../../helpers/clients/mail-client.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { SECONDARY } from '../../helpers/factories/payloads.ts';
import { PAGES } from '../../helpers/site.ts';
import { numbersSentBy, RESPONSIBILITIES, SEQUENCES, sendersByMail } from '../../helpers/split.ts';
import { templateNameOf } from '../../helpers/templates.ts';
import { readWell } from './everybody.ts';

const purpose =
  'A mail is read at night, on a phone, by people with weak eyes, and tells no one that a machine wrote it.';

/** No mail breaks it, and no screen is wide enough for it. */
const LONG_NAME = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

test.use({ mode: 'testing' });

test.describe(
  'mails for everybody',
  {
    tag: ['@pages', '@own-website'],
    annotation: about({ feature: 'Sequences', covers: ['2.3', '2.6'], purpose }),
  },
  () => {
    test('the website’s two mails and Kestra’s thirteen from Notion can be read everywhere, and lead only to us', async ({
      newLead,
      site,
      siteClient,
      webhooks,
      mailbox,
      notion,
      page,
    }, testInfo) => {
      const lead = newLead({ businessName: LONG_NAME });
      const id = await siteClient.signsUp(lead);
      await siteClient.completesAssessment(lead, ANSWER_SETS.twoRed, id);
      for (const event of SECONDARY) await webhooks.secondary(event, lead);
      await expect(mailbox.of(lead), 'fifteen mails').toSettleAt(15, {
        within: BUDGET.handlerMs + BUDGET.sequenceMs,
        quietFor: 0,
      });
      const mails = await mailbox.of(lead).read();
      expect(sendersByMail(mails.map(nameAndSenderOf))).toEqual(sendersByMail(RESPONSIBILITIES));

      // The assessment, the results in detail, and the customer's own page.
      const links = [
        `${site.url}${PAGES.assessment}`,
        `${site.url}${PAGES.diagnostic}`,
        (await notion.project(lead)).url,
      ];
      await readWell(mails, links, { page, testInfo, kind: 'as delivered:' });
    });

    test('Kestra’s thirteen mails without Notion’s templates can be read everywhere, and lead nowhere', async ({
      newLead,
      deployment,
      kestra,
      page,
    }, testInfo) => {
      const lead = newLead({ businessName: LONG_NAME });
      const { namespace, notion, mailbox } = await deployment({ flows: ['send-email'] });
      const mails = SEQUENCES.flatMap((sequence) =>
        numbersSentBy('kestra', sequence).map((number) => ({ sequence, number })),
      );
      for (const { sequence, number } of mails) {
        await notion.archive((await notion.template(templateNameOf(sequence, number))).id);
        await kestra.start('send-email', mailOrder(lead, number, sequence), { namespace });
      }
      await expect(mailbox.of(lead), 'thirteen mails').toSettleAt(13, {
        within: 2 * BUDGET.mailMs,
        quietFor: 0,
      });

      const mailed = await mailbox.of(lead).read();
      expect(mailed.map(({ html }) => html).join(), 'the fall-backs').not.toContain('notion-template');
      await readWell(mailed, [], { page, testInfo, kind: 'without a template:' });
    });
  },
);
