import { stripVTControlCharacters } from 'node:util';

/** Whom a failed test accuses. An outage accuses nobody: the run was of no use. */
export type Defect = 'product' | 'drift' | 'harness' | 'outage';

/** As reports and messages call them. */
export const DEFECT_NAMES: Readonly<Record<Defect, string>> = {
  product: 'Product defect',
  drift: 'Drift: a real service answers otherwise than its stand-in',
  harness: 'Harness defect',
  outage: 'Outage',
};

export interface Failing {
  messages: readonly string[];
  /** With the `@`. */
  tags: readonly string[];
}

/** `Error: ` and the like, as Playwright writes it before a message. */
const ERROR_NAME = /^(?:[A-Z]\w*: )*?/.source;

/** What the clients say of a service that is not there, refuses for now, or is broken. Kestra's own 500 is no outage. */
const OUTAGES: ReadonlyArray<{ service?: string; says: RegExp }> = [
  { service: 'Kestra', says: /Kestra: \S+ \S+ (?:got no answer|answered (?:429|502|503|504))\b/ },
  { service: 'Notion', says: /Notion(?:: \S+ \S+ got no answer| answered (?:429|529|5\d\d)\b)/ },
  { service: 'Notion', says: /Request to Notion API (?:has timed out|failed with status: (?:429|5\d\d))/ },
  { service: 'Resend', says: /(?:Mailbox|Resend): \S+ \S+ (?:got no answer|answered (?:429|5\d\d))\b/ },
  { service: 'Resend', says: /Resend answered (?:429|5\d\d) to / },
  { says: /Outage of /, service: 'a real service' }, // as npm run drift writes it
  { service: 'the website', says: /page\.goto: net::ERR_(?:CONNECTION|NAME_NOT_RESOLVED|TIMED_OUT|ADDRESS)/ },
  { says: /(?:connect )?(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN)\b|fetch failed|other side closed/ },
].map(({ says, ...rest }) => ({ ...rest, says: new RegExp(ERROR_NAME + says.source) }));

/** Errors of our own code: what JavaScript throws at a mistake, an answer nobody foresaw, a refusal of the harness. */
const HARNESS = new RegExp(
  `${ERROR_NAME}(?:${[
    String.raw`(?:Type|Reference|Range|Syntax|Zod)Error\b`,
    String.raw`\[\s*\{\s*"(?:code|expected|origin|format|path|message)":`, // a ZodError, whose message is JSON
    'A test says what it is for',
    'No such gate',
    'Environment not usable',
    'No local stack runs',
    'Test timeout of', // every wait has a budget of its own, and says what it waited for
    '"(?:before|after)(?:All|Each)" hook timeout',
    'Fixture "',
    'Worker (?:teardown|process)',
    String.raw`to\w+ has no negation`,
  ].join('|')})`,
);
/** The runner's own limit, which says nothing of what went wrong when another error does. */
const TIMED_OUT = /^Test timeout of/;

/** The service whose outage an error tells of; undefined when it tells of none. */
export function outageIn(message: string): string | undefined {
  const found = OUTAGES.find(({ says }) => says.test(plain(message)));
  return found && (found.service ?? 'a service');
}

/**
 * What a failed test tells of, by its first error: those that follow are often the first one's doing, but for a limit of
 * the runner. An error that is neither an outage nor our own code's is the product's: an expectation that does not hold.
 */
export function defectOf({ messages, tags }: Failing): Defect {
  const said = messages.map(plain);
  const first = said.find((message) => !TIMED_OUT.test(message)) ?? said[0] ?? '';
  if (outageIn(first) !== undefined) return 'outage';
  if (HARNESS.test(first)) return 'harness';
  return first.startsWith('Drift of ') || tags.includes('@drift') ? 'drift' : 'product';
}

const plain = (message: string): string => stripVTControlCharacters(message).trimStart();
