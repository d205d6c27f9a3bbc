import type { SeedRow } from './workspace.ts';

interface Template {
  number: number;
  subject: string;
  preview: string;
  paragraphs: readonly string[];
}

/** The five-day sequence as an editor would keep it in Notion. The wording is ours, and differs from the fall-backs. */
const FIVE_DAYS: readonly Template[] = [
  {
    number: 1,
    subject: '{{first_name}}, here is what your answers say',
    preview: 'Your score, your first priority, and what comes next.',
    paragraphs: [
      'Hello {{first_name}},',
      'Thank you for answering the sixteen questions about {{business_name}}. Your score is {{assessment_score}} out of 100, and your result is {{segment}}.',
      'The answers point to {{WeakestSystem1}} as the first system to look at. That is a starting point, not a verdict: you know your business better than any form does.',
      'Over the next five days we send four short letters. Each has one idea you can use on your own.',
    ],
  },
  {
    number: 2,
    subject: 'A first step for {{business_name}}',
    preview: 'Most repairs start in the wrong place. Here is a way to choose.',
    paragraphs: [
      'Hello {{first_name}},',
      'When several things go wrong at once, it is tempting to repair the loudest one. It is often cheaper to repair the one that the others depend on.',
      'For {{business_name}} your answers name {{WeakestSystem1}}. Write down what it costs you in an ordinary week: hours, missed bookings, money. A rough number will do.',
      'Then ask one question: if this worked for a month, which other problem would become smaller? If you find none, choose the next system and ask again.',
      'Your result was {{segment}}, with {{assessment_score}} points. It tells you how soon to begin, not how hard it will be.',
    ],
  },
  {
    number: 3,
    subject: '{{first_name}}, one week on paper',
    preview: 'A worked example with plain numbers.',
    paragraphs: [
      'Hello {{first_name}},',
      'Today an example with made-up numbers, so that the method is easy to follow. A shop has forty appointments a week, and four of them are missed. At sixty a visit that is 240 a week.',
      'Two changes are tried, one after the other: a reminder the day before, then a small deposit. After each change the shop counts missed appointments for two weeks, and keeps the change only if the number falls.',
      'You can do the same for {{WeakestSystem1}} at {{business_name}}. Choose one number, change one thing, count again.',
      'If you would like to go through your own numbers with us, reply to this letter and we will find half an hour.',
    ],
  },
  {
    number: 4,
    subject: 'What working together on {{business_name}} looks like',
    preview: 'What you get, what we ask of you, and when it is not for you.',
    paragraphs: [
      'Hello {{first_name}},',
      'Some readers have asked what happens when they work with us, so here is the whole of it, without small print.',
      'It begins with a diagnostic call of half an hour. We go through the eight systems in the order of your answers, beginning with {{WeakestSystem1}}. You leave the call with a written list of the three repairs we would make first, and why in that order. The list is yours whether or not we ever speak again.',
      'If you decide to go on, the first week is for measuring. We agree on one number for each of the three repairs: something you can count without new software and without asking your staff to fill in forms. Most businesses already have these numbers in a calendar, a till or a bank statement, and nobody has looked at them side by side.',
      'In the weeks after that we make one change at a time. You get a short letter every Friday with the number before, the number now, and what we suggest for the week to come. When a change does not help, the letter says so, and we take the change back. We would rather tell you that something failed than explain it away.',
      'What we ask of you: an hour a week, honest numbers, and one person at {{business_name}} who may decide. Without these three the work tends to stop after the first month, and then the money is better spent elsewhere.',
      'When it is not for you: if your result had been that nothing needs repair, if you are about to sell or close, or if what you need is more customers rather than a better shop. Your result was {{segment}} with {{assessment_score}} points, so there is something to repair, but you may well manage it with the three letters you already have.',
      'What it costs is agreed on the call, before anything begins, as one figure. There is no discount that ends tonight and no waiting list. You can stop at the end of any week, and you keep everything that was written until then.',
      'If you would like the call, reply with two times that suit you. If not, there is one more letter to come, and then we leave you in peace.',
    ],
  },
  {
    number: 5,
    subject: 'The last letter, {{first_name}}',
    preview: 'A short summary, and a choice.',
    paragraphs: [
      'Hello {{first_name}},',
      'This is the last of the five letters. In short: {{business_name}} scored {{assessment_score}}, the result was {{segment}}, and the system to begin with is {{WeakestSystem1}}.',
      'You have a way to choose a first repair, a way to count whether it worked, and a description of what we could do together.',
      'If you want the diagnostic call, reply to this letter. If you do not reply, we will not write again about this assessment. Either way, thank you for reading.',
    ],
  },
];

/** The three mails each that Kestra sends after the call, shorter than the letters. */
const NO_SHOW: readonly Template[] = [
  {
    number: 1,
    subject: 'We waited for you, {{first_name}}',
    preview: 'No harm done. Here is how to find another time.',
    paragraphs: [
      'Hello {{first_name}},',
      'Our half hour about {{business_name}} was today, and we did not meet. Something more pressing came up, we suppose.',
      'Reply with a day and a time of day, and we will send you two proposals.',
    ],
  },
  {
    number: 2,
    subject: 'Another time for {{business_name}}?',
    preview: 'The offer stands.',
    paragraphs: [
      'Hello {{first_name}},',
      'The half hour is still yours. It costs nothing, and you leave it with a list of what we would repair first at {{business_name}}.',
      'If a call is too much just now, reply with your most pressing question, and we will answer in writing.',
    ],
  },
  {
    number: 3,
    subject: 'We close your appointment, {{first_name}}',
    preview: 'The last mail about it.',
    paragraphs: [
      'Hello {{first_name}},',
      'We have not heard from you, so we take the appointment for {{business_name}} off our list. You need not do anything.',
      'Should you want it back one day, this address stays open.',
    ],
  },
];

const POST_CALL: readonly Template[] = [
  {
    number: 1,
    subject: 'After our call, {{first_name}}',
    preview: 'What we understood, and what is open.',
    paragraphs: [
      'Hello {{first_name}},',
      'It was good to hear how {{business_name}} works. You wanted to think it over, so here is no pressure and no deadline of ours.',
      'If we misunderstood anything on the call, tell us, and we will correct the proposal.',
    ],
  },
  {
    number: 2,
    subject: 'What is still open for {{business_name}}?',
    preview: 'One question is often enough.',
    paragraphs: [
      'Hello {{first_name}},',
      'Three days on, most people have one question left. Which one is yours?',
      'Reply in a sentence. If the honest answer is that {{business_name}} does not need us, we will say so.',
    ],
  },
  {
    number: 3,
    subject: 'Yes, no or later, {{first_name}}?',
    preview: 'Any of the three is fine.',
    paragraphs: [
      'Hello {{first_name}},',
      'A week has passed since we talked about {{business_name}}. Please reply with one word: yes, no or later.',
      'Without an answer we take it for a later, and leave you in peace.',
    ],
  },
];

const ONBOARDING: readonly Template[] = [
  {
    number: 1,
    subject: 'It begins, {{first_name}}',
    preview: 'Your project page, and the first steps.',
    paragraphs: [
      'Hello {{first_name}},',
      'Thank you for your trust. Everything we agree on for {{business_name}} is kept on one page: {{portal_url}}',
      'The first step is a meeting of an hour. We will propose two times tomorrow.',
    ],
  },
  {
    number: 2,
    subject: 'Your first day with us, {{first_name}}',
    preview: 'Is anything missing?',
    paragraphs: [
      'Hello {{first_name}},',
      'Have you found your way around? If anything about {{business_name}} should stand on your page and does not, reply and we will add it.',
      'There are no silly questions in the first week.',
    ],
  },
  {
    number: 3,
    subject: 'Three days of {{business_name}}',
    preview: 'A look at what has moved.',
    paragraphs: [
      'Hello {{first_name}},',
      'After three days, note one thing that has become easier at {{business_name}}, and one that is harder than you thought.',
      'We will begin our next meeting with the second one.',
    ],
  },
];

interface TemplateSet {
  nameOf: (number: number) => string;
  type: string;
  variables: readonly string[];
  templates: readonly Template[];
}

const SETS: readonly TemplateSet[] = [
  {
    nameOf: (number) => `5-Day E${number}`,
    type: 'Five-Day Sequence',
    variables: ['first_name', 'business_name', 'assessment_score', 'segment', 'WeakestSystem1'],
    templates: FIVE_DAYS,
  },
  {
    nameOf: (number) => `noshow_recovery_email_${number}`,
    type: 'No-Show Recovery',
    variables: ['first_name', 'business_name'],
    templates: NO_SHOW,
  },
  {
    nameOf: (number) => `postcall_maybe_email_${number}`,
    type: 'Post-Call Follow-Up',
    variables: ['first_name', 'business_name'],
    templates: POST_CALL,
  },
  {
    nameOf: (number) => `onboarding_phase1_email_${number}`,
    type: 'Onboarding',
    variables: ['first_name', 'business_name', 'portal_url'],
    templates: ONBOARDING,
  },
];

const SIGNATURE = ['Warm regards,', 'your coaching team'] as const;

const linked = (text: string) =>
  text.replace('{{portal_url}}', '<a href="{{portal_url}}">{{portal_url}}</a>');

/** A mail shows where its words came from: no fall-back carries the mark `notion-template`. */
const htmlOf = ({ subject, paragraphs }: Template) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${subject}</title>
<style>
  body { margin: 0 auto; max-width: 36rem; padding: 1.5rem; font: 1rem/1.6 Georgia, serif; overflow-wrap: break-word; color: #1f2933; background: #fff; }
  a { color: #0b5c53; }
  @media (prefers-color-scheme: dark) {
    body { color: #e4e7eb; background: #1b2026; }
    a { color: #7fd6c8; }
  }
</style>
</head>
<body>
<div data-source="notion-template">
${paragraphs.map((text) => `<p>${linked(text)}</p>`).join('\n')}
<p>${SIGNATURE.join('<br>')}</p>
</div>
</body>
</html>`;

const textOf = ({ paragraphs }: Template) => `${[...paragraphs, SIGNATURE.join('\n')].join('\n\n')}\n`;

/** What the databases hold before the first lead comes: the templates. */
export const SEED: readonly SeedRow[] = SETS.flatMap(({ nameOf, type, variables, templates }) =>
  templates.map((template) => ({
    database: 'templates' as const,
    values: {
      'Template Name': nameOf(template.number),
      'Subject Line': template.subject,
      'Email Body HTML': htmlOf(template),
      'Email Body Plain Text': textOf(template),
      'Email Number': template.number,
      Status: 'Active',
      'Template Type': type,
      Segment: ['CRITICAL', 'URGENT', 'OPTIMIZE'],
      Variables: variables.join(', '),
      'Preview Text': template.preview,
      'Last Updated': '2025-11-28',
    },
  })),
);
