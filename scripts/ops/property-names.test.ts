import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../stack/paths.ts';
import { CONTACT_STATUSES } from './differences.ts';
import { propertyNames } from './property-names.ts';

/** What the flows' library says, as JSON. */
function libSays(imports: string, expression: string): unknown {
  const script = `import json; from lib import ${imports}; print(json.dumps(${expression}))`;
  const cwd = join(root, 'flows/christmas');
  return JSON.parse(execFileSync('python3', ['-B', '-c', script], { cwd, encoding: 'utf8' }));
}

describe('names of Notion properties', () => {
  test('are those that the flows write', () => {
    const flows = libSays('names', '{name: names.of(name) for name in names.PROPERTIES}') as Record<
      string,
      Record<string, string>
    >;

    for (const [database, names] of Object.entries(propertyNames())) {
      for (const [key, name] of Object.entries(names)) assert.equal(name, flows[database]?.[key]);
    }
  });

  test('follow a deployment whose Notion calls them otherwise, or lacks one', () => {
    const { contacts, tracker } = propertyNames({ contacts: { email: 'email', last_email_sent: null } });

    assert.deepEqual([contacts.email, contacts.last_email_sent, tracker.email], ['email', '', 'Email']);
  });

  test('and the statuses of a contact, which rise as they do in the flows', () => {
    assert.deepEqual(CONTACT_STATUSES, libSays('contact', 'contact.STATUSES'));
  });
});
