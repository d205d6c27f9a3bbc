// A reporter for node's test runner: after everything else, one line a file, for scripts/counts.ts.
import { relative } from 'node:path';

/** @param {AsyncIterable<{ type: string, data: { file?: string, skip?: unknown, todo?: unknown, details?: { type?: string } } }>} events */
export default async function* unitFiles(events) {
  /** @type {Map<string, { passed: number, failed: number, skipped: number }>} */
  const files = new Map();
  for await (const { type, data } of events) {
    if (!['test:pass', 'test:fail'].includes(type) || data.details?.type === 'suite') continue;
    const file = relative(process.cwd(), data.file ?? '');
    const counts = files.get(file) ?? { passed: 0, failed: 0, skipped: 0 };
    const skipped = [data.skip, data.todo].some((reason) => reason !== undefined && reason !== false);
    counts[skipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed'] += 1;
    files.set(file, counts);
  }
  yield '\n';
  for (const [file, { passed, failed, skipped }] of [...files].sort(([a], [b]) => a.localeCompare(b))) {
    yield `${file}: ${passed} passed, ${failed} failed, ${skipped} skipped\n`;
  }
}
