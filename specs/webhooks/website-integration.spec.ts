import { about, expect, test } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { nameAndSenderOf } from '../../helpers/clients/mail-client.ts';
import { completionBody, formBody } from '../../helpers/clients/site-client.ts';
import { inspectPayload } from '../../helpers/payload-schemas.ts';
import { WebsiteCode } from './website-code.ts';

const purpose =
  'What the page for the website’s team shows works as it stands there, so that nobody builds on what does not.';

const SET = ANSWER_SETS.twoRed;

test.use({ mode: 'production' });

test.describe(
  'the page for the team of the website',
  {
    tag: '@webhook',
    annotation: about({
      feature: 'Lead capture',
      covers: ['4.1', '4.2', '4.6'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test('its App Router file of the form mails the confirmation, tells Kestra, and the contact is there', async ({
      lead,
      target,
      site,
      calls,
      kestra,
      notion,
      mailbox,
    }, testInfo) => {
      const code = new WebsiteCode(testInfo.outputPath('site'), target, site);

      const answer = await code.post('app/api/form/submit-businessx-xmas-campaign/route.ts', formBody(lead));

      expect(answer).toEqual({ status: 200, body: { success: true } });
      const { executionId, payload } = await calls.one('signup', lead);
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      expect(payload).toEqual({
        email: lead.email,
        first_name: lead.firstName,
        business_name: lead.businessName,
        source: 'website',
      });
      expect((await notion.contact(lead)).values).toMatchObject({
        first_name: lead.firstName,
        'Christmas Campaign Status': 'Signed Up',
      });
      expect((await mailbox.of(lead).read()).map(nameAndSenderOf)).toEqual([
        { mail: 'signup 1', sender: 'website' },
      ]);
    });

    test('its App Router file of the assessment mails mail 1, then tells Kestra with its moment', async ({
      lead,
      target,
      site,
      calls,
      kestra,
      notion,
      mailbox,
    }, testInfo) => {
      const code = new WebsiteCode(testInfo.outputPath('site'), target, site);
      const { answers: _, ...posted } = completionBody(lead, SET); // the real page posts none

      const answer = await code.post('app/api/assessment/complete/route.ts', posted);

      expect(answer).toEqual({ status: 200, body: { mailed: true } });
      const { executionId, payload, at } = await calls.one('assessment', lead);
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      expect(inspectPayload('assessment', payload)).toEqual({ faults: [], ignored: [] });
      expect(payload).toMatchObject({
        first_name: lead.firstName,
        red_systems: SET.red,
        orange_systems: SET.orange,
        yellow_systems: 0,
        green_systems: SET.green,
        assessment_score: SET.score,
        revenue_leak_total: SET.monthlyLoss,
        weakest_system_1: SET.weakest[0],
        weakest_system_2: SET.weakest[1],
        email_1_status: 'sent',
      });
      const [mail1, ...more] = await mailbox.of(lead).read();
      expect(more, 'one mail').toEqual([]);
      expect(mail1 && nameAndSenderOf(mail1)).toEqual({ mail: '5day 1', sender: 'website' });
      const arrived = Number(mail1?.receivedAt);
      const told = Date.parse(String(payload['email_1_sent_at']));
      expect(told, 'the mail first').toBeGreaterThanOrEqual(arrived);
      expect(told, 'then Kestra').toBeLessThanOrEqual(at.getTime());
      expect((await notion.trackerRow(lead, '5day')).values).toMatchObject({
        Segment: SET.segment,
        'Email 1 Sent By': 'website',
        'Email 2 Sent By': 'kestra',
      });
    });

    test('its Pages Router files do the same', async ({
      lead,
      target,
      site,
      calls,
      kestra,
      notion,
      mailbox,
    }, testInfo) => {
      const code = new WebsiteCode(testInfo.outputPath('site'), target, site);
      const { answers: _, ...posted } = completionBody(lead, SET);

      expect(await code.post('pages/api/form/submit-businessx-xmas-campaign.ts', formBody(lead))).toEqual({
        status: 200,
        body: { success: true },
      });
      const signup = await calls.one('signup', lead);
      await expect(kestra.handle(signup.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      expect(await code.post('pages/api/assessment/complete.ts', posted)).toEqual({
        status: 200,
        body: { mailed: true },
      });
      const assessment = await calls.one('assessment', lead);
      await expect(kestra.handle(assessment.executionId)).toReachState('SUCCESS', {
        within: BUDGET.handlerMs,
      });

      expect(inspectPayload('signup', signup.payload)).toEqual({ faults: [], ignored: ['source'] });
      expect(inspectPayload('assessment', assessment.payload)).toEqual({ faults: [], ignored: [] });
      expect((await notion.contact(lead)).values).toMatchObject({ Segment: SET.segment });
      expect((await notion.trackerRow(lead, '5day')).values['Email 1 Sent By']).toBe('website');
      expect((await mailbox.of(lead).read()).map(nameAndSenderOf)).toEqual([
        { mail: 'signup 1', sender: 'website' },
        { mail: '5day 1', sender: 'website' },
      ]);
    });

    test('its two calls from the shell begin the executions whose ids they print, and these end well', async ({
      lead,
      target,
      site,
      calls,
      kestra,
      notion,
    }, testInfo) => {
      const code = new WebsiteCode(testInfo.outputPath('site'), target, site);

      const signUp = await code.curl('sign-up', lead);
      const signup = await calls.one('signup', lead);
      expect(signUp).toMatchObject({ id: signup.executionId });
      await expect(kestra.handle(signup.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const completion = await code.curl('assessment', lead);
      const assessment = await calls.one('assessment', lead);
      expect(completion).toMatchObject({ id: assessment.executionId });
      await expect(kestra.handle(assessment.executionId)).toReachState('SUCCESS', {
        within: BUDGET.handlerMs,
      });

      for (const { name, payload } of [signup, assessment])
        expect(inspectPayload(name, payload), name).toEqual({ faults: [], ignored: [] });
      expect((await notion.contact(lead)).values).toMatchObject({ first_name: 'Ada' });
      expect((await notion.trackerRow(lead, '5day')).values).toMatchObject({
        Segment: 'CRITICAL',
        'Email 1 Sent By': 'website',
      });
    });
  },
);
