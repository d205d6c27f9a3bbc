import { about, test } from '../../fixtures/index.ts';
import { withstands } from './withstands.ts';

const purpose =
  'Whatever anybody posts, a webhook refuses it with reasons or takes it as data; nothing breaks, nothing leaks.';

test.use({ mode: 'production' });

// A unit test puts thousands of bodies to the validation alone; these go through the engine.
test.describe(
  'hostile payloads',
  {
    tag: ['@webhook', '@safety'],
    annotation: about({ feature: 'Safety', covers: ['2.7'], purpose, severity: 'blocker' }),
  },
  () => {
    test('christmas-signup withstands what a stranger may post', async ({
      newLead,
      webhooks,
      kestra,
      notion,
      target,
      seed,
    }) => {
      await withstands('signup', { newLead, webhooks, kestra, notion, target, seed });
    });

    test('christmas-assessment withstands what a stranger may post', async ({
      newLead,
      webhooks,
      kestra,
      notion,
      target,
      seed,
    }) => {
      await withstands('assessment', { newLead, webhooks, kestra, notion, target, seed });
    });

    test('calendly-noshow withstands what a stranger may post', async ({
      newLead,
      webhooks,
      kestra,
      notion,
      target,
      seed,
    }) => {
      await withstands('noshow', { newLead, webhooks, kestra, notion, target, seed });
    });

    test('postcall-maybe withstands what a stranger may post', async ({
      newLead,
      webhooks,
      kestra,
      notion,
      target,
      seed,
    }) => {
      await withstands('postcall', { newLead, webhooks, kestra, notion, target, seed });
    });

    test('onboarding-start withstands what a stranger may post', async ({
      newLead,
      webhooks,
      kestra,
      notion,
      target,
      seed,
    }) => {
      await withstands('onboarding', { newLead, webhooks, kestra, notion, target, seed });
    });
  },
);
