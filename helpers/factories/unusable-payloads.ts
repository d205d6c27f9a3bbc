import type { WebhookName } from '../target.ts';
import { judged } from './hostile-payloads.ts';

const LONG = 100_000;

/** What no webhook can use, made from an honest body: the body, and what its refusal says of which fields. */
export function unusablePayloads(
  webhook: WebhookName,
  honest: { email: string },
): Record<string, { body: unknown; reasons: readonly string[] }> {
  const local = honest.email.split('@')[0];
  const noObject = (body: unknown) => ({ body, reasons: ['body: expected a JSON object'] });
  const noAddress = (email: unknown) => ({
    body: { ...honest, email },
    reasons: ['email: expected an e-mail address'],
  });
  return {
    'JSON that breaks off': noObject(JSON.stringify(honest).slice(0, -1)),
    'an empty body': noObject(undefined),
    'a list': noObject([honest]),
    'a number': noObject('42'),
    null: noObject('null'),
    'no text for an address': noAddress([honest.email]),
    'no domain': noAddress(local),
    'no dot in the domain': noAddress(`${local}@gmail`),
    'two addresses': noAddress(`${honest.email},${honest.email}`),
    'a header behind the address': noAddress(`${honest.email}\r\nBcc: ${honest.email}`),
    'a hundred kilobytes of address': noAddress('x'.repeat(LONG)),
    'every field of a wrong kind': {
      body: { ...honest, ...Object.fromEntries(judged(webhook).map((name) => [name, { deeper: [name] }])) },
      reasons: judged(webhook)
        .toSorted()
        .map((name) => `${name}: expected`),
    },
  };
}
