import { randomBytes } from 'node:crypto';

/** Less can be tried out: 20 of 64 characters are 120 bits. */
const FREE_CHARACTERS = 20;
const DIFFERENT_CHARACTERS = 10;

const WORDS =
  /christmas|campaign|business|webhook|sign-?up|assessment|no-?show|post-?call|onboarding|recovery|handler|secret|passwo?rd|kestra|prefect|notion|resend|testing|production|changeme|example|placeholder|qwert[yz]|letmein/gi;
/** A year, `123`, `abc`, `aaaa`: what a person types to have more characters. */
const FILLING = /(?:19|20)\d\d|(.)\1{2,}/g;

/** Why somebody could guess the key, or undefined. */
export function guessable(key: string): string | undefined {
  const free = withoutRuns(key.replaceAll(WORDS, '').replaceAll(FILLING, ''));
  if (free.length < FREE_CHARACTERS) return 'words, years and rows such as 1234 make up most of it';
  return new Set(key).size < DIFFERENT_CHARACTERS ? 'it has few different characters' : undefined;
}

/** A key that nobody guesses, and that needs no escape in an address. */
export function newWebhookKey(): string {
  for (;;) {
    const key = randomBytes(24).toString('base64url');
    if (guessable(key) === undefined) return key;
  }
}

/** Leaves out rows of four or more that go up or down by one: 1234, dcba. */
function withoutRuns(text: string): string {
  let free = '';
  for (let at = 0; at < text.length;) {
    const length = Math.max(runAt(text, at, 1), runAt(text, at, -1));
    if (length < 4) free += text[at];
    at += length < 4 ? 1 : length;
  }
  return free;
}

function runAt(text: string, from: number, step: number): number {
  let to = from + 1;
  while (to < text.length && text.charCodeAt(to) === text.charCodeAt(to - 1) + step) to += 1;
  return to - from;
}
