import { randomUUID } from 'node:crypto';
import { extractDatabaseId } from '@notionhq/client';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { answerFaults } from '../../stack/notion/checked-fetch.ts';
import { type DatabaseName, DATABASES, NOTION_VERSION, type NotionAccess } from '../flows/notion-sources.ts';
import type { Json } from './sanitise.ts';
import { asking, fieldsOf, keep, type Known, listOf, type Probe, type Service, textOf } from './service.ts';
import type { Source } from './source.ts';

const asked = (path: string) => ({ method: 'GET' as const, path: `/v1/${path}` });
const query = (source: string, body: Json) => ({
  method: 'POST' as const,
  path: `/v1/data_sources/${source}/query`,
  body,
});

/** Rows are found by what a property is, since its name is the deployment's affair. */
const propertyOf = (database: DatabaseName, type: string) => `${database} ${type}`;

const ofDatabase = (database: DatabaseName): Probe[] => [
  {
    name: `database-${database}`,
    route: 'GET databases',
    ask: asking([database], (id) => asked(`databases/${id}`)),
    learn: (body, known) =>
      keep(known, `source ${database}`, fieldsOf(listOf(fieldsOf(body)['data_sources'])[0])['id']),
  },
  {
    name: `source-${database}`,
    route: 'GET data_sources',
    ask: asking([`source ${database}`], (id) => asked(`data_sources/${id}`)),
    learn: (body, known) => {
      for (const [name, property] of Object.entries(fieldsOf(fieldsOf(body)['properties'])).toReversed()) {
        keep(known, propertyOf(database, textOf(fieldsOf(property)['type']) ?? ''), name);
      }
    },
  },
  {
    name: `rows-${database}`,
    route: 'POST data_sources/query',
    ask: asking([`source ${database}`], (id) => query(id, { page_size: 25 })),
    learn: (body, known) =>
      keep(known, `page ${database}`, fieldsOf(listOf(fieldsOf(body)['results'])[0])['id']),
  },
];

const probes: Probe[] = [
  { name: 'me', route: 'GET users/me', ask: () => asked('users/me') },
  ...DATABASES.flatMap(ofDatabase),
  {
    name: 'rows-of-a-lead',
    route: 'POST data_sources/query',
    // As send-email asks; the address is nobody's, so that no lead's row is read for it.
    ask: asking(
      ['source tracker', propertyOf('tracker', 'email'), propertyOf('tracker', 'title')],
      (id, email, title) =>
        query(id, {
          filter: {
            and: [
              { property: email, email: { equals: TEST_MAILBOX.replace('@', '+drift@') } },
              { property: title, title: { is_not_empty: true } },
            ],
          },
          page_size: 1,
        }),
    ),
  },
  {
    name: 'page',
    route: 'GET pages',
    ask: asking(['page tracker'], (id) => asked(`pages/${id}`)),
  },
  {
    name: 'page-blocks',
    route: 'GET blocks/children',
    ask: asking(['page templates'], (id) => asked(`blocks/${id}/children`)),
  },
  {
    name: 'refused-token',
    route: 'GET users/me',
    ask: () => ({ ...asked('users/me'), asNobody: true }),
    refused: true,
  },
  {
    name: 'unknown-page',
    route: 'GET pages',
    ask: () => asked(`pages/${randomUUID()}`),
    refused: true,
  },
  {
    name: 'unknown-property',
    route: 'POST data_sources/query',
    ask: asking(['source contacts'], (id) =>
      query(id, { filter: { property: 'no property has this name', email: { equals: 'x' } } }),
    ),
    refused: true,
  },
];

export const NOTION: Service = {
  name: 'notion',
  probes,
  contract: answerFaults,
  positions: { maps: new Set(['properties']), opaque: new Set() },
  tagged: true,
  optional: new Set(),
  mayHaveMore: false,
  misconfigured: (status, body) => {
    if (status === 401) return 'refuses the token: look at NOTION_TOKEN';
    if (status === 403) return 'lets the token read too little: look at the integration’s capabilities';
    const unshared = status === 404 && fieldsOf(body)['code'] === 'object_not_found';
    return unshared
      ? 'does not know the database: check its id, and share it with the integration'
      : undefined;
  },
};

/** Notion, or its stand-in. Throws on a database id that is none. */
export function notionSource({ url, token, databases }: NotionAccess): { source: Source; known: Known } {
  const known: Known = new Map();
  for (const name of DATABASES) {
    const id = extractDatabaseId(databases[name]);
    if (id === null) throw new Error(`Notion database "${name}": what is configured holds no id.`);
    known.set(name, id);
  }
  const source: Source = {
    url,
    headers: (asNobody) => ({
      authorization: `Bearer ${asNobody ? 'nobody' : token}`,
      'notion-version': NOTION_VERSION,
    }),
  };
  return { source, known };
}
