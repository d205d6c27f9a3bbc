const PLAIN = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\]+$/;
/** A name that holds an @ or a comma would be an address, or the end of one, to whoever reads the header less strictly. */
const NAMED = /^(?:"[^"\r\n]*"|[^<>"@,;\r\n]*) ?<([^<>]+)>$/;
/** Longer than any address with a name; matching is not worth a second of it. */
const LONGEST = 1_000;
const LOCAL = /[a-z0-9._+-]/i;
const DOMAIN = /@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/gi;

/** The address in `a@b.c` or `Name <a@b.c>`, in lower case; null when it is neither. */
export function addressOf(mailbox: string): string | null {
  if (mailbox.length > LONGEST) return null;
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
export function addressesIn(text: string): Set<string> {
  const found = new Set<string>();
  // From each @ backwards: an expression for the whole would take minutes for a megabyte without one.
  for (const { 0: domain, index } of text.matchAll(DOMAIN)) {
    let start = index;
    while (start > 0 && LOCAL.test(text.charAt(start - 1))) start -= 1;
    if (start < index) found.add((text.slice(start, index) + domain).toLowerCase());
  }
  return found;
}

function splitAt(address: string): [local: string, domain: string] {
  const at = address.lastIndexOf('@');
  return [address.slice(0, at), address.slice(at + 1)];
}
