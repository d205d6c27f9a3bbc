import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { templateNameOf } from '../../helpers/templates.ts';
import { timetableOf } from '../../helpers/timetable.ts';
import { schemasWith } from '../../stack/notion/schema.ts';

const purpose =
  'A template that was emptied, or a renamed column, is noticed before leads get the wrong mail or none.';

const ERRORS = { within: BUDGET.settleMs, minLevel: 'ERROR' } as const;
const SEQUENCES = ['5day', 'noshow', 'postcall', 'onboarding'] as const;
const sentByKestra = SEQUENCES.flatMap((sequence) =>
  timetableOf(sequence, 'production', new Date()).map(({ number }) => templateNameOf(sequence, number)),
);

test.describe(
  'health-check of what Notion holds',
  { tag: '@engine', annotation: about({ feature: 'Safety', covers: ['1.3', '2.6'], purpose }) },
  () => {
    test('templates that cannot be sent are named with the reason, and mails go all the same', async ({
      kestra,
      deployment,
    }) => {
      const { namespace, notion } = await deployment({ flows: ['health-check'] });
      await notion.updateTemplate('5-Day E3', { status: 'Inactive' });
      await notion.updateTemplate('noshow_recovery_email_1', { subject: '' });
      await notion.updateTemplate('onboarding_phase1_email_3', { html: '' });
      const check = await kestra.start('health-check', {}, { namespace });

      await expect(check).toReachState('WARNING', { within: BUDGET.handlerMs });
      const fallBack = 'the static fall-back is sent';
      await expect(check, 'those three, and no other').toHaveLogged(
        `Mails go, but: template 5-Day E3: it is Inactive in Notion; ${fallBack}; ` +
          `template noshow_recovery_email_1: its subject is empty in Notion; ${fallBack}; ` +
          `template onboarding_phase1_email_3: its html is empty in Notion; ${fallBack}`,
        ERRORS,
      );
    });

    test('each of the thirteen templates that Kestra sends is looked for', async ({ kestra, deployment }) => {
      const { namespace, notion } = await deployment({ flows: ['health-check'] });
      await Promise.all(sentByKestra.map(async (name) => notion.archive((await notion.template(name)).id)));
      const check = await kestra.start('health-check', {}, { namespace });

      expect(sentByKestra).toHaveLength(13);
      await expect(check).toReachState('WARNING', { within: BUDGET.handlerMs });
      await expect(check).toHaveLogged(
        `Mails go, but: ${sentByKestra
          .map((name) => `template ${name}: Notion has none of that name; the static fall-back is sent`)
          .join('; ')}`,
        ERRORS,
      );
    });

    test('a template with a placeholder that nobody fills, or only once a setting is there, and a deadline that is no date are named', async ({
      kestra,
      deployment,
    }) => {
      const { namespace, notion } = await deployment({
        flows: ['health-check'],
        settings: { DEADLINE_DATE: 'soon', SPOTS_REMAINING: '7' },
      });
      const html = (name: string) => ({ html: `<p>{{${name}}}</p>` });
      await notion.updateTemplate('5-Day E2', html('nobody_knows'));
      await notion.updateTemplate('5-Day E3', html('calendly_link'));
      await notion.updateTemplate('5-Day E4', html('spots_remaining'));
      await notion.updateTemplate('5-Day E5', html('days_to_deadline'));
      await notion.updateTemplate('noshow_recovery_email_1', html('portal_url'));
      await notion.updateTemplate('postcall_maybe_email_1', html('diagnostic_call_date'));
      const check = await kestra.start('health-check', {}, { namespace });

      await expect(check).toReachState('WARNING', { within: BUDGET.handlerMs });
      const unfilled = (template: string, name: string) =>
        `template ${template}: it has placeholders nobody fills: ${name}; the static fall-back is sent`;
      await expect(check, 'what send-email would not send').toHaveLogged(
        `Mails go, but: ${[
          unfilled('5-Day E2', 'nobody_knows'),
          unfilled('5-Day E3', 'calendly_link'),
          unfilled('5-Day E5', 'days_to_deadline'),
          unfilled('noshow_recovery_email_1', 'portal_url'),
          "DEADLINE_DATE is 'soon', not a day such as 2025-12-05: no mail names it",
        ].join('; ')}`,
        ERRORS,
      );
    });

    test('a missing and a mistyped property and a missing option are named', async ({
      kestra,
      deployment,
    }) => {
      const { namespace } = await deployment({
        flows: ['health-check'],
        schemas: schemasWith('tracker', {
          'Started At': 'rich_text',
          'Email 4 Sent By': 'missing',
          'Sequence Type': { type: 'select', options: ['5day', 'noshow', 'postcall'] },
        }),
      });
      const check = await kestra.start('health-check', {}, { namespace });

      await expect(check).toReachState('WARNING', { within: BUDGET.handlerMs });
      await expect(check).toHaveLogged(
        'Mails go, but: tracker: "Sequence Type" has no option "onboarding", by which the flows filter: add it there; tracker: "Started At" is rich_text and should be date; tracker: "Email 4 Sent By" (select) is missing',
        ERRORS,
      );
    });
  },
);
