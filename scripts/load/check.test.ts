import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { check, type CheckOptions, FAULT_KINDS, type FaultKind } from './check.ts';
import { KINDS, type Kind } from './mix.ts';
import { MINUTE_MS, rightStory } from './right-story.ts';
import type { Visit } from './visit.ts';
import type { Page, Ran, Witnesses } from './witnesses.ts';

const OPTIONS: CheckOptions = { testingMinuteMs: MINUTE_MS, latestMs: 60_000 };

for (const kind of KINDS) {
  test(`a story that ends with ${kind} and went well has no fault`, () => {
    const { visit, seen } = rightStory(kind);

    assert.deepEqual(check([visit], seen, OPTIONS), []);
  });
}

interface Case {
  kind: Kind;
  /** Breaks one thing. */
  breaks: (seen: Witnesses, visit: Visit) => void;
  fault: FaultKind;
  says: RegExp;
}

const mail = (seen: Witnesses, sequence: string, number: number) =>
  seen.mails.findIndex((one) => one.sequence === sequence && one.number === number);
const run = (seen: Witnesses, sequence: string, number: number): Ran => {
  const found = seen.executions.find((one) => one.sequence === sequence && one.number === number);
  assert.ok(found);
  return found;
};
const set = (pages: Page[], index: number, values: Page['values']) => {
  const page = pages[index];
  assert.ok(page);
  pages[index] = { ...page, values: { ...page.values, ...values } };
};
const later = (date: Date | undefined, ms: number) => new Date(Number(date) + ms);

const CASES: Record<string, Case> = {
  'a mail that never left': {
    kind: 'assessment',
    breaks: (seen) => {
      seen.mails.splice(mail(seen, '5day', 3), 1);
      run(seen, '5day', 3).state = 'FAILED';
    },
    fault: 'lost',
    says: /5day #3 never left: 5day-3-\w+ FAILED/,
  },
  'a mail that left twice': {
    kind: 'noshow',
    breaks: (seen) => {
      const [one] = seen.mails.slice(mail(seen, 'noshow', 2));
      assert.ok(one);
      seen.mails.push({ ...one, id: 'once-more' });
    },
    fault: 'doubled',
    says: /noshow #2 left 2 times: mail-noshow-2, once-more/,
  },
  'a mail that overtook the one before': {
    kind: 'assessment',
    breaks: (seen) => {
      const [three, four] = [seen.mails[mail(seen, '5day', 3)], seen.mails[mail(seen, '5day', 4)]];
      assert.ok(three && four);
      three.receivedAt = later(four.receivedAt, 500);
    },
    fault: 'order',
    says: /5day #4 left before 5day #3/,
  },
  'an execution that began before the one before': {
    kind: 'assessment',
    breaks: (seen) => {
      run(seen, '5day', 2).startedAt = later(run(seen, '5day', 3).startedAt, 100);
    },
    fault: 'order',
    says: /5day #3 began before 5day #2/,
  },
  'a mail before its time': {
    kind: 'postcall',
    breaks: (seen) => {
      const one = seen.mails[mail(seen, 'postcall', 1)];
      assert.ok(one);
      one.receivedAt = later(run(seen, 'postcall', 1).scheduledAt, -1_500);
    },
    fault: 'early',
    says: /postcall #1 left 1500 ms before its time/,
  },
  'an execution that begins before its date': {
    kind: 'assessment',
    breaks: (seen) => {
      run(seen, '5day', 2).startedAt = later(run(seen, '5day', 2).scheduledAt, -20);
    },
    fault: 'early',
    says: /5day #2 began 20 ms before its date/,
  },
  'an execution that begins late': {
    kind: 'assessment',
    breaks: (seen) => {
      run(seen, '5day', 5).startedAt = later(run(seen, '5day', 5).scheduledAt, 61_000);
    },
    fault: 'late',
    says: /5day #5 began 61 s after its date/,
  },
  'a date that is not the timetable’s': {
    kind: 'onboarding',
    breaks: (seen) => {
      run(seen, 'onboarding', 3).scheduledAt = later(run(seen, 'onboarding', 3).scheduledAt, 60_000);
    },
    fault: 'timetable',
    says: /onboarding #3 is scheduled 60\.0 s too late/,
  },
  'a mail that was scheduled twice': {
    kind: 'assessment',
    breaks: (seen) => {
      seen.executions.push({ ...run(seen, '5day', 2), id: 'second' });
    },
    fault: 'timetable',
    says: /5day #2 was scheduled 2 times/,
  },
  'mail 1 of the five days, sent by Kestra': {
    kind: 'assessment',
    breaks: (seen) => {
      const [one] = seen.mails;
      assert.ok(one);
      seen.mails.push({ ...one, id: 'first', number: 1 });
    },
    fault: 'stranger',
    says: /5day #1 by kestra is no mail that Kestra owes: first/,
  },
  'Kestra’s mail under another’s key': {
    kind: 'assessment',
    breaks: (seen) => {
      const [one] = seen.mails;
      assert.ok(one);
      seen.mails.push({ ...one, id: 'foreign', sender: 'website' });
    },
    fault: 'stranger',
    says: /5day #2 by website is no mail that Kestra owes: foreign/,
  },
  'a call that a stand-in has no answer for': {
    kind: 'signup',
    breaks: (seen) => {
      seen.breaches.push('POST /v1/nowhere is not taught');
    },
    fault: 'stranger',
    says: /^POST \/v1\/nowhere is not taught$/,
  },
  'a mail to somebody who is no lead': {
    kind: 'signup',
    breaks: (seen, { lead }) => {
      const to = [lead.email.replace('+', '+other-')];
      seen.mails.push({
        id: 'astray',
        to,
        sender: 'kestra',
        sequence: '5day',
        number: 2,
        receivedAt: new Date(),
      });
    },
    fault: 'stranger',
    says: /mail astray went to .*, who is no lead of this run/,
  },
  'a tracker row that is missing': {
    kind: 'noshow',
    breaks: (seen) => {
      seen.tracker.splice(1, 1);
    },
    fault: 'row',
    says: /there is no tracker row of noshow/,
  },
  'two tracker rows of one sequence': {
    kind: 'assessment',
    breaks: (seen) => {
      seen.tracker.push(...seen.tracker.slice(0, 1));
    },
    fault: 'row',
    says: /there are 2 tracker rows of 5day/,
  },
  'a row that is not complete': {
    kind: 'assessment',
    breaks: (seen) => set(seen.tracker, 0, { 'Sequence Completed': false }),
    fault: 'row',
    says: /row of 5day: Sequence Completed is false, expected true/,
  },
  'a status that the row lacks': {
    kind: 'assessment',
    breaks: (seen) => set(seen.tracker, 0, { 'Email 4 Status': 'scheduled' }),
    fault: 'fact',
    says: /5day #4 in the row: status is scheduled, expected sent/,
  },
  'an id that is another mail’s': {
    kind: 'assessment',
    breaks: (seen) => set(seen.tracker, 0, { 'Email 2 Resend ID': 'mail-5day-3' }),
    fault: 'fact',
    says: /5day #2 in the row: Resend’s id is mail-5day-3, expected mail-5day-2/,
  },
  'a moment that is missing': {
    kind: 'assessment',
    breaks: (seen) => set(seen.tracker, 0, { 'Email 5 Sent': null }),
    fault: 'fact',
    says: /5day #5 in the row: moment is missing/,
  },
  'mail 1 that the row gives to Kestra': {
    kind: 'assessment',
    breaks: (seen) => set(seen.tracker, 0, { 'Email 1 Sent By': 'kestra' }),
    fault: 'fact',
    says: /5day #1 in the row: sent by is kestra, expected website/,
  },
  'a contact that is missing': {
    kind: 'signup',
    breaks: (seen) => {
      seen.contacts.length = 0;
    },
    fault: 'contact',
    says: /there is no contact/,
  },
  'two contacts': {
    kind: 'signup',
    breaks: (seen) => {
      seen.contacts.push(...seen.contacts.slice(0, 1));
    },
    fault: 'contact',
    says: /there are 2 contacts/,
  },
  'a status that did not rise': {
    kind: 'onboarding',
    breaks: (seen) => set(seen.contacts, 0, { 'Christmas Campaign Status': 'Nurture Sequence' }),
    fault: 'contact',
    says: /Status is Nurture Sequence, expected Portal Delivered/,
  },
  'a last mail that the contact was not told': {
    kind: 'assessment',
    breaks: (seen) => set(seen.contacts, 0, { 'Last Email Sent': '2026-11-25T10:02:00.000Z' }),
    fault: 'contact',
    says: /Last Email Sent is 2026-11-25T10:02/,
  },
  'a send that analytics lacks': {
    kind: 'assessment',
    breaks: (seen) => {
      seen.analytics.pop();
    },
    fault: 'analytics',
    says: /5day #5 has 0 pages in analytics/,
  },
  'mail 1 that analytics lacks': {
    kind: 'assessment',
    breaks: (seen) => {
      seen.analytics.shift();
    },
    fault: 'analytics',
    says: /5day #1 has 0 pages in analytics/,
  },
  'a send that analytics has twice': {
    kind: 'assessment',
    breaks: (seen) => {
      seen.analytics.push(...seen.analytics.slice(-1));
    },
    fault: 'analytics',
    says: /5day #5 has 2 pages in analytics/,
  },
  'a project page that is missing': {
    kind: 'onboarding',
    breaks: (seen) => {
      seen.projects.length = 0;
    },
    fault: 'project',
    says: /there are 0 project pages, expected 1/,
  },
  'a webhook that was refused': {
    kind: 'assessment',
    breaks: (_, { calls }) => {
      const [, call] = calls;
      assert.ok(call);
      call.status = 503;
      delete call.executionId;
    },
    fault: 'webhook',
    says: /assessment was answered 503/,
  },
  'a webhook that was never sent': {
    kind: 'noshow',
    breaks: (_, visit) => {
      visit.calls.pop();
      visit.trouble = 'assessment was not taken';
    },
    fault: 'webhook',
    says: /noshow was never sent: assessment was not taken/,
  },
  'a handler that failed': {
    kind: 'signup',
    breaks: (seen) => {
      const [handler] = seen.executions;
      assert.ok(handler);
      handler.state = 'FAILED';
    },
    fault: 'handler',
    says: /the handler of signup is FAILED/,
  },
  'a handler that Kestra has forgotten': {
    kind: 'signup',
    breaks: (seen) => {
      seen.executions.length = 0;
    },
    fault: 'handler',
    says: /Kestra has no execution signup-\w+ of signup/,
  },
};

describe('each fault is named, with its lead and its reason', () => {
  for (const [name, { kind, breaks, fault, says }] of Object.entries(CASES)) {
    test(name, () => {
      const { visit, seen } = rightStory(kind);
      breaks(seen, visit);

      const found = check([visit], seen, OPTIONS);

      const named = found.find((one) => one.kind === fault && says.test(one.what));
      assert.ok(named, `expected ${fault} ${String(says)}, found ${JSON.stringify(found)}`);
      assert.ok([visit.lead.email, ''].includes(named.lead));
    });
  }

  test('no kind of fault is left out here', () => {
    assert.deepEqual(new Set(Object.values(CASES).map(({ fault }) => fault)), new Set(FAULT_KINDS));
  });
});

test('the fault of one lead is not told of another', () => {
  const [right, wrong] = [rightStory('assessment'), rightStory('assessment')];
  wrong.seen.tracker.length = 0;
  const seen = Object.fromEntries(
    Object.keys(right.seen).map((key) => [
      key,
      [...right.seen[key as keyof Witnesses], ...wrong.seen[key as keyof Witnesses]],
    ]),
  ) as unknown as Witnesses;

  const found = check([right.visit, wrong.visit], seen, OPTIONS);

  assert.deepEqual(
    found.map(({ lead, kind }) => [lead, kind]),
    [[wrong.visit.lead.email, 'row']],
  );
});

test('what was due when it was scheduled may leave at once, a second apart', () => {
  const { visit, seen } = rightStory('assessment');
  const created = new Date('2026-11-25T11:00:00.000Z');
  for (const [index, number] of [2, 3, 4, 5].entries()) {
    const one = run(seen, '5day', number);
    one.createdAt = created;
    one.scheduledAt = later(created, index * 1_000);
    one.startedAt = later(created, index * 1_000 + 300);
  }

  const found = check([visit], seen, { testingMinuteMs: MINUTE_MS });

  assert.deepEqual(
    found.filter(({ kind }) => kind === 'timetable'),
    [],
  );
});

test('a replay is no second schedule', () => {
  const { visit, seen } = rightStory('assessment');
  const original = run(seen, '5day', 4);
  original.state = 'FAILED';
  seen.executions.push({ ...original, id: 'replay', state: 'SUCCESS', replayOf: original.id });

  assert.deepEqual(check([visit], seen, OPTIONS), []);
});

test('a mail that had failed is sent after the others', () => {
  const { visit, seen } = rightStory('assessment');
  const original = run(seen, '5day', 2);
  original.state = 'FAILED';
  seen.executions.push({ ...original, id: 'replay', state: 'SUCCESS', replayOf: original.id });
  const late = seen.mails[mail(seen, '5day', 2)];
  assert.ok(late);
  late.receivedAt = new Date('2026-11-25T11:00:00.000Z');

  const found = check([visit], seen, OPTIONS);

  assert.deepEqual(
    found.filter(({ kind }) => kind === 'order'),
    [],
  );
});
