import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openConnection } from './connection.ts';

const KESTRA = {
  TARGET: 'homelab',
  KESTRA_URL: 'https://kestra.test',
  KESTRA_USER: 'ada@mail.test',
  KESTRA_PASSWORD: 'K1-word',
};
const NOTION = {
  NOTION_TOKEN: 'ntn_flows',
  NOTION_CONTACTS_DB_ID: 'id-of-contacts',
  NOTION_EMAIL_SEQUENCE_DB_ID: 'id-of-tracker',
  NOTION_EMAIL_TEMPLATES_DB_ID: 'id-of-templates',
  NOTION_EMAIL_ANALYTICS_DB_ID: 'id-of-analytics',
  NOTION_CUSTOMER_PROJECTS_DB_ID: 'id-of-projects',
};

describe('an attached Kestra', () => {
  test('each of the five databases is the one its own variable names, and the token is Notion’s', () => {
    assert.deepEqual(openConnection({ ...KESTRA, ...NOTION }).notion(), {
      url: 'https://api.notion.com',
      token: 'ntn_flows',
      databases: {
        contacts: 'id-of-contacts',
        tracker: 'id-of-tracker',
        templates: 'id-of-templates',
        analytics: 'id-of-analytics',
        projects: 'id-of-projects',
      },
    });
  });

  test('the templates’ database may go by its older name, which the newer one outdoes', () => {
    const { NOTION_EMAIL_TEMPLATES_DB_ID: _, ...rest } = NOTION;
    const older = { ...KESTRA, ...rest, NOTION_TEMPLATES_DB_ID: 'older' };
    const templates = (source: Record<string, string>) => openConnection(source).notion().databases.templates;

    assert.equal(templates(older), 'older');
    assert.equal(templates({ ...older, ...NOTION }), 'id-of-templates');
  });

  test('a variable that is missing is named, and no value is told', () => {
    const { NOTION_TOKEN: _, NOTION_EMAIL_ANALYTICS_DB_ID: __, ...rest } = NOTION;

    assert.throws(
      () => openConnection({ ...KESTRA, ...rest }).notion(),
      ({ message }: Error) =>
        /NOTION_TOKEN: missing\n +NOTION_EMAIL_ANALYTICS_DB_ID: missing/.test(message) &&
        !/id-of|ntn_/.test(message),
    );
  });

  test('Resend is asked with the key that is given, and not without one', () => {
    assert.equal(openConnection(KESTRA).outbox(), undefined);
    assert.deepEqual(openConnection({ ...KESTRA, RESEND_API_KEY: 're_all' }).outbox(), {
      url: 'https://api.resend.com',
      key: 're_all',
    });
  });
});
