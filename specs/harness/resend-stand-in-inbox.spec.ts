import { about, expect } from '../../fixtures/index.ts';
import { mailTo, test } from './resend-stand-in.ts';

test.describe(
  'the inbox of the Resend stand-in',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose:
        'People look at the mails as leads would see them, and looking must neither run nor fetch anything.',
    }),
  },
  () => {
    test('a person sees who sent what to whom, and reads the mail', async ({ standIn, someone, page }) => {
      await standIn
        .client('website')
        .emails.send({ ...mailTo(someone.email), subject: 'Results <b>are</b> ready' });
      await standIn.client('kestra').emails.send({
        ...mailTo(someone.email),
        subject: 'Day two',
        html: '<h1>Good morning</h1>',
        tags: [{ name: 'email_number', value: '2' }],
      });

      await page.goto(`${standIn.url}/_control/inbox`);
      const list = page.getByRole('navigation', { name: 'Mails' });
      await expect(list.getByRole('listitem'), 'newest first').toContainText([
        /Kestra.*Day two/s,
        /Website.*Results <b>are<\/b> ready/s,
      ]);
      await expect(page).toBeAccessible();
      await list.getByRole('link', { name: 'Day two' }).click();

      await expect(page.getByRole('heading', { name: 'Day two' })).toBeVisible();
      await expect(page.getByRole('main')).toContainText('Some words.');
      await expect(page.getByRole('main')).toContainText('email_number');
      const mail = page.getByTitle(`The mail “Day two” to ${someone.email}`).contentFrame();
      await expect(mail.getByRole('heading', { name: 'Good morning' })).toBeVisible();
      await expect(page).toBeAccessible();
    });

    test('the filter leaves one recipient’s mails, and new ones come in by themselves', async ({
      standIn,
      someone,
      page,
    }) => {
      const { emails } = standIn.client('kestra');
      await emails.send({ ...mailTo(someone.email.replace('@', '2@')), subject: 'To somebody else' });
      await page.goto(`${standIn.url}/_control/inbox`);

      await page.getByRole('searchbox', { name: 'Recipient' }).fill(someone.email);
      await page.getByRole('button', { name: 'Show' }).click();
      await expect(page.getByRole('status')).toHaveText('0 mails, newest first');
      await emails.send({ ...mailTo(someone.email), subject: 'To the lead' });

      await expect(page.getByRole('status')).toHaveText('1 mail, newest first');
      await expect(page.getByRole('link', { name: 'To the lead' })).toBeVisible();
      await expect(page.getByRole('link', { name: 'To somebody else' })).toBeHidden();
    });

    test('a mail shown alone runs no script and reaches no host', async ({ standIn, someone, page }) => {
      const html =
        '<title>As sent</title><h1 style="color: green">Hello</h1><script>document.title = "It ran"</script>' +
        '<img alt="" src="http://127.0.0.1:9/pixel.gif" onerror="document.title = \'It ran\'">';
      const sent = await standIn.client('kestra').emails.send({ ...mailTo(someone.email), html });
      const blocked: string[] = [];
      page.on('requestfailed', (request) => blocked.push(`${request.url()} ${request.failure()?.errorText}`));

      await page.goto(`${standIn.url}/_control/mails/${sent.data?.id}/html`);

      await expect(page.getByRole('heading', { name: 'Hello' })).toHaveCSS('color', 'rgb(0, 128, 0)');
      await expect(page).toHaveTitle('As sent');
      expect(blocked).toEqual(['http://127.0.0.1:9/pixel.gif csp']);
    });

    test('a mail without HTML is shown as its plain text, and markup in it stays text', async ({
      standIn,
      someone,
      page,
    }) => {
      const sent = await standIn
        .client('kestra')
        .emails.send({ ...mailTo(someone.email), text: 'Hello <b>Ada</b>\nBye' });

      await page.goto(`${standIn.url}/_control/mails/${sent.data?.id}/html`);

      await expect(page.getByText('Hello <b>Ada</b>')).toBeVisible();
    });

    test('what was refused stands on top of the page', async ({ standIn, page }) => {
      await standIn.client('kestra').emails.send(mailTo('ada@example.com'));

      await page.goto(`${standIn.url}/_control/inbox`);

      await expect(page.getByRole('alert')).toContainText('ada@example.com');
      await expect(page.getByRole('status')).toHaveText('0 mails, newest first');
    });
  },
);
