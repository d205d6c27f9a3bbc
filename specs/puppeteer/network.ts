import { expect } from '../../fixtures/index.ts';
import type { Call, Recording } from '../../helpers/network/recording.ts';
import { SITE_API } from '../../helpers/site.ts';
import type { Target } from '../../helpers/target.ts';

const POSTS: readonly string[] = Object.values(SITE_API);

/** As a spec writes a call: method, path and query. */
const lineOf = ({ method, url }: Pick<Call, 'method' | 'url'>) => {
  const { pathname, search } = new URL(url);
  return `${method} ${pathname}${search}`;
};

/**
 * The tab asked for exactly this, in this order, each request was answered with 200 and has its time, and the archive
 * holds the same. A site that is not ours loads other scripts, so there it is only what its pages post.
 */
export async function consistsOf(
  recording: Recording,
  { powers }: Pick<Target, 'powers'>,
  expected: readonly string[],
): Promise<void> {
  const { calls } = recording;
  const isPost = (line: string) => POSTS.some((path) => line === `POST ${path}`);
  const compared = (lines: readonly string[]) => (powers.has('own-website') ? lines : lines.filter(isPost));

  expect(compared(calls.map(lineOf)), 'every request, in order').toEqual(compared(expected));
  expect(
    calls.filter(({ status, tookMs = 0 }) => status !== 200 || tookMs <= 0),
    'each answered, and measured',
  ).toEqual([]);

  const { log } = await recording.har();
  expect(log.version).toBe('1.2');
  expect(
    log.entries.map(({ request, response }) => ({ line: lineOf(request), status: response.status })),
    'the archive has each of them',
  ).toEqual(calls.map((call) => ({ line: lineOf(call), status: call.status })));
  expect(
    log.entries.filter(({ startedDateTime, time }) => Number.isNaN(Date.parse(startedDateTime)) || time <= 0),
    'with its moment and its time',
  ).toEqual([]);
}
