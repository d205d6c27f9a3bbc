import { join } from 'node:path';
import { z } from 'zod';
import { PAYLOADS } from '../../helpers/payload-schemas.ts';
import { root } from '../../stack/paths.ts';

export const schemaFolder = join(root, 'docs/schemas');

/** The files of docs/schemas by name, as the payloads' zod schemas give them. */
export const schemaFiles = (): Map<string, string> =>
  new Map(
    Object.values(PAYLOADS).map((payload) => [
      `${payload.meta()?.title}.schema.json`,
      `${JSON.stringify(z.toJSONSchema(payload, { target: 'draft-2020-12' }), null, 2)}\n`,
    ]),
  );
