import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { variablesIn } from '../scripts/compose/compose-file.ts';
import { root } from '../stack/paths.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const namesIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, name]) => name ?? []);

test('.env.example has every variable that the harness, set-up and the compose files read, and no other', () => {
  const setUp = readdirSync(join(root, 'scripts/setup')).map((name) => read(`scripts/setup/${name}`));
  const compose = readdirSync(root).filter((name) => /^docker-compose\..*\.yml$/.test(name));
  const wanted = [
    ...namesIn(read('helpers/env.ts'), /^ +([A-Z][A-Z0-9_]+): (?:z(?:\.|$)|minuteSeconds\()/gm),
    ...namesIn(setUp.join('\n'), /\benv\.([A-Z][A-Z_0-9]+)/g).filter((name) => name !== 'PATH'),
    // What the docker engine sets itself, when it lays its file over this one, begins with ENGINE.
    ...compose.flatMap((name) => variablesIn(read(name))).filter((name) => !name.startsWith('ENGINE_')),
  ];

  const listed = namesIn(read('.env.example'), /^([A-Z][A-Z_0-9]+)=/gm);

  assert.deepEqual(new Set(listed), new Set(wanted));
});
