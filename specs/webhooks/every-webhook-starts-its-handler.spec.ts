import { about, expect, mails, test, testCase } from '../../fixtures/index.ts';
import { assessmentBody, secondaryBody, signupBody } from '../../helpers/factories/payloads.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import { answerAndEndOf } from '../../helpers/journeys/ends.ts';

const purpose =
  'A webhook that its caller cannot reach, or that starts the wrong flow, loses every lead behind it.';

test.use({ mode: 'production' });

/** Answered with an execution of just this flow, found by its lead, which ends well; with another key there is no such webhook. */
const answered = (flowId: string, { email }: Lead) => ({
  status: 200,
  withAnotherKey: 404,
  flowId,
  lead: email,
  state: 'SUCCESS',
});

test.describe(
  'the five webhooks',
  {
    tag: '@webhook',
    annotation: about({
      feature: 'Lead capture',
      covers: ['4.1', '4.2', '4.5'],
      purpose,
      severity: 'blocker',
    }),
  },
  () => {
    test(
      'christmas-signup answers 200 with an execution of signup-handler',
      { tag: '@night', annotation: [testCase('TC-4.11.8'), mails(0)] },
      async ({ lead, webhooks, kestra }) => {
        const end = await answerAndEndOf({ webhooks, kestra }, 'signup', signupBody(lead));

        expect(end).toEqual(answered('signup-handler', lead));
      },
    );

    test(
      'christmas-assessment answers 200 with an execution of assessment-handler',
      { tag: '@night', annotation: [testCase('TC-4.11.9'), mails(0)] },
      async ({ lead, webhooks, kestra }) => {
        const body = assessmentBody(lead, { email1SentAt: new Date().toISOString() });
        const end = await answerAndEndOf({ webhooks, kestra }, 'assessment', body);

        expect(end).toEqual(answered('assessment-handler', lead));
      },
    );

    test(
      'calendly-noshow answers 200 with an execution of noshow-recovery-handler',
      { tag: '@night', annotation: [testCase('TC-4.11.10'), mails(0)] },
      async ({ lead, webhooks, kestra }) => {
        const end = await answerAndEndOf({ webhooks, kestra }, 'noshow', secondaryBody('noshow', lead));

        expect(end).toEqual(answered('noshow-recovery-handler', lead));
      },
    );

    test(
      'postcall-maybe answers 200 with an execution of postcall-maybe-handler',
      { tag: '@night', annotation: [testCase('TC-4.11.11'), mails(0)] },
      async ({ lead, webhooks, kestra }) => {
        const end = await answerAndEndOf({ webhooks, kestra }, 'postcall', secondaryBody('postcall', lead));

        expect(end).toEqual(answered('postcall-maybe-handler', lead));
      },
    );

    test(
      'onboarding-start answers 200 with an execution of onboarding-handler',
      { tag: '@night', annotation: [testCase('TC-4.11.12'), mails(0)] },
      async ({ lead, webhooks, kestra }) => {
        const end = await answerAndEndOf(
          { webhooks, kestra },
          'onboarding',
          secondaryBody('onboarding', lead),
        );

        expect(end).toEqual(answered('onboarding-handler', lead));
      },
    );
  },
);
