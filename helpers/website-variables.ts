import type { StackFile } from '../stack/stack-file.ts';
import { ROUTES } from './clients/kestra-routes.ts';
import { WEBHOOK_FLOWS } from './clients/webhook-client.ts';
import type { WebhookName } from './target.ts';
import type { Mode } from './timetable.ts';

const NAMES = Object.keys(WEBHOOK_FLOWS) as WebhookName[];

/** The five addresses of one deployment, by the webhook's short name. Each ends in its key, so each is a secret. */
export const webhookUrls = (
  kestra: { url: string; webhookKeys: Partial<Record<WebhookName, string>> },
  namespace: string,
): Record<WebhookName, string> =>
  Object.fromEntries(
    NAMES.map((name) => [
      name,
      `${kestra.url}${ROUTES.webhook(namespace, WEBHOOK_FLOWS[name], kestra.webhookKeys[name] ?? '')}`,
    ]),
  ) as Record<WebhookName, string>;

/** The variable under which a website keeps a webhook's address. */
export const variableOf = (name: WebhookName): string => `KESTRA_WEBHOOK_${name.toUpperCase()}`;

/** What a website must start with to have this stack behind it. */
export const websiteVariables = (
  { kestra, namespaces, resend }: Pick<StackFile, 'kestra' | 'namespaces' | 'resend'>,
  mode: Mode,
): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(webhookUrls(kestra, namespaces[mode])).map(([name, url]) => [
      variableOf(name as WebhookName),
      url,
    ]),
  ),
  RESEND_BASE_URL: resend.url,
  RESEND_API_KEY: resend.keys.website,
});
