import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parse } from 'dotenv';
import { PAGES } from '../../helpers/site.ts';
import { root } from '../../stack/paths.ts';
import { type Assessment, assessmentPayload, VARIABLES } from '../../stack/website/kestra-funnel.ts';
import { codeIn, section, tableIn } from './markdown.ts';
import { block, blocksIn, EXECUTED, NOT_EXECUTABLE, page, writeProject } from './website-integration.ts';

/** What each of the spec's tests starts from. */
const IN_EACH_RUN: readonly string[] = ['.env.local', 'lib/funnel.ts'];

test('each block of code is run by the spec, or is named with the reason why not', () => {
  const spec = readFileSync(join(root, 'specs/webhooks/website-integration.spec.ts'), 'utf8');

  assert.deepEqual(
    blocksIn(page)
      .map(({ name }) => name)
      .toSorted(),
    [...EXECUTED, ...Object.keys(NOT_EXECUTABLE)].toSorted(),
  );
  assert.deepEqual(
    EXECUTED.filter((name) => !IN_EACH_RUN.includes(name) && !spec.includes(`'${name}'`)),
    [],
    'not in the spec',
  );
});

test('a block without a name is found too', () => {
  assert.deepEqual(blocksIn('```sh\na\n```\n\n```\nb\n```\n\n```ts lib/c.ts\nc\n```\n'), [
    { name: '', code: 'a\n' },
    { name: '', code: 'b\n' },
    { name: 'lib/c.ts', code: 'c\n' },
  ]);
});

test('the site is told of all variables of the ready file, and of the funnel’s own path', () => {
  const variables = parse(block('.env.local'));

  assert.deepEqual(Object.keys(variables), [...VARIABLES]);
  assert.ok(variables['FUNNEL_URL']?.endsWith(PAGES.landing));
});

test('files and ready file have the types of a strict project', () => {
  const folder = mkdtempSync(join(tmpdir(), 'website-'));
  try {
    writeProject(folder);
    // Two names of the package `next`, which is too large to install for them.
    writeFileSync(
      join(folder, 'next.d.ts'),
      `declare module 'next' {
        export interface NextApiRequest { body: unknown }
        export interface NextApiResponse { status(code: number): this; json(body: unknown): void }
      }`,
    );
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: 'es2017',
      lib: ['dom', 'esnext'],
      module: 'esnext',
      moduleResolution: 'bundler',
      isolatedModules: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      paths: { resend: [join(root, 'node_modules/resend')] },
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));

    const { stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder],
      {
        encoding: 'utf8',
      },
    );

    assert.equal(stdout, '');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the mapping names each field that the ready file takes and posts', () => {
  const rows = tableIn(section(page, 'Field mapping'));
  const names = (cell = ''): string[] =>
    cell
      .split(/, | \(/)
      .flatMap((part) => codeIn(part.replace(/\)$/, '').replace(/^in older builds /, '')) ?? []);
  const results: Assessment = {
    id: '',
    email: '',
    firstName: '',
    businessName: 'x',
    redCount: 0,
    orangeCount: 0,
    yellowCount: 0,
    greenCount: 0,
    overallScore: 0,
    revenueLeak: 0,
    weakestSystem1: '',
    weakestSystem2: '',
    strongestSystem: '',
  };

  assert.deepEqual(
    rows.flatMap((row) => names(row['in the page'])).toSorted(),
    [...Object.keys(results).filter((name) => name !== 'id'), 'totalRevenueLeak'].toSorted(),
  );
  assert.deepEqual(
    rows.flatMap((row) => names(row['in the payload'])).toSorted(),
    Object.keys(assessmentPayload(results, { status: 'failed' })).toSorted(),
  );
});

test('each link leads to a file, and each npm command is one of this repository', () => {
  const links = [...page.matchAll(/\]\(([^)#]+)/g)].map(([, target = '']) => target);
  const commands = [...page.matchAll(/npm run (?:--silent )?(\w+)/g)].map(([, name = '']) => name);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };

  assert.deepEqual(
    links.filter((target) => !existsSync(resolve(root, 'docs', target))),
    [],
  );
  assert.deepEqual(
    commands.filter((name) => !Object.hasOwn(scripts, name)),
    [],
  );
});
