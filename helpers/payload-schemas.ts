import { z } from 'zod';
import type { WebhookName } from './target.ts';

// The contract as the webhooks' callers are told it, stated apart from the flows: docs/schemas is made of it, and
// journeys check by it what a website posts. It is as strict as the flows about types and as lenient about the rest:
// unknown fields are ignored, and null is the same as leaving a field out.

/** A local part of at most 64 characters without dots at its ends, an @, a domain with a dot; 200 characters in all. */
const ADDRESS =
  /^\s*(?=\S{1,200}\s*$)(?=[^@]{1,64}@)(?!\.)(?!\S*\.\.)(?!\S*\.@)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+\s*$/;

const PRIORITY = /^[\p{Z}\p{Cc}]*(?:[Hh][Ii][Gg][Hh]|[Mm][Ee][Dd][Ii][Uu][Mm]|[Ll][Oo][Ww])?[\p{Z}\p{Cc}]*$/u;

const MOST_MONEY = 10_000_000;

const email = z.string().regex(ADDRESS).describe('The e-mail address by which everything is found.');
const text = (description: string) => z.string().nullish().describe(description);
const count = (colour: string) =>
  z.int().min(0).max(8).describe(`How many of the eight systems are ${colour}.`);
const percent = (description: string) => z.int().min(0).max(100).nullish().describe(description);
const amount = (description: string) => z.number().min(0).max(MOST_MONEY).nullish().describe(description);
const flag = (description: string) => z.boolean().nullish().describe(description);
const texts = (description: string) =>
  z
    .union([z.array(z.string()), z.string()])
    .nullish()
    .describe(description);

// RFC 3339. The flows take what else their Python reads as ISO 8601, such as a week or a blank for the T.
const moment = z.iso.datetime({ offset: true });
const momentOrDay = (description: string) =>
  z.union([moment, z.iso.date()]).nullish().describe(`${description} A moment with offset or Z, or a day.`);

const firstName = (without: string) => text(`Without it "${without}". Cut to 200 characters.`);
const businessName = (without: string) => text(`Without it ${without}. Cut to 200 characters.`);
const names = { first_name: firstName('there'), business_name: businessName('"your business"') };

/** What each webhook takes. */
export const PAYLOADS = {
  signup: z
    .looseObject({
      email,
      first_name: firstName('Unknown'),
      name: text('Wins over first_name.'),
      business_name: businessName('it stays empty'),
    })
    .meta({
      title: 'christmas-signup',
      description: 'After the sign-up form. Makes or updates the contact; Kestra sends nothing.',
    }),

  assessment: z
    .looseObject({
      email,
      ...names,
      red_systems: count('red'),
      orange_systems: count('orange'),
      yellow_systems: count('yellow').nullish(),
      green_systems: count('green').nullish(),
      // That it lies at most 30 days back and a day ahead is for the flow to see: a schema knows no today.
      email_1_sent_at: moment
        .nullish()
        .describe(
          'When the website sent mail 1, with offset or Z; mails 2 to 5 count from it. At most 30 days ago and 24 hours ahead. Without it the arrival of the webhook counts.',
        ),
      email_1_status: z
        .enum(['sent', 'failed'])
        .nullish()
        .describe('What became of mail 1; without it "sent". Kestra never sends mail 1.'),
      assessment_score: percent("The site's score of 800, divided by 8 and rounded."),
      weakest_system_1: text('Without it "GPS".'),
      weakest_system_2: text('Without it "FUEL".'),
      strongest_system: text('Without it "CABIN".'),
      revenue_leak_total: z
        .int()
        .min(0)
        .max(1_000_000_000)
        .nullish()
        .describe('Estimated monthly loss, in whole dollars.'),
      gps_score: percent('Score of GPS alone.'),
      money_score: percent('Score of money alone.'),
    })
    .meta({
      title: 'christmas-assessment',
      description:
        'After the last question, once the website has sent mail 1. Kestra then schedules mails 2 to 5. The four counts add up to 8.',
    }),

  noshow: z
    .looseObject({
      email,
      ...names,
      calendly_event_id: text('The booking, by its id. Cut to 2000 characters.'),
      calendly_event_uri: text('Counts where there is no calendly_event_id.'),
      scheduled_time: momentOrDay('When the call was to be.'),
      meeting_time: momentOrDay('Counts where there is no scheduled_time.'),
      event_type: text('What kind of call it was to be.'),
    })
    .meta({
      title: 'calendly-noshow',
      description: 'A booked call was missed. Kestra sends three mails that win the lead back.',
    }),

  postcall: z
    .looseObject({
      email,
      ...names,
      call_date: momentOrDay('When the call was.'),
      call_outcome: text('Without it "maybe"; anything else is taken with a warning.'),
      call_notes: text('Cut to 2000 characters.'),
      objections: texts('A list of texts, or one text. Cut to 20 entries.'),
      objection: texts('Counts where there is no objections.'),
      interest_level: text('Without it "medium". High, medium or low is the priority where none is given.'),
      follow_up_priority: z.string().regex(PRIORITY).nullish().describe('High, Medium or Low.'),
    })
    .meta({
      title: 'postcall-maybe',
      description: 'A call ended with "maybe". Kestra sends three mails of follow-up.',
    }),

  onboarding: z
    .looseObject({
      email,
      ...names,
      payment_status: text('Onboarding starts only when it is exactly "paid".'),
      payment_confirmed: flag('True starts onboarding too.'),
      package_type: text('Without it "foundation".'),
      payment_amount: amount('What was paid.'),
      payment_date: momentOrDay('When it was paid.'),
      contract_value: amount('What was agreed.'),
      docusign_completed: flag('Whether the contract is signed; false is taken with a warning.'),
      docusign_signed: flag('Counts where there is no docusign_completed.'),
      salon_address: text('Cut to 2000 characters.'),
      observation_dates: texts('A list of texts, or one text. Cut to 20 entries.'),
      start_date: momentOrDay('When the work begins.'),
      diagnostic_call_date: momentOrDay('When the diagnostic call was.'),
    })
    .meta({
      title: 'onboarding-start',
      description: 'The payment is in. Kestra sends three mails of welcome.',
    }),
} as const satisfies Record<WebhookName, z.ZodObject>;

/** What a caller may post to a webhook. */
export type Payload<Name extends WebhookName> = z.input<(typeof PAYLOADS)[Name]>;

/** Why the webhook would refuse this payload, a line a fault; and the fields it would not look at. */
export function inspectPayload(name: WebhookName, payload: object): { faults: string[]; ignored: string[] } {
  const { error } = PAYLOADS[name].safeParse(payload);
  return {
    faults: error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [],
    ignored: Object.keys(payload).filter((field) => !Object.hasOwn(PAYLOADS[name].shape, field)),
  };
}
