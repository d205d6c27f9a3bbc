import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../stack/paths.ts';
import { propertyNames } from './property-names.ts';

describe('names of Notion properties', () => {
  test('are those that the flows write', () => {
    const script =
      'import json; from lib import names; print(json.dumps({name: names.of(name) for name in names.PROPERTIES}))';
    const cwd = join(root, 'flows/christmas');
    const flows = JSON.parse(
      execFileSync('python3', ['-B', '-c', script], { cwd, encoding: 'utf8' }),
    ) as Record<string, Record<string, string>>;

    for (const [database, names] of Object.entries(propertyNames())) {
      for (const [key, name] of Object.entries(names)) assert.equal(name, flows[database]?.[key]);
    }
  });

  test('follow a deployment whose Notion calls them otherwise, or lacks one', () => {
    const { contacts, tracker } = propertyNames({ contacts: { email: 'email', last_email_sent: null } });

    assert.deepEqual([contacts.email, contacts.last_email_sent, tracker.email], ['email', '', 'Email']);
  });
});
