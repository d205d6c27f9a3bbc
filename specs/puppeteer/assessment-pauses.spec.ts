import { about, expect, test } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { VirtualClock } from '../../helpers/network/virtual-clock.ts';

const purpose =
  'The assessment pauses after each answer as the real site does; all other specs switch that off, this one sees it.';

const PAUSE_MS = 500;

test.use({ mode: 'production' });

test.describe(
  'pauses of the assessment',
  {
    tag: ['@puppeteer', '@own-website'],
    annotation: about({ feature: 'Assessment', covers: ['4.7', '4.10'], purpose }),
  },
  () => {
    test('after each of sixteen answers the page pauses half a second by its own clock, and the answers reach Kestra', async ({
      lead,
      ownWebsite,
      recordedVisitorOn,
      calls,
    }) => {
      const { site } = await ownWebsite({ animationMs: PAUSE_MS });
      const visitor = recordedVisitorOn(site);
      const set = ANSWER_SETS.twoRed;
      await visitor.cameSignedUp(lead);
      await visitor.beginsAssessment();
      const pauses = await visitor.pauses();
      await visitor.recording(); // ends here: its times would mix the page's clock with the machine's
      const clock = await VirtualClock.take(visitor.page);
      await visitor.answersAllWithin(PAUSE_MS, clock, set);

      expect((await pauses.jsonValue()).map(Math.round)).toEqual(set.answers.map(() => PAUSE_MS));
      expect((await calls.one('assessment', lead)).payload).toMatchObject({
        red_systems: set.red,
        email_1_status: 'sent',
      });
    });
  },
);
