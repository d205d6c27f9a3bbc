import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as asText } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { inheritedEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { KESTRA } from './kestra.ts';
import { drift, exitCodeOf } from './run.ts';
import { subjects } from './subjects.ts';
import { record, textOf } from './tell.ts';
import { type Answered, type Change, type Homelab, startHomelab } from './rehearsal.ts';
import type { Json } from './sanitise.ts';
import { fieldsOf, listOf } from './service.ts';

const Report = z.looseObject({
  checks: z.array(
    z.looseObject({
      service: z.string(),
      probe: z.string(),
      outcome: z.string(),
      why: z.string().optional(),
      findings: z.array(z.looseObject({ kind: z.string(), path: z.string(), text: z.string() })),
    }),
  ),
});

interface Run {
  code: number | null;
  output: string;
  data: string[];
  checks: z.infer<typeof Report>['checks'];
  /** The captures' texts, and the statuses of the report's results. */
  captures: string[];
  results: Array<{ status: string; message: string }>;
}

type Changes = Parameters<typeof startHomelab>[0];
type Variables = (homelab: Homelab) => Record<string, string>;

async function inRehearsal<T>(
  changes: Changes,
  use: (homelab: Homelab, reports: string) => Promise<T>,
): Promise<T> {
  const homelab = await startHomelab(changes);
  const reports = mkdtempSync(join(tmpdir(), 'drift-'));
  try {
    return await use(homelab, reports);
  } finally {
    await homelab.close();
    rmSync(reports, { recursive: true });
  }
}

/** What the command does, in this process. */
const driftOn = (changes: Changes, variables: Variables = () => ({})): Promise<Run> =>
  inRehearsal(changes, async (homelab, reports) => {
    const checks = await drift({
      subjects: subjects({}, { ...homelab.variables, ...variables(homelab) }),
      captures: join(reports, 'captures'),
      today: '2025-12-01',
    });
    record(reports, 'homelab', checks);
    return { code: exitCodeOf(checks), output: textOf(checks), data: homelab.data, ...written(reports) };
  });

/** `npm run drift` as a person runs it. */
const command = (changes: Changes, variables: Record<string, string> = {}): Promise<Run> =>
  inRehearsal(changes, async (homelab, reports) => {
    const env = inheritedEnv({ ...homelab.variables, FUNNEL_REPORTS: reports, ...variables });
    const child = spawn(process.execPath, ['--import=tsx', join(root, 'scripts/drift/cli.ts')], {
      env,
      cwd: root,
    });
    const ended = once(child, 'close');
    const [output, faults] = await Promise.all([asText(child.stdout), asText(child.stderr)]);
    await ended;
    return { code: child.exitCode, output: output + faults, data: homelab.data, ...written(reports) };
  });

function written(reports: string): Pick<Run, 'checks' | 'captures' | 'results'> {
  const files = readdirSync(reports, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.json'),
  );
  const read = (prefix: string) =>
    files.filter((file) => file.startsWith(prefix)).map((file) => readFileSync(join(reports, file), 'utf8'));
  const [report] = read('drift.json');
  return {
    checks: report === undefined ? [] : Report.parse(JSON.parse(report)).checks,
    captures: read('captures'),
    results: read('allure-results').map((result) => {
      const { status, statusDetails } = JSON.parse(result) as {
        status: string;
        statusDetails?: { message?: string };
      };
      return { status, message: statusDetails?.message ?? '' };
    }),
  };
}

const told = ({ checks }: Run): string[] =>
  checks.flatMap(({ service, probe, findings }) =>
    findings.map(({ kind, path, text }) => `${service} ${probe}: ${kind} ${path} ${text}`),
  );
const count = ({ checks }: Run, outcome: string): number =>
  checks.filter((one) => one.outcome === outcome).length;

/** Changes the answers to one kind of request. */
const at =
  (path: RegExp, change: (answer: Answered) => Partial<Answered>): Change =>
  (answer) =>
    path.test(answer.path) ? change(answer) : undefined;

const each = (list: Json | undefined, change: (item: Record<string, Json>) => Json): Json =>
  listOf(list).map((item) => change(fieldsOf(item)));

describe('npm run drift', () => {
  test('on services that answer as ours do says so, and its captures hold nobody’s data', async () => {
    const run = await command({});

    assert.equal(run.code, 0, run.output);
    assert.equal(count(run, 'same'), run.checks.length, run.output);
    assert.equal(run.captures.length, run.checks.length);
    assert.deepEqual(new Set(run.results.map(({ status }) => status)), new Set(['passed']));
    const published = [...run.captures, run.output].join('\n');
    assert.deepEqual(
      run.data.filter((value) => published.includes(value)),
      [],
    );
    assert.ok(!published.includes('"origin": "real"'), 'an address of this machine is nothing real');
  });

  test('names a field that was renamed, in Resend’s list and in Kestra’s executions', async () => {
    const run = await driftOn({
      resend: at(/^\/emails\?/, ({ status, body }) =>
        status === 200
          ? {
              body: {
                ...fieldsOf(body),
                data: each(fieldsOf(body)['data'], ({ last_event: lastEvent = null, ...mail }) => ({
                  ...mail,
                  lastEvent,
                })),
              },
            }
          : {},
      ),
      kestra: at(/\/executions\/text-\d+$/, ({ body }) => {
        const { state, ...rest } = fieldsOf(body);
        const { current = null, ...states } = fieldsOf(state);
        return { body: { ...rest, state: { ...states, name: current } } };
      }),
    });

    assert.equal(run.code, 1, run.output);
    assert.ok(
      told(run).includes('resend mails: renamed answer.data[].last_event is called "lastEvent" now'),
      run.output,
    );
    assert.ok(
      told(run).includes('kestra execution: renamed answer.state.current is called "name" now'),
      run.output,
    );
    assert.ok(
      told(run).includes(
        'kestra execution: forbidden by the schema: answer.state.current: Invalid input: expected string, received undefined',
      ),
      run.output,
    );
    assert.match(
      run.results.find(({ status }) => status === 'failed')?.message ?? '',
      /^Drift of (?:resend|kestra):\n/,
    );
    assert.equal(count(run, 'outage'), 0);
  });

  test('names a field that is new, a type and a status that changed, and what a request now needs', async () => {
    const run = await driftOn({
      notion: (answer) => {
        if (answer.path.endsWith('/v1/users/me'))
          return answer.status === 200 ? { body: { ...fieldsOf(answer.body), mood: 'good' } } : {};
        if (answer.path.endsWith('/query') && answer.status === 200) {
          return {
            status: 400,
            body: {
              object: 'error',
              status: 400,
              code: 'validation_error',
              message: 'A header more.',
              request_id: 'r',
            },
          };
        }
        return {};
      },
      resend: at(/^\/emails\/no-id/, () => ({
        status: 404,
        body: { statusCode: 404, name: 'not_found', message: 'No.' },
      })),
      kestra: at(/\/executions\/search/, ({ body }) => ({ body: { ...fieldsOf(body), total: '3' } })),
    });

    assert.equal(run.code, 1, run.output);
    const findings = told(run);
    for (const expected of [
      'notion me: new answer<bot>.mood the real one gives it (string), ours does not',
      'notion me: forbidden by the schema: answer.mood should be not present, instead was `"text-3"`.',
      'notion rows-tracker: status answer answers 400 validation_error, ours 200',
      'resend no-id: status answer answers 404 not_found, ours 422 invalid_parameter',
      'kestra mails-sent: type answer.total is string, in ours number',
    ]) {
      assert.ok(
        findings.some((one) => one.startsWith(expected)),
        `${expected}\n\n${findings.join('\n')}`,
      );
    }
    assert.ok(!run.output.includes('good'), 'no value of the real answer');
  });

  test('tells an outage from drift: a service that is down, a token, a database that is not shared', async () => {
    const down = await driftOn({ resend: () => ({ status: 503, body: null }) });
    const nobody = await driftOn({}, () => ({
      NOTION_TOKEN: 'ntn_of-yesterday',
      RESEND_BASE_URL: 'http://127.0.0.1:1',
    }));
    const unshared = await driftOn({}, ({ variables }) => ({
      NOTION_CONTACTS_DB_ID: String(variables['NOTION_CONTACTS_DB_ID']).replace(/^...../, '00000'),
    }));

    assert.deepEqual(
      [down.code, nobody.code, unshared.code],
      [2, 2, 2],
      down.output + nobody.output + unshared.output,
    );
    const why = ({ checks }: Run) =>
      checks.flatMap((one) => (one.why === undefined ? [] : [`${one.service} ${one.probe}: ${one.why}`]));
    assert.deepEqual(why(down), ['resend mails: answered 503: the service is in trouble']);
    assert.deepEqual(why(nobody), [
      'notion me: refuses the token: look at NOTION_TOKEN',
      'resend mails: gave no answer at http://127.0.0.1:1',
    ]);
    assert.deepEqual(why(unshared), [
      'notion database-contacts: does not know the database: check its id, and share it with the integration',
    ]);
    assert.deepEqual(
      [down, nobody, unshared].map((run) => count(run, 'drift')),
      [0, 0, 0],
    );
    assert.ok(
      down.results.some(
        ({ status, message }) => status === 'broken' && message.startsWith('Outage of resend: '),
      ),
    );
  });

  test('drift is told beside an outage, and a 429 is waited out', async () => {
    let refused = 0;
    const run = await driftOn({
      notion: () => ({ status: 500, body: null }),
      resend: at(/^\/emails\?limit=100/, ({ body }) =>
        refused++ < 2 ? { status: 429, body: null } : { body },
      ),
      kestra: at(/\/kv$/, () => ({ body: [{ name: 'MODE' }] })),
    });

    assert.equal(run.code, 1, run.output);
    assert.equal(refused, 3);
    assert.deepEqual(
      new Set(run.checks.flatMap(({ service, outcome }) => (outcome === 'drift' ? [service] : []))),
      new Set(['kestra']),
    );
    assert.equal(count(run, 'outage'), 1, 'one line, and not one for each request');
  });

  test('a missing variable is no drift either, and is named', async () => {
    const none = await command({}, { NOTION_TOKEN: '', RESEND_API_KEY: '' });
    const no = await command({}, { KESTRA_URL: '' });

    assert.deepEqual([none.code, no.code], [2, 2]);
    assert.match(none.output, /NOTION_TOKEN: missing/);
    assert.match(none.output, /RESEND_API_KEY is missing/);
    assert.match(no.output, /KESTRA_URL: missing/);
    assert.equal(count(none, 'same'), KESTRA.probes.length, 'Kestra is looked at all the same');
  });

  test('real answers are kept apart from ours, and say so', async () => {
    const folders = await inRehearsal({}, async ({ variables }, reports) => {
      await drift({ subjects: subjects({ real: true }, variables), captures: reports, today: '2025-12-01' });
      const capture = readFileSync(join(reports, 'real/kestra/execution.json'), 'utf8');
      assert.match(capture, /"origin": "real",\n  "version": "1\.3\.31",\n  "taken": "2025-12-01"/);
      return readdirSync(reports);
    });

    assert.deepEqual(folders, ['real']);
  });
});
