import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json } from './sanitise.ts';
import { compare, shapeOf } from './shape.ts';

const options = { tagged: true, maps: new Set(['properties']) };
const told = (ours: Json, real: Json) =>
  compare(shapeOf(ours, options), shapeOf(real, options)).map(
    ({ kind, path, text }) => `${kind} ${path}: ${text}`,
  );

const mail = {
  id: '00000000-0000-4000-8000-000000000001',
  last_event: 'delivered',
  opens: 2,
  cc: ['a'],
  html: null,
};

describe('two answers', () => {
  test('of the same shape do not differ, whatever they say', () => {
    assert.deepEqual(told(mail, { ...mail, last_event: 'sent', opens: 0, cc: [], html: '<p>' }), []);
  });

  test('differ by a field that was renamed', () => {
    const { last_event, ...rest } = mail;

    assert.deepEqual(told(mail, { ...rest, lastEvent: last_event }), [
      'renamed answer.last_event: is called "lastEvent" now',
    ]);
  });

  test('differ by a field that is gone, one that is new, and both when neither can be the other', () => {
    const { opens, ...rest } = mail;

    assert.deepEqual(told(mail, rest), [
      'gone answer.opens: ours always gives it (number), the real one does not',
    ]);
    assert.deepEqual(told({ state: { current: 'SUCCESS' } }, { state: {} }), [
      'gone answer.state.current: ours always gives it (string), the real one does not',
    ]);
    assert.deepEqual(told(rest, { ...rest, opens }), [
      'new answer.opens: the real one gives it (number), ours does not',
    ]);
    assert.deepEqual(told(mail, { ...rest, seen: 'yes' }), [
      'gone answer.opens: ours always gives it (number), the real one does not',
      'new answer.seen: the real one gives it (string), ours does not',
    ]);
  });

  test('differ by a type, and by how an id or a moment is written', () => {
    assert.deepEqual(told(mail, { ...mail, opens: '2' }), ['type answer.opens: is string, in ours number']);
    assert.deepEqual(told({ created_at: '2025-01-01 00:01:00+00' }, { created_at: '2025-01-01T00:01:00Z' }), [
      'form answer.created_at: is an ISO moment, in ours a moment with a space',
    ]);
    assert.deepEqual(told(mail, { ...mail, id: 'text-1' }), [
      'form answer.id: is some other text, in ours a UUID',
    ]);
  });

  test('are compared in lists too, where what is there at times may be missing', () => {
    const ours = { data: [{ id: 'a', tags: [] }, { id: 'b' }] };

    assert.deepEqual(told(ours, { data: [{ id: 'c' }] }), []);
    assert.deepEqual(told(ours, { data: [] }), [], 'an empty list shows nothing');
    assert.deepEqual(told(ours, { data: [{ tags: [] }] }), [
      'gone answer.data[].id: ours always gives it (string), the real one does not',
    ]);
  });

  test('are compared by types where people chose the names', () => {
    const page = (properties: Json) => ({ properties });
    const ours = page({
      Email: { id: 'a', type: 'email', email: 'x' },
      Score: { id: 'b', type: 'number', number: 1 },
    });

    assert.deepEqual(told(ours, page({ Adresse: { id: 'z', type: 'email', email: null } })), []);
    assert.deepEqual(told(ours, page({ Adresse: { id: 'z', type: 'email', email: 7 } })), [
      'type answer.properties.*<email>.email: is number, in ours string',
    ]);
    assert.deepEqual(told(ours, page({ Formel: { id: 'z', type: 'formula', formula: {} } })), []);
  });
});
