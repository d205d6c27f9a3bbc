import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sendersOf } from '../../helpers/split.ts';
import { templateNameOf } from '../../helpers/templates.ts';
import { type Mode, type Sequence, timetableOf } from '../../helpers/timetable.ts';
import { root } from '../../stack/paths.ts';
import { codeIn, type Row, section, tableIn } from './markdown.ts';

const SEQUENCES: readonly Sequence[] = ['5day', 'noshow', 'postcall', 'onboarding'];
const MINUTE = 60_000;
const UNITS: Record<string, number> = { min: MINUTE, h: 60 * MINUTE };

const mails = tableIn(section(readFileSync(join(root, 'docs/responsibility-matrix.md'), 'utf8'), 'Mails'));
const of = (sequence: Sequence): Row[] => mails.filter((mail) => mail['sequence'] === sequence);
const byKestra = (sequence: Sequence): Row[] => of(sequence).filter((mail) => mail['sent by'] === 'kestra');

/** `24 h` in milliseconds. */
function delay(cell = ''): number {
  const [amount, unit = ''] = cell.split(' ');
  return Number(amount) * (UNITS[unit] ?? NaN);
}

test('the mails are the four sequences and the confirmation of the sign-up', () => {
  const others = mails.filter(({ sequence }) => !SEQUENCES.some((one) => one === sequence));

  assert.deepEqual(
    others.map((mail) => [mail['sequence'], mail['mail'], mail['sent by']]),
    [['sign-up', 'confirmation', 'website']],
  );
});

for (const sequence of SEQUENCES) {
  test(`${sequence}: each mail has the sender that the harness expects`, () => {
    const senders = sendersOf(sequence);

    assert.deepEqual(
      of(sequence).map((row) => [row['mail'], row['sent by']]),
      senders.map((sender, index) => [String(index + 1), sender]),
    );
  });

  test(`${sequence}: each mail of Kestra's has the delays and the template that the harness expects`, () => {
    const planned = (mode: Mode) => timetableOf(sequence, mode, new Date(0), MINUTE);
    const expected = planned('production').map(({ number, at }, index) => ({
      number,
      production: at.getTime(),
      testing: planned('testing')[index]?.at.getTime(),
      template: templateNameOf(sequence, number),
      from: sequence === '5day' ? '`email_1_sent_at`' : "the handler's start",
    }));

    const told = byKestra(sequence).map((row) => ({
      number: Number(row['mail']),
      production: delay(row['in production after']),
      testing: delay(row['in TESTING_MODE after']),
      template: codeIn(row['template in Notion'] ?? ''),
      from: row['counts from'],
    }));

    assert.deepEqual(told, expected);
  });
}
