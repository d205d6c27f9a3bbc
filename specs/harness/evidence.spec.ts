import { about, expect, test } from '../../fixtures/index.ts';
import type { WebhookCall } from '../../helpers/clients/webhook-client.ts';
import { callText, mailHtml, rowsText } from '../../helpers/evidence/texts.ts';
import { timelineSvg } from '../../helpers/evidence/timeline.ts';
import { redact } from '../../helpers/redact.ts';
import { mail, trackerRow } from './fakes.ts';

const purpose = 'QA judges a run by its evidence, so it has to be right, readable and free of secrets.';
const start = new Date('2025-12-01T10:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000);

test.describe('evidence', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('a timeline tells plan and fact of each mail in words and marks', async () => {
    const svg = timelineSvg([
      {
        title: 'Ada <script>',
        mode: 'testing',
        start,
        mails: [
          { number: '1', sender: 'website', planned: start, arrived: after(0) },
          {
            number: '2',
            sender: 'kestra',
            planned: after(5),
            scheduled: after(5),
            arrived: after(7.5),
            state: 'SUCCESS',
          },
          { number: '3', sender: 'kestra', planned: after(10), state: 'no execution' },
          { number: '1', sender: 'kestra', arrived: after(12) },
        ],
      },
      {
        title: 'Bob',
        mode: 'production',
        start,
        mails: [{ number: '2', sender: 'kestra', planned: after(86_400) }],
      },
    ]);

    expect(svg).toContain('Ada &lt;script&gt;');
    expect(svg).toContain('TESTING_MODE, counted from mail 1 at 2025-12-01 10:00:00 Z');
    expect(svg).toContain('scheduled to the second · arrived 2.5 s late · SUCCESS');
    expect(svg).toContain('no execution');
    expect(svg).toContain('not planned · arrived 10:00:12.0');
    expect(svg).toContain('production delays');
    expect(svg).toContain('due 2025-12-02 10:00:00 Z');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('a webhook call shows request and answer, never the key', async () => {
    const call: WebhookCall = {
      name: 'signup',
      namespace: 'christmas',
      flowId: 'signup-handler',
      at: start,
      body: '{"email":"ada@funnel.test"}',
      answer: { status: 200, headers: {}, text: '{"id":"e1"}', executionId: 'e1' },
    };

    const text = callText(call);

    expect(text).toContain('POST /api/v1/main/executions/webhook/christmas/signup-handler/***');
    expect(text).toContain('"email": "ada@funnel.test"');
    expect(text).toContain('answered 200, execution e1');
  });

  test('a mail is shown with its envelope and can load nothing', async () => {
    const html = mailHtml(
      mail(2, '2025-12-01T10:00:05Z', {
        subject: 'Hi <Ada>',
        html: '<p>Hello</p><img src="https://else.test/x.png">',
      }),
    );

    expect(html).toContain("default-src 'none'");
    expect(html).toContain('Hi &lt;Ada&gt;');
    expect(html).toContain('<p>Hello</p>');
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<img'));
  });

  test('Notion’s rows are tables, and what is missing is said', async () => {
    const text = rowsText([], [trackerRow({ 'Email 1 Status': 'sent', 'Email 1 Sent By': 'website' })], []);

    expect(text).toMatch(/#1 +sent +website/);
    expect(text).toContain('No contact');
    expect(text).toContain('No analytics row');
  });

  test('a secret is hidden as it is, in base64 and in a URL', async () => {
    const secret = 'p@ss word';
    const text = `a ${secret} b ${Buffer.from(secret).toString('base64')} c ${encodeURIComponent(secret)}`;

    expect(redact(text, [secret])).toBe('a *** b *** c ***');
  });
});
