import type { KestraClient } from '../../helpers/clients/kestra-client.ts';

/** Longer than a busy machine takes for what a test does while a call is held. */
const PATIENCE = { NOTION_TIMEOUT: 'PT80S', RESEND_TIMEOUT: 'PT80S' };

/** The flows wait for an answer as long as a test holds it. */
export async function patient(kestra: KestraClient): Promise<void> {
  for (const [key, value] of Object.entries(PATIENCE)) await kestra.kv().set(key, value);
}

/** They wait no longer than they do elsewhere. */
export async function usual(kestra: KestraClient): Promise<void> {
  for (const key of Object.keys(PATIENCE)) await kestra.kv().delete(key);
}
