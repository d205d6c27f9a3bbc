import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '../../stack/paths.ts';
import { BEGIN, STEPS } from './night-steps.ts';

const Step = z.strictObject({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const Job = z.looseObject({
  'runs-on': z.union([z.string(), z.array(z.string())]),
  'timeout-minutes': z.number().max(120),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  if: z.string().optional(),
  permissions: z.never().optional(),
  env: z.record(z.string(), z.string()).optional(),
  steps: z.array(Step),
});
const Workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({ contents: z.literal('read') }),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() }),
  env: z.never().optional(),
  jobs: z.record(z.string(), Job),
});
type Workflow = z.infer<typeof Workflow>;

const folder = join(root, '.github/workflows');
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const files = readdirSync(folder);
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
/** Throws for a workflow without minimal permissions, a concurrency group, or a time-out for each job. */
const workflow = (file: string): Workflow => Workflow.parse(parse(textOf(file)));
const stepsOf = (file: string) =>
  Object.entries(workflow(file).jobs).flatMap(([job, { steps }]) => steps.map((step) => ({ job, ...step })));

const SECRET = /TOKEN|PASSWORD|USER|API_KEY|WEBHOOK_KEY|WEBHOOK_URL/;

test('there are the night’s and the pull request’s, with permissions, time-outs and a group', () => {
  assert.deepEqual(files.toSorted(), ['nightly.yml', 'pull-request.yml']);
  for (const file of files) assert.ok(Object.keys(workflow(file).jobs).length > 0, file);
  const { on, concurrency } = workflow('nightly.yml');
  assert.deepEqual(Object.keys(on).toSorted(), ['schedule', 'workflow_dispatch']);
  assert.equal(concurrency['cancel-in-progress'], false, 'a night that is cut off leaves leads behind');
});

test('each action is one of GitHub’s own, by its full commit, with the version beside it', () => {
  for (const file of files) {
    for (const line of textOf(file)
      .split('\n')
      .filter((one) => /\buses:/.test(one))) {
      assert.match(line, /uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${file}: ${line}`);
    }
  }
});

test('each command is an npm script that exists, and each step of the night is one', () => {
  for (const file of files) {
    for (const { run } of stepsOf(file).filter((step) => step.run !== undefined)) {
      if (run === '.ci/run') {
        assert.ok(existsSync(join(root, run)));
        continue;
      }
      const [, script = '', argument] = /^npm run ([\w:-]+)(?: -- (\w+))?$/.exec(run ?? '') ?? [];
      assert.ok(scripts[script], `${file}: ${run}`);
      if (script === 'night')
        assert.ok(argument === BEGIN || STEPS.some(({ name }) => name === argument), `${file}: ${run}`);
      else assert.equal(argument, undefined, `${file}: ${run}`);
    }
  }
  const absent = STEPS.filter(({ script }) => !scripts[script]).map(({ script }) => script);
  assert.deepEqual(absent, [], 'npm scripts of the night’s steps');
});

test('the workflow takes every step of the night, in the night’s order within each job', () => {
  const taken = stepsOf('nightly.yml').flatMap(({ job, run }) => {
    const name = /^npm run night -- (\w+)$/.exec(run ?? '')?.[1];
    return name === undefined || name === BEGIN ? [] : [{ job, name }];
  });

  assert.deepEqual(new Set(taken.map(({ name }) => name)), new Set(STEPS.map(({ name }) => name)));
  for (const job of new Set(taken.map((step) => step.job))) {
    const order = taken
      .filter((step) => step.job === job)
      .map((step) => STEPS.findIndex(({ name }) => name === step.name));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
      job,
    );
  }
});

test('secrets come from the store, and only to the steps that need them; a pull request knows none', () => {
  for (const { job, run, uses, env = {} } of stepsOf('nightly.yml')) {
    const known = Object.entries(env);
    if (uses !== undefined || !run?.startsWith('npm run night --') || run.endsWith(BEGIN)) {
      assert.deepEqual(known, [], `${job}: ${run ?? uses} gets no variable`);
    }
    for (const [name, value] of known) {
      if (SECRET.test(name)) assert.equal(value, `\${{ secrets.${name} }}`, `${job}: ${name}`);
      else assert.ok(value === 'homelab' || value === `\${{ vars.${name} }}`, `${job}: ${name}`);
    }
  }
  const outside = Object.values(workflow('nightly.yml').jobs).flatMap(({ env = {} }) => Object.keys(env));
  assert.deepEqual(outside, ['SHARD'], 'variables of a whole job, which every action sees');
  assert.doesNotMatch(textOf('pull-request.yml'), /secrets\.|vars\.|pull_request_target|self-hosted/);
  assert.doesNotMatch(files.map(textOf).join('\n'), /secrets: inherit|toJSON\(secrets/);
});

test('nothing is uploaded before it was searched for secrets, and whatever a job did is told', () => {
  for (const [job, { steps, needs }] of Object.entries(workflow('nightly.yml').jobs)) {
    const upload = steps.findIndex(({ uses }) => uses?.includes('upload-artifact'));
    const scan = steps.findIndex(({ run }) => run === 'npm run night -- scan');
    assert.ok(scan >= 0 && scan < upload, job);
    assert.equal(steps[scan]?.id, 'scan', job);
    assert.equal(steps[upload]?.if, "${{ !cancelled() && steps.scan.outcome == 'success' }}", job);
    if (job === 'report') assert.deepEqual(needs, ['preflight', 'suite', 'drift']);
  }
  assert.equal(workflow('nightly.yml').jobs['report']?.if, '${{ !cancelled() }}');
});

test('no command holds an expression, which would make a value a part of a shell’s text', () => {
  for (const file of files) {
    for (const { run } of stepsOf(file)) assert.doesNotMatch(run ?? '', /\$\{\{/, file);
  }
});
