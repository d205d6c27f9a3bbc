import { addressOf } from './addresses.ts';
import { badRequest, invalidField, missingField, Refusal } from './refusal.ts';

/** A mail as it was asked for: on the wire, but with every list a list. */
export interface SendRequest {
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  reply_to: string[];
  subject: string;
  html: string | null;
  text: string | null;
  headers: Record<string, string>;
  tags: Array<{ name: string; value: string }>;
  attachments: Array<Record<string, unknown>>;
  scheduledFor: number | null;
  topic_id: string | null;
}

const KNOWN = new Set(
  'from to cc bcc reply_to subject html text template headers tags attachments scheduled_at topic_id'.split(
    ' ',
  ),
);
const ATTACHMENT_KEYS = new Set(['content', 'path', 'filename', 'content_type', 'content_id']);
/** Headers that would add recipients or replace what Resend itself writes. */
const RESERVED_HEADERS = new Set([
  'to',
  'cc',
  'bcc',
  'from',
  'sender',
  'subject',
  'date',
  'message-id',
  'resent-to',
  'resent-cc',
  'resent-bcc',
  'resent-from',
  'apparently-to',
  'content-type',
]);
const FORMAT =
  'The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.';
const MAX_RECIPIENTS = 50;
const MAX_SCHEDULED_AHEAD_MS = 30 * 24 * 3_600_000;

/** Checks one mail as Resend does, and throws its refusal. Null is refused as the published description has it. */
export function readSendRequest(body: unknown, now: number): SendRequest {
  const request = readObject(body);
  refuseUnknown(request, KNOWN);
  for (const field of ['from', 'to', 'subject']) {
    if (isEmpty(request[field])) throw missingField(field);
  }
  refuseTemplate(request);

  const html = readString(request, 'html');
  const text = readString(request, 'text');
  if (!html && !text) throw invalidField('Missing `html` or `text` field.');

  const scheduledAt = readString(request, 'scheduled_at');
  return {
    from: readFrom(request),
    to: readAddresses(request, 'to'),
    cc: readAddresses(request, 'cc'),
    bcc: readAddresses(request, 'bcc'),
    reply_to: readAddresses(request, 'reply_to'),
    subject: readSubject(request),
    html,
    text,
    headers: readHeaders(request['headers']),
    tags: readTags(request['tags']),
    attachments: readAttachments(request['attachments']),
    scheduledFor: scheduledAt === null ? null : readScheduledAt(scheduledAt, now),
    topic_id: request['topic_id'] === null ? null : readString(request, 'topic_id'),
  };
}

/** 1 to 100 mails; all are checked before one is accepted. A batch takes no attachments. */
export function readBatch(body: unknown, now: number): SendRequest[] {
  if (!Array.isArray(body)) throw invalidField('The batch must be an array of emails.');
  if (body.length < 1 || body.length > 100)
    throw invalidField('The batch must hold between 1 and 100 emails.');
  return body.map((mail: unknown) => {
    const request = readSendRequest(mail, now);
    if (request.attachments.length > 0) {
      throw new Refusal(422, 'invalid_attachment', 'Attachments are not supported in a batch.');
    }
    return request;
  });
}

/** `{ scheduled_at }`, the only change a scheduled mail takes. */
export function readReschedule(body: unknown, now: number): number {
  const request = readObject(body);
  refuseUnknown(request, new Set(['scheduled_at']));
  const scheduledAt = readString(request, 'scheduled_at');
  if (scheduledAt === null) throw missingField('scheduled_at');
  return readScheduledAt(scheduledAt, now);
}

const UNIT_MS: Record<string, number> = { sec: 1000, min: 60_000, hour: 3_600_000, day: 86_400_000 };

function readScheduledAt(value: string, now: number): number {
  const [, count, unit] = /^in (\d+) (sec|min|hour|day)(?:ond|ute)?s?$/i.exec(value.trim()) ?? [];
  const iso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(value);
  const at = unit
    ? now + Number(count) * (UNIT_MS[unit.toLowerCase()] ?? NaN)
    : iso
      ? Date.parse(value)
      : NaN;
  if (Number.isNaN(at))
    throw invalidField(
      'Invalid `scheduled_at` field. It must be an ISO 8601 date or words such as `in 1 min`.',
    );
  if (at <= now) throw invalidField('Invalid `scheduled_at` field. It must be in the future.');
  if (at > now + MAX_SCHEDULED_AHEAD_MS)
    throw invalidField('Invalid `scheduled_at` field. It can be up to 30 days ahead.');
  return at;
}

function readFrom(request: Record<string, unknown>): string {
  const from = readString(request, 'from') ?? '';
  if (addressOf(from) === null)
    throw new Refusal(422, 'invalid_from_address', `Invalid \`from\` field. ${FORMAT}`);
  return from;
}

function readAddresses(request: Record<string, unknown>, field: string): string[] {
  const value = request[field];
  if (value === undefined) return [];
  const addresses: unknown[] = Array.isArray(value) ? value : [value];
  if (!addresses.every((address) => typeof address === 'string')) {
    throw invalidField(`The \`${field}\` field must be a \`string\` or an array of \`string\`.`);
  }
  if (field === 'to' && addresses.length > MAX_RECIPIENTS) {
    throw invalidField(`The \`to\` field must have at most ${MAX_RECIPIENTS} recipients.`);
  }
  if (addresses.some((address) => addressOf(address) === null))
    throw invalidField(`Invalid \`${field}\` field. ${FORMAT}`);
  return addresses;
}

function readSubject(request: Record<string, unknown>): string {
  const subject = readString(request, 'subject') ?? '';
  for (const [character, name] of [
    ['\n', '\\n'],
    ['\r', '\\r'],
  ] as const) {
    if (subject.includes(character))
      throw invalidField(`The \`${name}\` is not allowed in the \`subject\` field.`);
  }
  return subject;
}

function readHeaders(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isObject(value)) throw invalidField('The `headers` field must be an `object`.');
  const headers: Record<string, string> = {};
  for (const [name, content] of Object.entries(value)) {
    if (typeof content !== 'string')
      throw invalidField(`The \`headers.${name}\` field must be a \`string\`.`);
    if (!/^[!-9;-~]+$/.test(name) || /[\r\n]/.test(content) || RESERVED_HEADERS.has(name.toLowerCase())) {
      throw invalidField(`The \`${name}\` header is not allowed in the \`headers\` field.`);
    }
    headers[name] = content;
  }
  return headers;
}

function readTags(value: unknown): SendRequest['tags'] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalidField('The `tags` field must be an `array`.');
  return value.map((tag: unknown) => {
    const entry = readObject(tag);
    refuseUnknown(entry, new Set(['name', 'value']));
    return { name: readTagPart(entry['name']), value: readTagPart(entry['value']) };
  });
}

function readTagPart(part: unknown): string {
  if (typeof part !== 'string' || !/^[A-Za-z0-9_-]*$/.test(part)) {
    throw invalidField('Tags should only contain ASCII letters, numbers, underscores, or dashes.');
  }
  if (part.length < 1 || part.length > 256)
    throw invalidField('Tags should have between 1 and 256 characters.');
  return part;
}

function readAttachments(value: unknown): SendRequest['attachments'] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalidField('The `attachments` field must be an `array`.');
  return value.map((attachment: unknown) => {
    const entry = readObject(attachment);
    refuseUnknown(entry, ATTACHMENT_KEYS);
    if (isEmpty(entry['content']) && isEmpty(entry['path'])) {
      throw new Refusal(422, 'invalid_attachment', 'Attachment must have either a `content` or `path`.');
    }
    return entry;
  });
}

/** The stand-in's account has no templates, so naming one is what Resend calls an unknown template. */
function refuseTemplate(request: Record<string, unknown>): void {
  if (isEmpty(request['template'])) return;
  if (!isEmpty(request['html']) || !isEmpty(request['text'])) {
    throw invalidField('The `template` field cannot be used with `html` or `text`.');
  }
  throw new Refusal(404, 'not_found', 'Template not found');
}

function readString(request: Record<string, unknown>, field: string): string | null {
  const value = request[field];
  if (value === undefined) return null;
  if (typeof value !== 'string') throw invalidField(`The \`${field}\` field must be a \`string\`.`);
  return value;
}

function refuseUnknown(request: Record<string, unknown>, known: ReadonlySet<string>): void {
  const unknown = Object.keys(request).filter((key) => !known.has(key));
  if (unknown.length > 0)
    throw badRequest(`Unknown field: ${unknown.map((key) => `\`${key}\``).join(', ')}.`);
}

function readObject(value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw badRequest('An object was expected.');
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
