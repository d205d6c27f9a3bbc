import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { KestraError } from './clients/kestra-transport.ts';
import { defectOf, outageIn } from './defects.ts';

const of = (...messages: string[]) => defectOf({ messages, tags: ['@sequence'] });
/** As Playwright writes an error into its results. */
const written = (error: Error): string => `${error.name}: ${error.message}`;

function thrownBy(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return written(error as Error);
  }
  throw new Error('Nothing was thrown.');
}

test('a service that does not answer, refuses for now or is broken is an outage, and is named', () => {
  const gone = 'Error: Kestra: GET /api/v1/main/executions/1 got no answer from http://127.0.0.1:1';
  const answered = (status: number) =>
    written(new KestraError('GET', '/api/v1/x', { status, headers: {}, text: '' }));

  assert.equal(outageIn(gone), 'Kestra');
  for (const status of [429, 502, 503, 504]) assert.equal(outageIn(answered(status)), 'Kestra', `${status}`);
  for (const status of [400, 401, 404, 500]) assert.equal(outageIn(answered(status)), undefined, `${status}`);
  assert.equal(outageIn('APIResponseError: Notion answered 503 (service_unavailable): later'), 'Notion');
  assert.equal(outageIn('APIResponseError: Notion answered 429 (rate_limited): slow down'), 'Notion');
  assert.equal(outageIn('UnknownHTTPResponseError: Request to Notion API failed with status: 502'), 'Notion');
  assert.equal(outageIn('Error: Mailbox: GET /_control/mails?to=a answered 503: '), 'Resend');
  assert.equal(outageIn('CannotAsk: Resend answered 500 to GET /emails'), 'Resend');
  assert.equal(outageIn('Error: page.goto: net::ERR_CONNECTION_REFUSED at http://x/'), 'the website');
  assert.equal(outageIn('Error: connect ECONNREFUSED 127.0.0.1:1'), 'a service');
  assert.equal(of(`\u001B[31m${gone}\u001B[39m`), 'outage');
});

test('what flows or assertions tell of a refusal is no outage: only a client’s own error is', () => {
  assert.equal(
    of(
      'Error: the handler ends well\n\nexpected SUCCESS within 60000 ms, was FAILED\nNotion answered 503 (x): y',
    ),
    'product',
  );
  assert.equal(of('Error: expect(received).toContain\nKestra: GET /x answered 503'), 'product');
  assert.equal(outageIn('APIResponseError: Could not find page'), undefined);
});

test('a wrong delay is the product’s, and so is an action that a page does not allow', () => {
  assert.equal(
    of('Error: expected mails executions of 1 to follow the timetable\n#2 due 10:00:05, scheduled 10:00:04'),
    'product',
  );
  assert.equal(
    of(
      'Test timeout of 180000ms exceeded.',
      'Error: locator.click: Test timeout of 180000ms exceeded.\nCall log:',
    ),
    'product',
  );
});

test('what our own code throws, and the runner’s bare limit, is the harness’s', () => {
  const missing: { at?: { time: number } } = {};

  assert.equal(of(thrownBy(() => (missing as { at: { time: number } }).at.time)), 'harness');
  assert.equal(of(thrownBy(() => z.object({ id: z.string() }).parse({ id: 1 }))), 'harness');
  assert.equal(of('Error: No such gate in helpers/gates.ts: @blocked:x'), 'harness');
  assert.equal(of('Test timeout of 180000ms exceeded.'), 'harness');
});

test('the first error decides, and a test about drift tells of drift', () => {
  const gone = 'Error: Kestra: GET /x got no answer from http://a';
  const wrong = 'Error: expect(received).toBe(expected)';

  assert.equal(of(wrong, gone), 'product');
  assert.equal(of(gone, wrong), 'outage');
  assert.equal(defectOf({ messages: [wrong], tags: ['@drift'] }), 'drift');
  assert.equal(defectOf({ messages: [gone], tags: ['@drift'] }), 'outage');
  assert.equal(of('Drift of Notion: databases.retrieve'), 'drift');
  assert.equal(of('Outage of Notion: databases.retrieve'), 'outage');
});
