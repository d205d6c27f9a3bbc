import { APIErrorCode, type Client } from '@notionhq/client';
import { type Root, faultsOf } from './contract.ts';

type ClientFetch = NonNullable<NonNullable<ConstructorParameters<typeof Client>[0]>['fetch']>;

/** One request and its answer, and where they leave the types of Notion's client. */
export interface Exchange {
  route: string;
  status: number;
  faults: string[];
}

interface Contract {
  route: string;
  path: RegExp;
  body?: Root;
  answer: Root;
}

const CONTRACTS: readonly Contract[] = [
  { route: 'GET users/me', path: /^users\/me$/, answer: 'GetSelfResponse' },
  { route: 'GET databases', path: /^databases\/[^/]+$/, answer: 'DatabaseObjectResponse' },
  { route: 'GET data_sources', path: /^data_sources\/[^/]+$/, answer: 'DataSourceObjectResponse' },
  {
    route: 'POST data_sources/query',
    path: /^data_sources\/[^/]+\/query$/,
    body: 'QueryDataSourceBodyParameters',
    answer: 'QueryDataSourceResponse',
  },
  { route: 'POST pages', path: /^pages$/, body: 'CreatePageBodyParameters', answer: 'PageObjectResponse' },
  { route: 'GET pages', path: /^pages\/[^/]+$/, answer: 'PageObjectResponse' },
  {
    route: 'PATCH pages',
    path: /^pages\/[^/]+$/,
    body: 'UpdatePageBodyParameters',
    answer: 'PageObjectResponse',
  },
  {
    route: 'GET blocks/children',
    path: /^blocks\/[^/]+\/children$/,
    answer: 'ListBlockChildrenResponse',
  },
];

/** Every route that has a contract here: what a proof has to go through. */
export const ROUTES_WITH_CONTRACT = CONTRACTS.map(({ route }) => route);

const CODES: readonly string[] = Object.values(APIErrorCode);

/** Where an answer leaves what Notion's client knows of the route; empty when nowhere. */
export function answerFaults(route: string, status: number, answer: unknown): string[] {
  // Notion puts a request_id on every answer; the client's types leave it out.
  const { request_id: requestId, ...rest } = answer as Record<string, unknown>;
  const unnamed = typeof requestId === 'string' ? [] : ['answer.request_id is missing'];
  if (status === 200) {
    const contract = CONTRACTS.find((one) => one.route === route);
    return contract
      ? [...unnamed, ...faultsOf(contract.answer, rest, 'answer')]
      : [`no contract for ${route}`];
  }
  const { object, status: told, code, message } = rest;
  const isError = object === 'error' && told === status && typeof message === 'string';
  return [
    ...unnamed,
    ...(isError ? [] : [`not an error of Notion: ${JSON.stringify(answer)}`]),
    ...(CODES.includes(String(code)) ? [] : [`no code of Notion: ${String(code)}`]),
  ];
}

/** A `fetch` for Notion's client that notes, of each request and answer, where it leaves the client's own types. */
export function checkedFetch(): { fetch: ClientFetch; exchanges: Exchange[] } {
  const exchanges: Exchange[] = [];
  const checked: ClientFetch = async (url, { method = 'GET', headers = {}, body } = {}) => {
    if (typeof body !== 'string' && body !== undefined)
      throw new Error('Files are not part of the contract.');
    const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
    const text = await answer.text();
    const path = new URL(url).pathname.replace('/v1/', '');
    const verb = method.toUpperCase();
    const contract = CONTRACTS.find((one) => one.route.startsWith(`${verb} `) && one.path.test(path));
    const route = contract?.route ?? `${verb} ${path}`;
    const faults = answerFaults(route, answer.status, JSON.parse(text));
    if (contract?.body && answer.ok) faults.push(...faultsOf(contract.body, JSON.parse(body ?? '{}')));
    exchanges.push({ route, status: answer.status, faults });
    return {
      ok: answer.ok,
      status: answer.status,
      headers: answer.headers,
      text: () => Promise.resolve(text),
    };
  };
  return { fetch: checked, exchanges };
}
