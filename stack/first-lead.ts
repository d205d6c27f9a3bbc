import { KestraClient } from '../helpers/clients/kestra-client.ts';
import type { KestraTransport } from '../helpers/clients/kestra-transport.ts';
import { makeLead } from '../helpers/factories/lead.ts';

const PATIENCE_MS = 60_000;

/**
 * Kestra 2.x gives every lead of a deployment the first lead's dates (Kestra issue 18581). So that the order of tests does not
 * decide which dates these are, each deployment has had its first lead before any test: one whose mails were due long ago.
 */
export async function haveFirstLead(
  transport: KestraTransport,
  namespace: string,
  testMailbox: string,
): Promise<void> {
  const { email, firstName, businessName } = makeLead(testMailbox);
  const kestra = new KestraClient({ transport, resolve: () => namespace });
  const execution = await kestra.start('schedule-email-sequence', {
    sequence_type: 'onboarding',
    lead: { email, first_name: firstName, business_name: businessName },
    starts_at: new Date(0).toISOString(),
  });
  const { value } = await execution.until(({ state }) => state.current === 'SUCCESS', PATIENCE_MS);
  if (value.state.current !== 'SUCCESS')
    throw new Error(`The first lead of ${namespace}: ${value.state.current}`);
}
