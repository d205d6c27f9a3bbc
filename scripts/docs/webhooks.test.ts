import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROUTES } from '../../helpers/clients/kestra-routes.ts';
import { WEBHOOK_FLOWS } from '../../helpers/clients/webhook-client.ts';
import { makeLead } from '../../helpers/factories/lead.ts';
import { assessmentBody, SECONDARY, secondaryBody, signupBody } from '../../helpers/factories/payloads.ts';
import { PAYLOADS } from '../../helpers/payload-schemas.ts';
import { root } from '../../stack/paths.ts';
import { probePayloads } from '../flows/payload-probe.ts';
import { readFlowFolder } from '../flows/source.ts';
import { codeBlockIn, codeIn, section, tableIn } from './markdown.ts';

const page = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');
const address = section(page, 'Address');
const webhooks = tableIn(address).map(({ webhook = '', flow = '', 'variable of the key': cell = '' }) => {
  const variable = codeIn(cell) ?? '';
  const part = section(page, webhook);
  const example = z.record(z.string(), z.unknown()).parse(JSON.parse(codeBlockIn(part)));
  return {
    webhook,
    name: variable.replace('WEBHOOK_KEY_', '').toLowerCase(),
    flow,
    variable,
    fields: tableIn(part),
    example,
  };
});
const Flow = z.looseObject({
  triggers: z.array(z.looseObject({ type: z.string(), key: z.string().optional() })).default([]),
});
test('the page has the address that the harness posts to', () => {
  const path = decodeURIComponent(ROUTES['1.x'].webhook('{namespace}', '{flow}', '{key}'));

  assert.equal(codeBlockIn(address).split('\n')[0], `POST {KESTRA_URL}${path}`);
});

test('the page and the harness have the same five webhooks', () => {
  assert.deepEqual(Object.fromEntries(webhooks.map(({ name, flow }) => [name, flow])), WEBHOOK_FLOWS);
});

test('each flow with a webhook is on the page, with the variable that holds its key', async () => {
  const { flows } = await readFlowFolder(join(root, 'flows/christmas'));
  const keys = flows.flatMap(({ id, text }) =>
    Flow.parse(parse(text))
      .triggers.filter(({ type }) => type.endsWith('.Webhook'))
      .map(({ key }) => `${id}: ${key}`),
  );

  assert.deepEqual(
    keys.toSorted(),
    webhooks.map(({ flow, variable }) => `${flow}: {{ envs.${variable.toLowerCase()} }}`).toSorted(),
  );
});

for (const { webhook, name, fields, example } of webhooks) {
  test(`${webhook}: fields, defaults and example are those of its flow`, () => {
    const names = fields.map(({ field = '' }) => field);
    const required = fields.filter((row) => row['required'] === 'yes').map(({ field = '' }) => field);
    const defaults = fields.flatMap(({ field = '', 'without it': cell = '' }) => {
      const inMails = cell.endsWith(' in the mails');
      const value = codeIn(cell.replace(' in the mails', ''));
      return value === undefined ? [] : [[field, value, inMails] as const];
    });

    const [whole, least, ...lacking] = probePayloads(
      name,
      [
        example,
        Object.fromEntries(required.map((field) => [field, example[field]])),
        ...required.map((field) => ({ ...example, [field]: undefined })),
      ].map((body) => JSON.stringify(body)),
    );

    assert(whole && least);
    const asked = new Set([...whole.asked, ...least.asked]);
    assert.deepEqual([...asked].toSorted(), names.toSorted(), 'the fields it looks for');
    assert.deepEqual([whole.reasons, whole.warnings], [[], []], 'the example is taken');
    assert.deepEqual(
      defaults.map(([field, , inMails]) => [
        field,
        String((inMails ? least.mails : least.values)[field]),
        inMails,
      ]),
      defaults,
      'what counts without a field',
    );
    assert.deepEqual(
      lacking.map(({ reasons }) => reasons.map((reason) => reason.split(':')[0])),
      required.map((field) => [field]),
      'rejected without a field it needs',
    );
  });
}

test('the page and the JSON Schemas have the same fields, and need the same', () => {
  const schemas = Object.values(PAYLOADS).map((payload) => {
    const { properties = {}, required = [] } = z.toJSONSchema(payload);
    return { webhook: payload.meta()?.title, fields: Object.keys(properties).toSorted(), required };
  });

  const told = webhooks.map(({ webhook, fields }) => ({
    webhook,
    fields: fields.map(({ field = '' }) => field).toSorted(),
    required: fields.filter((row) => row['required'] === 'yes').map(({ field }) => field),
  }));

  assert.deepEqual(told, schemas);
});

test('what the harness posts is on the page', () => {
  const lead = makeLead('someone@example.com');
  const posted: Record<string, object> = {
    signup: signupBody(lead),
    assessment: assessmentBody(lead, { email1SentAt: 'now', email1Status: 'sent' }),
    ...Object.fromEntries(SECONDARY.map((webhook) => [webhook, secondaryBody(webhook, lead)])),
  };

  for (const { name, fields } of webhooks) {
    const names = fields.map(({ field }) => field);
    const strange = Object.keys(posted[name] ?? {}).filter((field) => !names.includes(field));
    assert.deepEqual(strange, [], name);
  }
});
