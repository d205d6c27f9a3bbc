import { Ajv } from 'ajv';
import specification from './compose-spec.json' with { type: 'json' };
import type { Mapping } from './compose-file.ts';

const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(specification);

/** What the published schema of the Compose Specification has against a project: `<where>: <what>`. */
export function schemaFaults(project: Mapping): string[] {
  if (validate(project)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
  );
}
