import type { StackFile } from '../stack/stack-file.ts';
import type { Dialect } from './clients/kestra-dialect.ts';
import { ROUTES } from './clients/kestra-routes.ts';
import { WEBHOOK_FLOWS } from './clients/webhook-client.ts';
import type { WebhookName } from './target.ts';
import type { Mode } from './timetable.ts';

const NAMES = Object.keys(WEBHOOK_FLOWS) as WebhookName[];

/** The variable under which a website keeps a webhook's address. */
const variableOf = (name: WebhookName): string => `KESTRA_WEBHOOK_${name.toUpperCase()}`;

/** The five addresses of one deployment, as a website's variables. Each ends in its key, so each is a secret. */
export const webhookVariables = (
  kestra: { url: string; webhookKeys: Record<WebhookName, string> },
  namespace: string,
  dialect: Dialect = '1.x',
): Record<string, string> =>
  Object.fromEntries(
    NAMES.map((name) => [
      variableOf(name),
      `${kestra.url}${ROUTES[dialect].webhook(namespace, WEBHOOK_FLOWS[name], kestra.webhookKeys[name])}`,
    ]),
  );

/** What a website must start with to have this stack behind it. */
export const websiteVariables = (
  { kestra, namespaces, resend }: Pick<StackFile, 'kestra' | 'namespaces' | 'resend'>,
  mode: Mode,
): Record<string, string> => ({
  ...webhookVariables(kestra, namespaces[mode]),
  RESEND_BASE_URL: resend.url,
  RESEND_API_KEY: resend.keys.website,
});
