import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

const fileOf = (folder: string, service: ServiceName, name: string) => join(folder, service, `${name}.json`);

export function writeCapture(folder: string, service: ServiceName, name: string, capture: Capture): void {
  const file = fileOf(folder, service, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(Capture.parse(capture), null, 2)}\n`);
}

/** The committed captures of a service, by name. Throws on a file that is no capture. */
export function readCaptures(service: ServiceName, folder = CAPTURES): Map<string, Capture> {
  const names = readdirSync(join(folder, service)).filter((name) => name.endsWith('.json'));
  return new Map(
    names.map((name) => {
      const parsed = Capture.safeParse(JSON.parse(readFileSync(join(folder, service, name), 'utf8')));
      if (!parsed.success)
        throw new Error(`${service}/${name} is no capture:\n${z.prettifyError(parsed.error)}`);
      return [name.replace(/\.json$/, ''), parsed.data];
    }),
  );
}
