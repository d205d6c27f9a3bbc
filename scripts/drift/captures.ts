import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from '../../stack/paths.ts';
import type { Json } from './sanitise.ts';
import type { ServiceName } from './service.ts';

const Capture = z.strictObject({
  /** Who answered: `real`, `stand-in`, or `embedded 1.3.31`: the real engine behind our own front. */
  origin: z.string().regex(/^(?:real|stand-in|embedded \d+\.\d+\.\d+\S*)$/),
  /** Of the API or of Kestra. */
  version: z.string(),
  /** The day. */
  taken: z.iso.date(),
  /** The contract that the answer is held to. */
  route: z.string(),
  status: z.number(),
  /** Sanitised; left out when it was no JSON. */
  answer: z.custom<Json>().optional(),
});
export type Capture = z.infer<typeof Capture>;

/** Where the captures are committed. */
export const CAPTURES = join(root, 'specs/captures');

/** Real answers are kept apart: our side goes on being compared with them, and not replaced by them. */
type Side = 'ours' | 'real';
const folderOf = (captures: string, side: Side, service: ServiceName) => join(captures, side, service);

export function writeCapture(captures: string, service: ServiceName, name: string, capture: Capture): void {
  const folder = folderOf(captures, capture.origin === 'real' ? 'real' : 'ours', service);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(Capture.parse(capture), null, 2)}\n`);
}

/** The committed captures of a service, by name; none where none was stored. Throws on a file that is no capture. */
export function readCaptures(service: ServiceName, side: Side = 'ours'): Map<string, Capture> {
  const folder = folderOf(CAPTURES, side, service);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return new Map(
    names.map((name) => {
      const file = join(folder, name);
      const parsed = Capture.safeParse(JSON.parse(readFileSync(file, 'utf8')));
      if (!parsed.success) throw new Error(`${file} is no capture:\n${z.prettifyError(parsed.error)}`);
      const { origin } = parsed.data;
      if ((origin === 'real') !== (side === 'real'))
        throw new Error(`${file} says ${origin}: it is in the wrong folder.`);
      return [name.replace(/\.json$/, ''), parsed.data];
    }),
  );
}
