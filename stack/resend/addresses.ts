const PLAIN = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\]+$/;
const NAMED = /^[^<>\r\n]*<([^<>]+)>$/;
const ANYWHERE = /[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/gi;

/** The address in `a@b.c` or `Name <a@b.c>`, in lower case; null when it is neither. */
export function addressOf(mailbox: string): string | null {
  const address = NAMED.exec(mailbox)?.[1] ?? mailbox;
  return PLAIN.test(address) ? address.toLowerCase() : null;
}

/** Whether mail to this address lands in the test mailbox: the mailbox itself, or one of its plus-addresses. */
export function isTestAddress(address: string, testMailbox: string): boolean {
  const [local, domain] = splitAt(address.toLowerCase());
  const [ownLocal, ownDomain] = splitAt(testMailbox.toLowerCase());
  return domain === ownDomain && (local === ownLocal || local.startsWith(`${ownLocal}+`));
}

/** Every address that a text names, in lower case: whole ones only, so `x@b.c` is not found in `ax@b.c`. */
export const addressesIn = (text: string): Set<string> =>
  new Set((text.match(ANYWHERE) ?? []).map((address) => address.toLowerCase()));

function splitAt(address: string): [local: string, domain: string] {
  const at = address.lastIndexOf('@');
  return [address.slice(0, at), address.slice(at + 1)];
}
