import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Page, type SeedRow, Workspace } from './workspace.ts';

const rows = (count: number): SeedRow[] =>
  Array.from({ length: count }, (_, index) => ({
    database: 'contacts',
    values: { first_name: `Lead ${index}`, Email: `lead+${index}@example.com` },
  }));
const emailIs = (address: string) => ({ property: 'Email', email: { equals: address } });

test('a search by address looks at the rows of that address only, however many there are', () => {
  const workspace = new Workspace(0);
  workspace.seed(rows(2_000), 0);
  const looks = mock.method(Page.prototype, 'plain');

  const [found, ...more] = workspace.source('contacts').query({ filter: emailIs('lead+77@example.com') }, 0);

  assert.deepEqual(more, []);
  assert.equal(found?.values.get('Email')?.type, 'email');
  assert.ok(looks.mock.callCount() <= 2, `${looks.mock.callCount()} looks`);
  looks.mock.restore();
});

test('a row is found by its present address, not by one it had', () => {
  const workspace = new Workspace(0);
  const [page] = workspace.seed(rows(1), 0);
  const contacts = workspace.source('contacts');
  const found = (address: string) => contacts.query({ filter: emailIs(address) }, 0).length;
  assert.ok(page);

  contacts.write(page, { Email: { email: 'new@example.com' } });
  assert.deepEqual([found('lead+0@example.com'), found('new@example.com')], [0, 1]);

  contacts.write(page, { Email: { email: null } });
  assert.deepEqual([found('lead+0@example.com'), found('new@example.com')], [0, 0]);
});

test('a refused write leaves the row and its index as they were', () => {
  const workspace = new Workspace(0);
  const [page] = workspace.seed(rows(1), 0);
  const contacts = workspace.source('contacts');
  assert.ok(page);

  assert.throws(
    () => contacts.write(page, { Email: { email: 'new@example.com' }, Nowhere: { checkbox: true } }),
    /Nowhere is not a property that exists/,
  );
  assert.equal(contacts.query({ filter: emailIs('lead+0@example.com') }, 0).length, 1);
});
