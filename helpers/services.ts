import { request } from 'undici';
import { KestraTransport } from './clients/kestra-transport.ts';
import { readEnv, readNotionEnv, readResendEnv } from './env.ts';
import { readStackFile } from './target.ts';

/** A service without which no test can pass. */
export interface Service {
  name: 'Kestra' | 'Notion' | 'Resend';
  /** The status of any answer; throws when there is none. */
  ask: () => Promise<number>;
}

/** What is wrong with a service. */
export interface Trouble {
  service: Service['name'];
  /** `got no answer`, or `answered 503`. */
  what: string;
  /** Not there or broken, where one that limits its rate goes on. */
  down: boolean;
}

/** No answer for so long is none: on a slow machine a stand-in, which shares the cores, may stand still for seconds. */
const ASK_MS = 60_000;
/** Nobody's: a Notion that is well answers 404, whatever it holds. */
const NO_DATABASE = '/v1/databases/00000000-0000-4000-8000-000000000000';

/** The services behind the target. Throws when the environment or the stack's file names none. */
export function servicesOfTarget(): Service[] {
  const env = readEnv();
  if (env.TARGET === 'local') {
    const { kestra, notion, resend } = readStackFile(env.FUNNEL_STACK_FILE);
    return services({ kestra, notion, resend: { url: resend.url, key: resend.keys.harness } });
  }
  const notion = readNotionEnv();
  const resend = readResendEnv();
  return services({
    kestra: { url: env.KESTRA_URL, user: env.KESTRA_USER, password: env.KESTRA_PASSWORD },
    notion: { url: notion.NOTION_BASE_URL, token: notion.NOTION_TOKEN },
    resend: { url: resend.RESEND_BASE_URL, key: resend.RESEND_API_KEY ?? '' },
  });
}

interface Addresses {
  kestra: ConstructorParameters<typeof KestraTransport>[0];
  notion: { url: string; token: string };
  resend: { url: string; key: string };
}

function services({ kestra, notion, resend }: Addresses): Service[] {
  const transport = new KestraTransport(kestra);
  return [
    { name: 'Kestra', ask: async () => (await transport.raw('/api/v1/configs')).status },
    {
      name: 'Notion',
      ask: () => status(`${notion.url}${NO_DATABASE}`, notion.token, { 'notion-version': '2025-09-03' }),
    },
    { name: 'Resend', ask: () => status(`${resend.url}/emails?limit=1`, resend.key) },
  ];
}

async function status(url: string, token: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await request(url, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    headersTimeout: ASK_MS,
    bodyTimeout: ASK_MS,
  });
  await answer.body.dump();
  return answer.statusCode;
}

/** What is wrong with the first of `asked` that is not well. An answer of any other kind, 401 or 404, shows it alive. */
export async function troubleOf(asked: readonly Service[]): Promise<Trouble | undefined> {
  const found = await Promise.all(
    asked.map(async ({ name, ask }): Promise<Trouble | undefined> => {
      const answered = await ask().catch(() => undefined);
      if (answered === undefined) return { service: name, what: 'gave no answer', down: true };
      if (answered === 429 || answered === 529)
        return { service: name, what: `limits our rate (${answered})`, down: false };
      return answered >= 500 ? { service: name, what: `answered ${answered}`, down: true } : undefined;
    }),
  );
  return found.find((trouble) => trouble?.down) ?? found.find((trouble) => trouble !== undefined);
}
