/** What a secret looks like when nobody knows its value, by what it is. */
const SHAPES: ReadonlyArray<{ kind: string; shape: RegExp; unless?: (found: string) => boolean }> = [
  { kind: 'a token of Notion’s', shape: /\bntn_[A-Za-z0-9]{20,}/g },
  { kind: 'a token of Notion’s, the older kind', shape: /\bsecret_[A-Za-z0-9]{32,}/g },
  {
    kind: 'a key of Resend’s',
    shape: /\bre_[A-Za-z0-9]{8,}_?[A-Za-z0-9]{12,}/g,
    unless: (found) => !/\d/.test(found),
  },
  { kind: 'a secret of Resend’s webhooks', shape: /\bwhsec_[A-Za-z0-9+/]{20,}/g },
  { kind: 'a token of GitHub’s', shape: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40})/g },
  { kind: 'a bearer token', shape: /\bBearer\s+[\w.~+/-]{16,}/gi, unless: (found) => !/\d/.test(found) },
  {
    kind: 'a login by basic authentication',
    shape: /\bBasic\s+[A-Za-z0-9+/]{8,}={0,2}/gi,
    unless: isNoLogin,
  },
  { kind: 'a login in an address', shape: /\bhttps?:\/\/[^\s/:@"'<>\\]+:[^\s/@"'<>\\*]{6,}@/g },
  {
    kind: 'a hook of Discord’s',
    shape: /\bdiscord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]{20,}/gi,
  },
  { kind: 'a hook of Slack’s', shape: /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/-]{20,}/gi },
  { kind: 'a webhook’s key', shape: /\/executions\/webhook\/[\w.-]+\/[\w-]+\/[\w-]{20,}/g },
  { kind: 'a private key', shape: /-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY-----/g },
];

/** `Basic` before a word that is no base64 of `user:password`. */
function isNoLogin(found: string): boolean {
  const login = Buffer.from(found.replace(/^\S+\s+/, ''), 'base64').toString('latin1');
  return !/^[\x20-\x39\x3b-\x7e]+:[\x20-\x7e]+$/.test(login);
}

/** The kinds of secrets that `text` seems to hold. */
export function kindsIn(text: string): string[] {
  return SHAPES.flatMap(({ kind, shape, unless = () => false }) =>
    [...text.matchAll(shape)].some(([found]) => !unless(found)) ? [kind] : [],
  );
}
