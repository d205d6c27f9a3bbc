import { FaultsClient } from '../../helpers/clients/faults-client.ts';
import type { StackFile } from '../../stack/stack-file.ts';
import type { Visit } from './visit.ts';

/** Of ten leads the fourth meets a Notion that refuses every change, the eighth a Resend that takes no mail. */
const EVERY = 10;
const AT_NOTION = 3;
const AT_RESEND = 7;

/** Lets both services refuse some leads; hands back what ends that. */
export async function beginOutage(
  visits: readonly Visit[],
  { notion, resend }: Pick<StackFile, 'notion' | 'resend'>,
): Promise<() => Promise<void>> {
  const ends: Array<() => Promise<void>> = [];
  const faults = new FaultsClient({ notion: notion.url, resend: resend.url }, (_, end) => ends.push(end));
  for (const [index, { lead }] of visits.entries()) {
    if (index % EVERY === AT_NOTION) await faults.at('notion', lead, { method: 'PATCH', status: 500 });
    if (index % EVERY === AT_RESEND) await faults.at('resend', lead, { method: 'POST', status: 500 });
  }
  return async () => {
    for (const end of ends) await end();
  };
}
