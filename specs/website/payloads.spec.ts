import { about, expect, test } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { SECONDARY } from '../../helpers/factories/payloads.ts';
import { inspectPayload } from '../../helpers/payload-schemas.ts';
import { SITE_API } from '../../helpers/site.ts';

const purpose = 'What a website tells Kestra has the names and types that the flows take, or leads are lost.';

test.use({ mode: 'production' });

test.describe(
  'payloads of the website',
  { annotation: about({ feature: 'Lead capture', covers: ['4.1', '4.2'], purpose }) },
  () => {
    test(
      'after the form and after the last question the website posts what the schemas ask for',
      { tag: ['@website', '@blocked:website-webhooks'] },
      async ({ lead, siteClient, calls }) => {
        await siteClient.signsUp(lead);
        await siteClient.completesAssessment(lead, ANSWER_SETS.twoRed);

        const signup = await calls.one('signup', lead);
        const assessment = await calls.one('assessment', lead);
        expect(inspectPayload('signup', signup.payload).faults).toEqual([]);
        expect(inspectPayload('assessment', assessment.payload).faults).toEqual([]);
        expect(assessment.payload, 'what the schema leaves open').toMatchObject({
          assessment_score: ANSWER_SETS.twoRed.score,
          email_1_sent_at: expect.any(String),
          email_1_status: 'sent',
        });
      },
    );

    test(
      'for a missed call, a maybe and a payment the website posts what the schemas ask for',
      { tag: ['@website', '@blocked:event-webhooks'] },
      async ({ lead, siteClient, calls }) => {
        await siteClient.signsUp(lead);
        await siteClient.send(SITE_API.book, { email: lead.email, date: '2026-12-10', time: '10:30' });
        for (const event of SECONDARY) await siteClient.tells(event, lead);

        for (const event of SECONDARY) {
          const { payload } = await calls.one(event, lead);
          expect(inspectPayload(event, payload), event).toEqual({ faults: [], ignored: [] });
        }
      },
    );
  },
);
