import { expect } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { type RawAnswer, sendRaw, sketchOf } from '../../helpers/clients/raw-client.ts';
import { readEnv } from '../../helpers/env.ts';
import { type Doorplate, hostileRequests } from '../../helpers/factories/hostile-requests.ts';

/** What nobody may read over the network: a file of the server's machine, and ours. */
const FILES = ['root:x:0:0', '"name": "funnel-e2e"', 'export async function'];

/** The end of an answer says why. */
const SHORT = 300;

interface Withstood {
  /** Where the server shows what it has kept: each must still answer 200. */
  pages: readonly string[];
  /** Answers of 500 and more that are meant. */
  meant?: (answer: RawAnswer) => boolean;
}

/**
 * Sends what no honest caller sends, over routes that an attacker can know. The server refuses it or takes it as data: it neither
 * breaks nor hangs, tells no file, and its pages can be read afterwards, with all that it has kept.
 */
export async function withstandsStrangers(
  url: string,
  doorplate: Doorplate,
  seed: number,
  { pages, meant = () => false }: Withstood,
): Promise<void> {
  const broken: string[] = [];
  const leaked: string[] = [];
  for (const request of hostileRequests(doorplate, readEnv().HOSTILE_REQUESTS, seed)) {
    const answer = await sendRaw(url, request, BUDGET.handlerMs);
    const failed = answer.status !== undefined && answer.status >= 500 && !meant(answer);
    if (failed) broken.push(`${answer.status} to ${sketchOf(request)}: ${answer.text.slice(-SHORT)}`);
    if (FILES.some((text) => answer.text.includes(text))) leaked.push(sketchOf(request));
  }
  const shown: Array<[string, number]> = [];
  for (const page of pages) {
    const { status } = await fetch(`${url}${page}`, { signal: AbortSignal.timeout(BUDGET.pageMs) });
    shown.push([page, status]);
  }

  expect(broken, `SEED=${seed}: requests that broke the server`).toEqual([]);
  expect(leaked, `SEED=${seed}: requests that read a file`).toEqual([]);
  expect(shown, `SEED=${seed}: its pages afterwards`).toEqual(pages.map((page) => [page, 200]));
  expect(Object.hasOwn(Object.prototype, 'polluted'), `SEED=${seed}: every object has a new property`).toBe(
    false,
  );
}

/** A stand-in's way to say that it was asked for what nobody taught it. A defect of its own is told by the same status. */
export const isUntaught = ({ status, text }: RawAnswer): boolean =>
  status === 501 && !text.includes('to survive this call');
