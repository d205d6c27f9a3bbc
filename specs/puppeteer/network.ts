import { expect } from '../../fixtures/index.ts';
import type { Call, Recording } from '../../helpers/network/recording.ts';
import { SITE_API, type Site } from '../../helpers/site.ts';
import type { Target } from '../../helpers/target.ts';

const POSTS: readonly string[] = Object.values(SITE_API);

/** As a spec writes a call: method, path and query; of another host the whole address. */
const lineOf = ({ method, url }: Pick<Call, 'method' | 'url'>, site: string) =>
  `${method} ${url.startsWith(`${site}/`) ? url.slice(site.length) : url}`;

/**
 * The tab asked for exactly this, in this order, each request was answered with 200 and has its time, and the archive
 * holds the same. A site that is not ours loads other scripts, so there it is only what its pages post.
 */
export async function consistsOf(
  recording: Recording,
  { target: { powers }, site: { url: site } }: { target: Pick<Target, 'powers'>; site: Site },
  expected: readonly string[],
): Promise<void> {
  const { calls } = recording;
  const isPost = (line: string) => POSTS.some((path) => line === `POST ${path}`);
  const compared = (lines: readonly string[]) => (powers.has('own-website') ? lines : lines.filter(isPost));

  expect(compared(calls.map((call) => lineOf(call, site))), 'every request, in order').toEqual(
    compared(expected),
  );
  expect(
    calls.filter(({ status, tookMs = 0 }) => status !== 200 || tookMs <= 0),
    'each answered, and measured',
  ).toEqual([]);

  const { log } = await recording.har();
  expect(log.version).toBe('1.2');
  expect(
    log.entries.map(({ request, response }) => ({ line: lineOf(request, site), status: response.status })),
    'the archive has each of them',
  ).toEqual(calls.map((call) => ({ line: lineOf(call, site), status: call.status })));
  expect(
    log.entries.filter(({ startedDateTime, time }) => Number.isNaN(Date.parse(startedDateTime)) || time <= 0),
    'with its moment and its time',
  ).toEqual([]);
}
