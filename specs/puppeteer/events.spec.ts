import { about, expect, test } from '../../fixtures/index.ts';
import { SITE_API } from '../../helpers/site.ts';
import { runsToItsMails } from './events.ts';

const purpose =
  'One press of a button brings three mails by Kestra; the key that makes it possible never reaches the browser.';

test.describe(
  'events of a lead, by the browser’s own record',
  {
    tag: ['@puppeteer', '@website', '@blocked:event-webhooks'],
    annotation: about({ feature: 'Sequences', covers: ['4.9'], purpose, severity: 'critical' }),
  },
  () => {
    test('a missed call becomes a row with the booked time and three mails, and the browser made six requests', async ({
      lead,
      siteClient,
      recordedVisitor,
      calls,
      kestra,
      notion,
      mailbox,
      target,
      site,
    }) => {
      await siteClient.signsUp(lead);
      await siteClient.send(SITE_API.book, { email: lead.email, date: '2026-12-10', time: '10:30' });
      const witnesses = { lead, recordedVisitor, calls, kestra, notion, mailbox, target, site };
      await runsToItsMails('noshow', witnesses);

      const { values } = await notion.trackerRow(lead, 'noshow');
      expect(values['Scheduled Time']).toContain('2026-12-10T10:30');
    });

    test('a maybe becomes a row with its objections and three mails, and the browser made six requests', async ({
      lead,
      siteClient,
      recordedVisitor,
      calls,
      kestra,
      notion,
      mailbox,
      target,
      site,
    }) => {
      await siteClient.signsUp(lead);
      const witnesses = { lead, recordedVisitor, calls, kestra, notion, mailbox, target, site };
      await runsToItsMails('postcall', witnesses);

      expect((await notion.trackerRow(lead, 'postcall')).values['Objections']).toBe('time');
    });

    test('a payment becomes a row, a project page and three mails, and the browser made six requests', async ({
      lead,
      siteClient,
      recordedVisitor,
      calls,
      kestra,
      notion,
      mailbox,
      target,
      site,
    }) => {
      await siteClient.signsUp(lead);
      const witnesses = { lead, recordedVisitor, calls, kestra, notion, mailbox, target, site };
      await runsToItsMails('onboarding', witnesses);

      expect((await notion.project(lead)).id).not.toBe('');
    });
  },
);
