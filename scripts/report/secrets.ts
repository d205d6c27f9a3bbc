import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formsOf } from '../../helpers/redact.ts';

/** Long enough to hold a secret; short words are no base64. */
const BASE64 = /[A-Za-z0-9+/]{24,}={0,2}/g;

/** Files below `folder` that hold a secret, as it is or packed in base64 as single-file reports and JSON results do. */
export function filesWithSecrets(folder: string, secrets: readonly string[], skip: RegExp = /^$/): string[] {
  const forms = secrets.flatMap(formsOf);
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !skip.test(file) && holdsAny(readFileSync(file, 'latin1'), forms));
}

function holdsAny(text: string, forms: readonly string[]): boolean {
  if (forms.some((form) => text.includes(form))) return true;
  const packed = text.match(BASE64) ?? [];
  return packed.some((piece) => {
    const unpacked = Buffer.from(piece, 'base64').toString('latin1');
    return forms.some((form) => unpacked.includes(form));
  });
}
