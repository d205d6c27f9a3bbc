import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ApiKey } from './resend/state.ts';

const five = z.object({
  signup: z.string(),
  assessment: z.string(),
  noshow: z.string(),
  postcall: z.string(),
  onboarding: z.string(),
});

/** What a local stack is guarded by. Made for it, and of no use elsewhere. */
export const StackSecrets = z.object({
  user: z.string(),
  password: z.string(),
  notion: z.object({ flows: z.string(), harness: z.string() }),
  resend: z.object({ website: z.string(), kestra: z.string(), harness: z.string() }),
  alerts: z.object({ discord: z.string(), slack: z.string() }),
  webhookKeys: five,
});
export type StackSecrets = z.infer<typeof StackSecrets>;

/** A text that nobody can guess, of letters, digits, `-` and `_`. */
export const randomSecret = (prefix = ''): string => `${prefix}${randomBytes(18).toString('base64url')}`;

/** New secrets for one stack. */
export function newSecrets(): StackSecrets {
  return {
    user: 'harness@funnel.test',
    // Kestra wants an upper-case letter and a digit in it.
    password: randomSecret('K1-'),
    notion: { flows: randomSecret('ntn_'), harness: randomSecret('ntn_') },
    resend: { website: randomSecret('re_'), kestra: randomSecret('re_'), harness: randomSecret('re_') },
    alerts: { discord: randomSecret(), slack: randomSecret() },
    webhookKeys: {
      signup: randomSecret(),
      assessment: randomSecret(),
      noshow: randomSecret(),
      postcall: randomSecret(),
      onboarding: randomSecret(),
    },
  };
}

/** The keys that the Resend stand-in knows, by whose they are. */
export function keysOf({ resend }: StackSecrets): ApiKey[] {
  return [
    { key: resend.website, name: 'website', permission: 'sending_access' },
    { key: resend.kestra, name: 'kestra', permission: 'sending_access' },
    { key: resend.harness, name: 'harness', permission: 'full_access' },
  ];
}
