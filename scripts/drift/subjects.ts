import { readEnv, type Variables } from '../../helpers/env.ts';
import { readStackFile } from '../../helpers/target.ts';
import { readSchemas } from '../../stack/notion/contract.ts';
import published from '../../stack/resend/openapi.json' with { type: 'json' };
import { openConnection } from '../flows/connection.ts';
import { NOTION_VERSION } from '../flows/notion-sources.ts';
import { KESTRA, kestraSource } from './kestra.ts';
import { NOTION, notionSource } from './notion.ts';
import { RESEND, resendSource } from './resend.ts';
import type { Subject } from './run.ts';

export interface Choice {
  /** The deployment to look at. */
  namespace?: string;
  /** What answers at addresses of this machine is real all the same. */
  real?: boolean;
}

/** The three services of the environment's target. Throws when the target itself cannot be told. */
export function subjects({ namespace, real = false }: Choice, source?: Variables): Subject[] {
  const env = readEnv(source);
  const connection = openConnection(source);
  const kestra =
    env.TARGET === 'homelab'
      ? { url: env.KESTRA_URL, user: env.KESTRA_USER, password: env.KESTRA_PASSWORD }
      : readStackFile(env.FUNNEL_STACK_FILE).kestra;
  const deployment = namespace ?? (env.TARGET === 'homelab' ? 'christmas.nightly' : 'christmas.testing');
  const originAt = (url: string, otherwise: string): string =>
    env.TARGET === 'homelab' && (real || !/^(127\.|localhost$|\[::1\]$)/.test(new URL(url).hostname))
      ? 'real'
      : otherwise;
  return [
    {
      service: NOTION,
      open: () => notionSource(connection.notion()),
      origin: () => ({
        origin: originAt(connection.notion().url, 'stand-in'),
        version: `${NOTION_VERSION}, client ${readSchemas().client}`,
      }),
    },
    {
      service: RESEND,
      open: () => {
        const access = connection.outbox();
        if (!access) throw new Error('RESEND_API_KEY is missing: give a key with full access');
        return { source: resendSource(access), known: new Map() };
      },
      origin: () => ({
        origin: originAt(connection.outbox()?.url ?? '', 'stand-in'),
        version: `description ${published.info.version}`,
      }),
    },
    {
      service: KESTRA,
      open: () => kestraSource(kestra, deployment),
      origin: (known) => {
        const version = known.get('version') ?? 'unknown';
        return { origin: originAt(kestra.url, `embedded ${version}`), version };
      },
    },
  ];
}
