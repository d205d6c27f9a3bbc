import { Client, LogLevel, type QueryDataSourceResponse } from '@notionhq/client';
import { z } from 'zod';
import { poll } from '../../helpers/wait.ts';
import {
  DATABASES,
  type DatabaseName,
  NOTION_VERSION,
  type NotionAccess,
  reasonOf,
  sourceOf,
} from '../flows/notion-sources.ts';
import { propertyRows, remedyFor } from '../flows/preflight.ts';
import { runPython } from '../flows/python.ts';
import type { ResendAccess } from '../ops/resend-reader.ts';
import type { Access } from './access.ts';
import { ask, type Asked } from './ask.ts';
import { clockVerdict } from './clock.ts';
import { Blocked, type Check, fault, type Verdict, well } from './examine.ts';
import type { Facts, Service } from './facts.ts';
import { senderVerdict } from './verdicts.ts';

/** Answers come within a second; a machine that is busy with a suite takes its time. */
const QUICK_MS = 60_000;
/** Notion's client waits out a 429 by itself, a minute at the most. */
const NOTION_MS = 70_000;
const RESEND_PAUSE_MS = 10_000;

const TemplateFaults = z.object({ wanted: z.number(), faults: z.record(z.string(), z.string()) });
const Domains = z.looseObject({ data: z.array(z.looseObject({ name: z.string(), status: z.string() })) });

/** Notion by the harness's own token: the databases that a night deploys with. */
export function notionChecks(access: Access, facts: Facts, folder: string): Check[] {
  const notion = (): NotionAccess => {
    if (!access.notion) throw new Blocked('variables');
    return access.notion;
  };
  const client = (): Client =>
    new Client({
      auth: notion().token,
      baseUrl: notion().url,
      notionVersion: NOTION_VERSION,
      logLevel: LogLevel.ERROR,
      timeoutMs: QUICK_MS,
    });

  return [
    {
      id: 'notion',
      withinMs: QUICK_MS,
      remedy: 'look at the net and at NOTION_BASE_URL',
      run: async (signal) => {
        const { url, token } = notion();
        const headers = { authorization: `Bearer ${token}`, 'notion-version': NOTION_VERSION };
        const answer = await noted(facts, 'Notion', ask(`${url}/v1/users/me`, { signal, headers }));
        if (answer.status === 200) return well('the token is taken');
        return answer.status === 401
          ? fault('Notion refuses NOTION_TOKEN', "copy the token from the integration's page again")
          : fault(`Notion answers ${answer.status}`, 'wait and try again; status.notion.so tells of outages');
      },
    },
    {
      id: 'databases',
      needs: ['notion'],
      withinMs: NOTION_MS,
      remedy: 'look at the five NOTION_…_DB_ID',
      run: async () => {
        const found = await Promise.all(
          DATABASES.map((name) =>
            sourceOf(client(), name, notion().databases[name]).then(
              (source) => ({ name, source, why: '' }),
              (error: unknown) => ({ name, source: '', why: error instanceof Error ? error.message : '' }),
            ),
          ),
        );
        const faults = found.flatMap(({ why }) => why || []);
        if (faults.length > 0) {
          return fault(
            faults.join('; '),
            "share each with the integration (in Notion: ••• → Connections), and compare its id with .env's",
          );
        }
        facts.set(
          'sources',
          Object.fromEntries(found.map(({ name, source }) => [name, source])) as Record<DatabaseName, string>,
        );
        return well(`all ${found.length} are shared`);
      },
    },
    {
      id: 'schemas',
      needs: ['databases'],
      // It knows the names that this deployment has otherwise.
      after: ['deployed'],
      withinMs: NOTION_MS,
      remedy: 'npm run flows -- preflight',
      run: () => schemas(client(), facts, folder),
    },
    {
      id: 'templates',
      needs: ['databases'],
      after: ['deployed'],
      withinMs: NOTION_MS,
      remedy: 'look at the templates in Notion',
      run: () => templates(client(), facts, folder),
    },
  ];
}

async function schemas(client: Client, facts: Facts, folder: string): Promise<Verdict> {
  const sources = facts.need('sources', 'databases');
  const live = await Promise.all(
    DATABASES.map(async (name) => {
      const source = await client.dataSources
        .retrieve({ data_source_id: sources[name] })
        .catch((cause: unknown) => {
          throw new Error(`Notion database "${name}": ${reasonOf(cause)}`, { cause });
        });
      return [name, source.properties] as const;
    }),
  );
  const rows = await propertyRows(Object.fromEntries(live), facts.find('overrides'), folder);
  const faulty = rows.filter((row) => row.fault !== null);
  const [first] = faulty;
  if (!first) return well(`all ${rows.length} properties are as the flows use them`);
  return fault(
    faulty.map(({ database, fault: what }) => `${database}: ${what}`).join('; '),
    faulty.length === 1 ? remedyFor(first) : 'npm run flows -- preflight tells the remedy for each',
  );
}

async function templates(client: Client, facts: Facts, folder: string): Promise<Verdict> {
  const pages = await pagesOf(client, facts.need('sources', 'databases').templates);
  const { wanted, faults } = TemplateFaults.parse(
    await runPython(
      'template_faults.py',
      { pages, overrides: facts.find('overrides') ?? {} },
      { args: [folder], why: 'to look at the templates' },
    ),
  );
  const found = Object.entries(faults).map(([name, why]) => `${name}: ${why}`);
  return found.length === 0
    ? well(`all ${wanted} are there and have text`)
    : fault(found.join('; '), 'mend them in Notion; until then the static texts are sent');
}

async function pagesOf(client: Client, source: string): Promise<unknown[]> {
  const pages: unknown[] = [];
  for (let cursor: string | null = null; ;) {
    const answer: QueryDataSourceResponse = await client.dataSources.query({
      data_source_id: source,
      page_size: 100,
      ...(cursor === null ? {} : { start_cursor: cursor }),
    });
    pages.push(...answer.results);
    cursor = answer.next_cursor;
    if (cursor === null) return pages;
  }
}

const resendOf = ({ resend }: Access): ResendAccess => {
  if (!resend) throw new Blocked('variables');
  return resend;
};

/** Resend by the harness's own key, which must be allowed to read what was sent. */
export function resendCheck(access: Access, facts: Facts): Check {
  return {
    id: 'resend',
    withinMs: QUICK_MS,
    remedy: 'look at the net and at RESEND_BASE_URL',
    run: async (signal) => {
      const answer = await noted(facts, 'Resend', askResend(resendOf(access), '/emails?limit=1', signal));
      if (answer.status === 200) return well('the key may read');
      if (answer.status === 401 && answer.text.includes('restricted_api_key')) {
        return fault(
          'RESEND_API_KEY may only send (restricted_api_key)',
          'give the harness a key of its own with full access, resend.com/api-keys',
        );
      }
      return answer.status === 401 || answer.status === 403
        ? fault('Resend refuses RESEND_API_KEY', 'make a key with full access, resend.com/api-keys')
        : fault(`Resend answers ${answer.status}`, 'wait and try again; resend-status.com tells of outages');
    },
  };
}

/** Whether Resend takes mails of the sender that the flows have. */
export function senderCheck(access: Access, facts: Facts): Check {
  return {
    id: 'sender',
    needs: ['resend'],
    after: ['health-check'],
    withinMs: QUICK_MS,
    remedy: 'look at resend.com/domains',
    run: async (signal) => {
      const { sender } = facts.need('healthCheck', 'health-check').judged;
      if (sender === '') throw new Blocked('secrets');
      const { status, text } = await askResend(resendOf(access), '/domains?limit=100', signal);
      if (status !== 200) return fault(`Resend answers ${status} when asked for its domains`, 'try again');
      return senderVerdict(sender, Domains.parse(JSON.parse(text)).data);
    },
  };
}

/** All keys of a team share a few calls a second, so a 429 says nothing yet. */
async function askResend({ url, key }: ResendAccess, path: string, signal: AbortSignal): Promise<Asked> {
  const headers = { authorization: `Bearer ${key}` };
  const { value } = await poll(
    () => ask(`${url.replace(/\/$/, '')}${path}`, { signal, headers }),
    ({ status }) => status !== 429,
    RESEND_PAUSE_MS,
  );
  return value;
}

/** The site whose journeys a night walks. */
export function siteCheck(access: Access): Check {
  return {
    id: 'site',
    withinMs: QUICK_MS,
    remedy: 'look at SITE_URL, and whether the site is up',
    run: async (signal) => {
      if (access.site === undefined) throw new Blocked('variables');
      const { status } = await ask(access.site, { signal });
      return status < 400
        ? well(`${access.site} answers`)
        : fault(`${access.site} answers ${status}`, 'look at SITE_URL, and whether the site is up');
    },
  };
}

/** Delays are compared to the second, so everybody's clock must be right. */
export function clockCheck(facts: Facts): Check {
  return {
    id: 'clock',
    after: ['kestra', 'notion', 'resend'],
    withinMs: QUICK_MS,
    remedy: 'timedatectl set-ntp true',
    run: async () => {
      if (facts.glances.length === 0) throw new Blocked('kestra');
      return clockVerdict(facts.glances);
    },
  };
}

/** An answer, with what it tells of its service: the clock, and whether it is up. */
async function noted({ glances, down }: Facts, service: Service, asked: Promise<Asked>): Promise<Asked> {
  down.add(service);
  const answer = await asked;
  const { status, date, askedAt, answeredAt } = answer;
  if (status < 500 && status !== 429) down.delete(service);
  if (date !== undefined) glances.push({ service, date, askedAt, answeredAt });
  return answer;
}
