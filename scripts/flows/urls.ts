import type { Dialect } from '../../helpers/clients/kestra-dialect.ts';
import type { WebhookName } from '../../helpers/target.ts';
import { webhookVariables } from '../../helpers/website-variables.ts';

const MASK = '****';

/** A deployment's five addresses as a website's `.env` has them. */
export function urlLines(
  { url, webhookKeys, dialect }: { url: string; webhookKeys: Record<WebhookName, string>; dialect: Dialect },
  namespace: string,
  reveal: boolean,
): string[] {
  const masked = { signup: MASK, assessment: MASK, noshow: MASK, postcall: MASK, onboarding: MASK };
  const variables = webhookVariables({ url, webhookKeys: reveal ? webhookKeys : masked }, namespace, dialect);
  return Object.entries(variables).map(([name, address]) => `${name}=${address}`);
}
