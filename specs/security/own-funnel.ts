import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { type Door, openDoor } from '../../stack/doors.ts';
import { type RunningResend, startResend } from '../../stack/resend/server.ts';
import { VARIABLES } from '../../stack/website/kestra-funnel.ts';
import { CHALLENGES, REVENUES } from '../../stack/website/pages/landing.ts';
import { API } from '../../stack/website/paths.ts';
import { type RunningWebsite, startWebsite } from '../../stack/website/server.ts';

/** A website with a Resend and webhooks of its own, which no other test sees: it may be told anything. */
export interface OwnFunnel {
  site: RunningWebsite;
  resend: RunningResend;
  /** What its webhooks were told, as it was sent. */
  told: string[];
  close(): Promise<void>;
}

/** What the sign-up form posts. */
export const signUpOf = (email: string, firstName = 'Ada', businessName = 'Bakery') => ({
  firstName,
  email,
  businessName,
  monthlyRevenue: Object.keys(REVENUES)[0],
  biggestChallenge: Object.keys(CHALLENGES)[0],
  privacy: true,
});

export const signUp = ({ site }: OwnFunnel, body: object): Promise<Response> =>
  fetch(`${site.url}${API.signUp}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

const KEY = 're_website';

export async function startOwnFunnel(): Promise<OwnFunnel> {
  const told: string[] = [];
  const webhooks: Door = await openDoor({});
  webhooks.open(async (request) => {
    told.push(await request.text());
    return Response.json({ id: 'begun' });
  });
  const resend = await startResend({
    keys: [{ key: KEY, name: 'website', permission: 'sending_access' }],
    testMailbox: TEST_MAILBOX,
  });
  const hooks = VARIABLES.filter((name) => name.startsWith('KESTRA_')).map((name) => [name, webhooks.url]);
  const site = await startWebsite({
    animationMs: 0,
    log: () => undefined,
    retryAfterMs: [],
    variables: {
      RESEND_API_KEY: KEY,
      RESEND_BASE_URL: resend.url,
      ...(Object.fromEntries(hooks) as Record<string, string>),
    },
  });
  return {
    site,
    resend,
    told,
    async close() {
      for (const one of [site, resend, webhooks]) await one.close();
    },
  };
}
