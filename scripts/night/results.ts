import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { type Defect, defectOf, outageIn } from '../../helpers/defects.ts';
import { isGateReason } from '../../helpers/gates.ts';
import type { Outage } from '../../helpers/outage-file.ts';
import { type Owner, ownerOf } from '../../helpers/owners.ts';

const Annotation = z.looseObject({ type: z.string(), description: z.string().optional() });
const Result = z.looseObject({
  status: z.string(),
  duration: z.number(),
  startTime: z.iso.datetime(),
  errors: z.array(z.looseObject({ message: z.string().optional() })),
});
const Spec = z.looseObject({
  id: z.string(),
  title: z.string(),
  file: z.string(),
  line: z.number(),
  tags: z.array(z.string()),
  tests: z.array(
    z.looseObject({
      projectName: z.string(),
      expectedStatus: z.string(),
      status: z.enum(['expected', 'unexpected', 'skipped', 'flaky']),
      annotations: z.array(Annotation),
      results: z.array(Result),
    }),
  ),
});
type Spec = z.infer<typeof Spec>;

interface Suite {
  specs: Spec[];
  suites?: Suite[] | undefined;
}
const Suite: z.ZodType<Suite> = z.looseObject({
  specs: z.array(Spec),
  get suites() {
    return z.array(Suite).optional();
  },
});

/** What Playwright's JSON reporter writes, as far as it is read here. */
export const PlaywrightResults = z.looseObject({
  config: z.looseObject({ rootDir: z.string() }),
  suites: z.array(Suite),
  errors: z.array(z.looseObject({ message: z.string().optional() })),
  stats: z.looseObject({
    startTime: z.iso.datetime(),
    duration: z.number(),
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
});
export type PlaywrightResults = z.infer<typeof PlaywrightResults>;

/** One test of a run. */
export interface TestEnd {
  /** The same in every run, by Playwright. */
  id: string;
  title: string;
  /** From the repository's root. */
  file: string;
  line: number;
  /** With the `@`. */
  tags: string[];
  owner: Owner;
  /** `gated`: skipped, or failed, as a closed gate foretold. `skipped`: by the target's powers. */
  end: 'passed' | 'failed' | 'gated' | 'skipped' | 'not run';
  /** Of a failed one. */
  defect?: Defect;
  /** The service whose outage failed it. */
  service?: string;
  message?: string;
  durationMs: number;
}

export interface Run {
  startedAt: string;
  durationMs: number;
  tests: TestEnd[];
  /** What failed outside of any test: set-up, tear-down, a file that does not load. */
  errors: string[];
}

/** The run that Playwright told of in `folder`; undefined when it ended before it could. */
export function readRun(folder: string, root: string, outage?: Outage): Run | undefined {
  const file = join(folder, 'results.json');
  if (!existsSync(file)) return undefined;
  return runOf(PlaywrightResults.parse(JSON.parse(readFileSync(file, 'utf8'))), root, outage);
}

export function runOf(results: PlaywrightResults, root: string, outage?: Outage): Run {
  const folder = relative(root, results.config.rootDir);
  return {
    startedAt: results.stats.startTime,
    durationMs: results.stats.duration,
    tests: results.suites.flatMap(specsIn).flatMap((spec) => endsOf(spec, folder, outage)),
    errors: results.errors.map(({ message = '' }) => message),
  };
}

const specsIn = ({ specs, suites = [] }: Suite): Spec[] => [...specs, ...suites.flatMap(specsIn)];

function endsOf(spec: Spec, folder: string, outage: Outage | undefined): TestEnd[] {
  const file = join(folder, spec.file);
  // Playwright's own file keeps the names of tags without their sign.
  const tags = spec.tags.map((tag) => (tag.startsWith('@') ? tag : `@${tag}`));
  return spec.tests.map((test) => {
    const last = test.results.at(-1);
    const known = {
      id: spec.id,
      title: spec.title,
      file,
      line: spec.line,
      tags,
      owner: ownerOf({ file, tags }),
    };
    return { ...known, durationMs: last?.duration ?? 0, ...endOf(test, tags, outage) };
  });
}

type Ended = Spec['tests'][number];

function endOf(
  { status, expectedStatus, annotations, results }: Ended,
  tags: readonly string[],
  outage: Outage | undefined,
): Pick<TestEnd, 'end' | 'defect' | 'service' | 'message'> {
  const last = results.at(-1);
  if (status === 'skipped') {
    const reasons = annotations.filter(({ type }) => type === 'skip').map(({ description }) => description);
    if (reasons.some(isGateReason)) return { end: 'gated' };
    return { end: reasons.length > 0 ? 'skipped' : 'not run' };
  }
  if (!last || last.status === 'interrupted') return { end: 'not run' };
  if (status !== 'unexpected') return { end: expectedStatus === 'failed' ? 'gated' : 'passed' };

  const messages = last.errors.map(({ message }) => message ?? '');
  const message = messages[0] ?? 'Expected to fail, but passed.';
  const endedAt = Date.parse(last.startTime) + last.duration;
  const whileGone = outage !== undefined && endedAt >= Date.parse(outage.wellAt);
  const defect = whileGone ? 'outage' : defectOf({ messages, tags });
  const service = whileGone ? outage.service : messages.map(outageIn).find((one) => one !== undefined);
  return { end: 'failed', defect, message, ...(defect === 'outage' && service ? { service } : {}) };
}
