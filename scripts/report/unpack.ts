import { gunzipSync, inflateRawSync, inflateSync, constants } from 'node:zlib';

/** Something that was packed in something else, as latin1 text so that every byte is one character. */
export interface Piece {
  /** How it was packed, for whoever has to find it. */
  how: string;
  text: string;
}

/** What cannot be looked into, and so must not be published unseen. */
export class CannotLookInto extends Error {}

/** A kilobyte unpacks into a gigabyte at worst: where to stop. */
const LARGEST = 512 * 1024 * 1024;
/** A secret is longer than this. */
const SHORTEST = 8;

// In lines as mails and PEM have them too, with a real line end or an escaped one.
const BASE64 = /[A-Za-z0-9+/]{16,}(?:(?:\r?\n|\\r\\n|\\n)[A-Za-z0-9+/]{4,})*={0,2}/g;
const BASE64URL = /[A-Za-z0-9_-]{16,}/g;
// Anywhere in a file, since reports and traces put one file inside another.
// oxlint-disable-next-line no-control-regex -- the first bytes of gzip, zip and zlib
const PACKED = /\x1f\x8b\x08|PK\x03\x04|x[\x01\x5e\x9c\xda]/g;

/** Everything that is packed in `text`, one layer deep. Throws CannotLookInto. */
export function* unpack(text: string): Generator<Piece> {
  const plain = unescaped(text);
  if (plain !== text) yield { how: 'escaped', text: plain };
  for (const [run] of text.matchAll(BASE64)) {
    // Not `trim`: Node reads past line ends, and an escaped one has to go.
    const decoded = Buffer.from(run.replaceAll(/\\[rn]/g, ''), 'base64').toString('latin1');
    if (decoded.length >= SHORTEST) yield { how: 'base64', text: decoded };
  }
  for (const [run] of text.matchAll(BASE64URL)) {
    if (/[_-]/.test(run)) yield { how: 'base64', text: Buffer.from(run, 'base64url').toString('latin1') };
  }
  for (const { index, 0: magic } of text.matchAll(PACKED)) {
    const unpacked = magic.startsWith('PK') ? zipEntry(text, index) : inflated(text, index, magic);
    if (unpacked && unpacked.text.length >= SHORTEST) yield unpacked;
  }
}

/** Backslashes, percent signs and entities taken for what they stand for. */
function unescaped(text: string): string {
  return text
    .replaceAll(/\\(?:u00([0-9a-fA-F]{2})|(["\\/]))/g, (_, code?: string, char?: string) =>
      code === undefined ? (char ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replaceAll(/%([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/&(?:#(\d{2,3})|#x([0-9a-fA-F]{2})|(amp|lt|gt|quot|apos));/g, entity);
}

const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function entity(_: string, decimal?: string, hex?: string, name?: keyof typeof NAMED): string {
  if (name) return NAMED[name];
  return String.fromCharCode(decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16));
}

/** A file in a zip archive, found by its own header: the list at the archive's end may lie or be cut off. */
function zipEntry(text: string, at: number): Piece | undefined {
  const header = Buffer.from(text.slice(at, at + 30), 'latin1');
  if (header.length < 30) return undefined;
  const method = header.readUInt16LE(8);
  if ((header.readUInt16LE(6) & 1) === 1) throw new CannotLookInto('an encrypted archive');
  if (method === 0) return undefined; // stored as it is, so it was read already
  if (method !== 8) throw new CannotLookInto(`an archive packed by method ${method}`);
  const start = at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  return attempt('zip', () => inflateRawSync(Buffer.from(text.slice(start), 'latin1'), LENIENT));
}

function inflated(text: string, at: number, magic: string): Piece | undefined {
  const packed = () => Buffer.from(text.slice(at), 'latin1');
  return magic.startsWith('x')
    ? attempt('zlib', () => inflateSync(packed(), LENIENT))
    : attempt('gzip', () => gunzipSync(packed(), LENIENT));
}

/** What was cut off is still read as far as it goes. */
const LENIENT = { maxOutputLength: LARGEST, finishFlush: constants.Z_SYNC_FLUSH };

/** Undefined when the bytes only began like something packed. */
function attempt(how: string, read: () => Buffer): Piece | undefined {
  try {
    return { how, text: read().toString('latin1') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new CannotLookInto('an archive too large to unpack');
    }
    return undefined;
  }
}
