import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Definition, createGenerator } from 'ts-json-schema-generator';
import { ROOTS } from '../stack/notion/contract.ts';

// Writes stack/notion/schemas.json: what Notion's own client says of the requests and answers the stand-in knows.
// Run it after every update of @notionhq/client; a unit test fails until the recorded version is the installed one.

const entry = createRequire(import.meta.url).resolve('@notionhq/client');
const source = dirname(entry);
const { version } = createRequire(import.meta.url)(join(source, '../../package.json')) as { version: string };

const generator = createGenerator({
  path: join(source, 'api-endpoints/*.d.ts'),
  // The request bodies are not exported by the client, so everything is read and only what ROOTS reach is kept.
  type: '*',
  expose: 'all',
  skipTypeCheck: true,
  additionalProperties: false,
  jsDoc: 'none',
});

const definitions = new Map<string, Definition | boolean>();
for (const root of ROOTS) {
  for (const [name, definition] of Object.entries(generator.createSchema(root).definitions ?? {})) {
    const known = definitions.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(definition)) {
      throw new Error(`Two different types of Notion's client are called ${name}.`);
    }
    definitions.set(name, definition as Definition | boolean);
  }
}

let text = [...definitions]
  .toSorted(([one], [other]) => (one < other ? -1 : 1))
  .map(([name, definition]) => `${JSON.stringify(name)}:${JSON.stringify(definition)}`)
  .join(',\n');
// Types without a name are called after their place in the file, hundreds of characters long.
[...definitions.keys()]
  .filter((name) => !/^\w+$/.test(name))
  .toSorted((one, other) => other.length - one.length)
  .forEach((name, index) => {
    text = text
      .replaceAll(`"#/definitions/${encodeURIComponent(name)}"`, `"#/definitions/Unnamed${index}"`)
      .replaceAll(JSON.stringify(name), `"Unnamed${index}"`);
  });

const target = fileURLToPath(new URL('../stack/notion/schemas.json', import.meta.url));
writeFileSync(target, `{"client":"${version}","definitions":{\n${text}\n}}\n`);
console.log(`${definitions.size} definitions of @notionhq/client ${version}, ${text.length} characters`);
