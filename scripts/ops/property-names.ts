import { z } from 'zod';

const DEFAULTS = {
  contacts: {
    email: 'Email',
    status: 'Christmas Campaign Status',
    last_email_sent: 'Last Email Sent',
  },
  tracker: {
    email: 'Email',
    sequence_type: 'Sequence Type',
    mail_sent_at: 'Email {number} Sent',
    mail_status: 'Email {number} Status',
    mail_sent_by: 'Email {number} Sent By',
    mail_resend_id: 'Email {number} Resend ID',
    last_mail_number: 'Last Email Sent',
    last_mail_sent_at: 'Last Email Sent At',
    completed: 'Sequence Completed',
  },
  analytics: {
    email: 'Email',
    template_id: 'Template ID',
    email_number: 'Email Number',
    status: 'Status',
    resend_email_id: 'Resend Email ID',
  },
};

export type PropertyNames = typeof DEFAULTS;

const Overrides = z
  .record(z.string(), z.record(z.string(), z.string().nullable()))
  .nullish()
  .transform((maps) => maps ?? {});

/** What Notion calls the properties an operator's commands look at: the flows' names, with a deployment's own. */
export function propertyNames(overrides?: unknown): PropertyNames {
  const own = Overrides.parse(overrides);
  const entries = Object.entries(DEFAULTS).map(([database, names]) => [
    database,
    Object.fromEntries(
      // What a deployment's Notion lacks has the name of nothing.
      Object.entries(names).map(([key, name]) => [
        key,
        own[database]?.[key] === null ? '' : (own[database]?.[key] ?? name),
      ]),
    ),
  ]);
  return Object.fromEntries(entries) as PropertyNames;
}
