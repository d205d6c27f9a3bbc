import { request } from 'undici';
import { z } from 'zod';
import { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { LiveRuns } from '../../helpers/clients/live-runs.ts';
import { markIn } from '../../helpers/mark.ts';
import type { AttachedStack } from '../../helpers/rehearsal.ts';
import { resolverOf } from '../../helpers/where.ts';

const Rows = z.array(
  z.looseObject({ id: z.string(), inTrash: z.boolean(), values: z.record(z.string(), z.unknown()) }),
);
const BOOKS = ['contacts', 'tracker', 'analytics', 'projects'] as const;
const REAL_LEADS = 'christmas';
const NAMESPACES = { testing: 'christmas.nightly', production: 'christmas.nightly-production' };

/** What runs have left on an attached stack, seen from within it and not through the harness's own clients. */
export async function leftBehind({ file }: AttachedStack) {
  const kestra = new KestraClient({
    transport: new KestraTransport(file.kestra),
    resolve: resolverOf(NAMESPACES, 'testing'),
  });
  const rows = await Promise.all(
    BOOKS.map(async (book) => {
      const { body } = await request(`${file.notion.url}/_control/rows?database=${book}`);
      return Rows.parse(await body.json());
    }),
  );
  const waiting = await Promise.all(
    [...Object.values(NAMESPACES), REAL_LEADS].map((namespace) =>
      kestra.search({ namespace, state: ['CREATED'] }),
    ),
  );
  const marked = rows.flat().filter(({ values }) => markIn(values['Email']) !== undefined);
  return {
    /** Rows of runs that were ever made, and those of them that are not in the bin. */
    made: marked.length,
    rows: marked.filter(({ inTrash }) => !inTrash).map(({ id }) => id),
    mails: waiting.flat().map(({ id }) => id),
    runs: [...(await new LiveRuns(kestra.kv()).read()).alive],
  };
}
