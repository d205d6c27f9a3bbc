import { randomUUID } from 'node:crypto';
import { contractFaults } from '../../stack/resend/published-contract.ts';
import { REFUSAL_NAMES } from '../../stack/resend/refusal.ts';
import type { ResendAccess } from '../ops/resend-reader.ts';
import type { Json } from './sanitise.ts';
import { asking, fieldsOf, keep, listOf, type Probe, type Service, textOf } from './service.ts';
import type { Source } from './source.ts';

const asked = (path: string) => ({ method: 'GET' as const, path });

const probes: Probe[] = [
  {
    name: 'mails',
    route: 'list',
    ask: () => asked('/emails?limit=100'),
    learn: (body, known) => {
      const { data } = fieldsOf(body);
      keep(known, 'mail', fieldsOf(listOf(data)[0])['id']);
      keep(known, 'last mail', fieldsOf(listOf(data).at(-1))['id']);
    },
  },
  {
    name: 'mails-after-another',
    route: 'list',
    ask: asking(['mail'], (id) => asked(`/emails?limit=2&after=${id}`)),
  },
  { name: 'mail', route: 'get', ask: asking(['mail'], (id) => asked(`/emails/${id}`)) },
  { name: 'another-mail', route: 'get', ask: asking(['last mail'], (id) => asked(`/emails/${id}`)) },
  { name: 'unknown-mail', route: 'get', ask: () => asked(`/emails/${randomUUID()}`), refused: true },
  { name: 'no-id', route: 'get', ask: () => asked('/emails/no-id'), refused: true },
  {
    name: 'refused-key',
    route: 'list',
    ask: () => ({ ...asked('/emails?limit=1'), asNobody: true }),
    refused: true,
  },
];

const NAMES: readonly string[] = REFUSAL_NAMES;

/** Resend's error is no part of its published description (contracts.md 2.5 has it from its documentation). */
function refusalFaults(status: number, answer: Json): string[] {
  const { statusCode, name, message, ...more } = fieldsOf(answer);
  return [
    ...(statusCode === status ? [] : ['answer.statusCode is not the status of the answer']),
    ...(typeof name === 'string' && NAMES.includes(name)
      ? []
      : ['answer.name is no name of an error that we know']),
    ...(textOf(message) ? [] : ['answer.message is missing']),
    ...Object.keys(more).map((key) => `answer.${key} is not described`),
  ];
}

export const RESEND: Service = {
  name: 'resend',
  probes,
  contract: (route, status, answer) =>
    status === 200
      ? contractFaults(route === 'list' ? 'list' : 'get', 'answer', answer)
      : refusalFaults(status, answer),
  positions: { maps: new Set(), opaque: new Set() },
  tagged: false,
  optional: new Set(),
  mayHaveMore: false,
  misconfigured: (status) =>
    status === 401 || status === 403 ? 'lets the key not read: RESEND_API_KEY needs full access' : undefined,
};

/** Resend, or its stand-in. */
export const resendSource = ({ url, key }: ResendAccess): Source => ({
  url,
  headers: (asNobody) => ({ authorization: `Bearer ${asNobody ? 'nobody' : key}` }),
});
