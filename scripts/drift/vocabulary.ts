import { APIErrorCode } from '@notionhq/client';
import { STATES } from '../../helpers/clients/execution.ts';
import { readSchemas } from '../../stack/notion/contract.ts';
import { DATABASES } from '../../stack/notion/schema.ts';
import published from '../../stack/resend/openapi.json' with { type: 'json' };
import { REFUSAL_NAMES } from '../../stack/resend/refusal.ts';
import { NOTION_VERSION } from '../flows/notion-sources.ts';

/** Every value of the keywords `enum` and `const`, and every name of a property, anywhere in a JSON Schema. */
function* wordsOf(schema: unknown): Generator<string> {
  if (Array.isArray(schema)) {
    for (const part of schema) yield* wordsOf(part);
  } else if (typeof schema === 'object' && schema !== null) {
    const { enum: values, const: value, properties } = schema as Record<string, unknown>;
    for (const word of [values, value].flat()) if (typeof word === 'string') yield word;
    if (properties) yield* Object.keys(properties);
    yield* wordsOf(Object.values(schema));
  }
}

const OF_KESTRA = [
  ...STATES,
  ...'TRACE DEBUG INFO WARN ERROR'.split(' '), // of logs
  ...'STRING NUMBER BOOLEAN DATETIME DATE DURATION JSON'.split(' '), // of the key-value store
  ...'File Directory'.split(' '),
];

/** The words that answers of the services are made of: published, the same for everybody, nobody's data. */
export const VOCABULARY: ReadonlySet<string> = new Set([
  ...wordsOf(readSchemas().definitions),
  ...wordsOf(published.components.schemas),
  ...Object.values(APIErrorCode),
  ...REFUSAL_NAMES,
  'error', // of Notion's errors, of which its client has no schema
  ...OF_KESTRA,
  NOTION_VERSION,
  // The campaign's own property names are in this repository.
  ...Object.values(DATABASES).flatMap(({ properties }) => Object.keys(properties)),
]);
