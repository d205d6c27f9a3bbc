/** Anything a mail server would take for an address: local part, @, a dotted domain. */
const LOCAL = /[^\s"'`<>()[\]{}\\,;:=&?@]+$/u;
const LONGEST_LOCAL = 64;
const DOMAIN = /@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/** Deliverable addresses in `text`, as written and behind JSON's and a form's escapes, outside the test mailbox. */
export function strangers(text: string, testMailbox: string): string[] {
  const found = readings(text).flatMap(addressesIn);
  return [...new Set(found)].filter((address) => !belongsTo(address, testMailbox));
}

/** From each @ backwards: what a megabyte without one may hold is not worth a second. */
function addressesIn(text: string): string[] {
  return [...text.matchAll(DOMAIN)].flatMap(({ 0: domain, index }) => {
    const [local] = LOCAL.exec(text.slice(Math.max(0, index - LONGEST_LOCAL), index)) ?? [];
    return local === undefined ? [] : [local + domain];
  });
}

/** Whether `address` is the test mailbox or one of its tagged forms. */
function belongsTo(address: string, testMailbox: string): boolean {
  const [user, domain] = testMailbox.toLowerCase().split('@');
  const [local = '', host] = address.toLowerCase().split('@');
  return host === domain && (local === user || local.startsWith(`${user}+`));
}

function readings(text: string): string[] {
  return [
    text,
    ...stringsOf(tried(() => JSON.parse(text) as unknown)),
    tried(() => decodeURIComponent(text)) ?? '',
  ];
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsOf(inner)]);
}

function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
