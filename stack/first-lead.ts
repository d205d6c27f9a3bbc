import { KestraClient } from '../helpers/clients/kestra-client.ts';
import type { KestraTransport } from '../helpers/clients/kestra-transport.ts';
import { makeLead } from '../helpers/factories/lead.ts';

const PATIENCE_MS = 240_000;
const YEAR_MS = 365 * 86_400_000;

/**
 * Kestra 2.x gives every lead of a deployment the first lead's date (Kestra issue 18581). So that the order of tests does not
 * decide which date that is, each deployment has had its first lead before any test. Where mails wait for days, that lead's are
 * far ahead; in TESTING_MODE, where they come within a minute, they were due long ago: no test but one about dates minds.
 */
export async function haveFirstLead(
  transport: KestraTransport,
  { namespace, testing, testMailbox }: { namespace: string; testing: boolean; testMailbox: string },
): Promise<void> {
  const { email, firstName, businessName } = makeLead(testMailbox);
  const kestra = new KestraClient({ transport, resolve: () => namespace });
  const execution = await kestra.start('schedule-email-sequence', {
    sequence_type: 'onboarding',
    lead: { email, first_name: firstName, business_name: businessName },
    starts_at: new Date(testing ? 0 : Date.now() + YEAR_MS).toISOString(),
  });
  const { value } = await execution.until(({ state }) => state.current === 'SUCCESS', PATIENCE_MS);
  if (value.state.current !== 'SUCCESS')
    throw new Error(`The first lead of ${namespace}: ${value.state.current}`);
}
