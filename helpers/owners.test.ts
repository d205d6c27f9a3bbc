import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagesOf } from './evidence/links.ts';
import { ownerOf } from './owners.ts';
import type { Power } from './target.ts';

const of = (file: string, ...tags: string[]) => ownerOf({ file, tags });

test('a test is the machines’, the website’s or the automation’s, by the first rule that fits', () => {
  assert.equal(of('specs/edge/https.spec.ts', '@edge', '@blocked:traefik-domain'), 'homelab');
  assert.equal(of('specs/edge/new.spec.ts', '@safety'), 'homelab', 'by its folder');
  assert.equal(of('specs/website/sign-up-form.spec.ts', '@website', '@pages'), 'website');
  assert.equal(of('specs/sequences/x.spec.ts', '@sequence', '@blocked:event-webhooks'), 'website');
  assert.equal(of('specs/website/payloads.spec.ts', '@own-website'), 'automation', 'that site is ours');
  assert.equal(of('specs/sequences/onboarding.spec.ts', '@sequence'), 'automation');
});

const real = {
  kestra: { url: 'https://kestra.test/' },
  notion: { url: 'https://api.notion.com' },
  mail: { url: 'https://api.resend.com' },
  powers: new Set<Power>(),
};
const local = { url: 'http://127.0.0.1:1' };
const execution = { namespace: 'christmas.nightly', flowId: 'send-email', id: 'e1' };

test('the report links to what a person can open, and to nothing that ends with the run', () => {
  const { execution: kestra, row, mail } = pagesOf(real);

  assert.equal(kestra?.(execution), 'https://kestra.test/ui/main/executions/christmas.nightly/send-email/e1');
  assert.equal(row?.('0a1b-2c'), 'https://www.notion.so/0a1b2c');
  assert.equal(mail?.('m1'), 'https://resend.com/emails/m1');

  const own = { kestra: local, notion: local, mail: local };
  assert.deepEqual(pagesOf({ ...own, powers: new Set<Power>(['mailbox', 'throw-away']) }), {});
  const kept = pagesOf({ ...own, powers: new Set<Power>(['mailbox']) });
  assert.deepEqual(Object.keys(kept), ['mail'], 'its engine and its rows have no page of their own');
  assert.equal(kept.mail?.('m1'), 'http://127.0.0.1:1/_control/mails/m1/html');
});
