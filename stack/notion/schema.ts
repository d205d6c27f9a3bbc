export type PropertyType =
  | 'title'
  | 'rich_text'
  | 'number'
  | 'email'
  | 'select'
  | 'multi_select'
  | 'date'
  | 'checkbox';

export interface PropertySchema {
  type: PropertyType;
  /** Those a select starts with; a write may add others, a filter may name only known ones. */
  options?: readonly string[];
}

export interface DatabaseSchema {
  title: string;
  properties: Record<string, PropertySchema>;
}

export const DATABASE_NAMES = ['contacts', 'tracker', 'templates', 'analytics', 'projects'] as const;
export type DatabaseName = (typeof DATABASE_NAMES)[number];

const title: PropertySchema = { type: 'title' };
const text: PropertySchema = { type: 'rich_text' };
const number: PropertySchema = { type: 'number' };
const email: PropertySchema = { type: 'email' };
const date: PropertySchema = { type: 'date' };
const checkbox: PropertySchema = { type: 'checkbox' };
const select = (...options: string[]): PropertySchema => ({ type: 'select', options });
const multiSelect = (...options: string[]): PropertySchema => ({ type: 'multi_select', options });

const SEGMENTS = ['CRITICAL', 'URGENT', 'OPTIMIZE'];
const SENDERS = ['website', 'kestra'];
const CAMPAIGN = 'Christmas 2025';

/** Colours that say something; all other options take turns. */
export const OPTION_COLORS = {
  CRITICAL: 'red',
  URGENT: 'orange',
  OPTIMIZE: 'green',
  scheduled: 'blue',
  sent: 'green',
  failed: 'red',
  skipped: 'gray',
} as const;

/** What the wide layout of the tracker says of mail number `n`. */
const mailColumns = (n: number): Record<string, PropertySchema> => ({
  [`Email ${n} Sent`]: date,
  [`Email ${n} Status`]: select('scheduled', 'sent', 'failed', 'skipped'),
  [`Email ${n} Sent By`]: select(...SENDERS),
  [`Email ${n} Resend ID`]: text,
});

export type Schemas = Record<DatabaseName, DatabaseSchema>;

/** The campaign's databases in Notion: each property with its name, case and type. */
export const DATABASES: Schemas = {
  contacts: {
    title: 'Contacts',
    properties: {
      first_name: title,
      Email: email,
      'Business Name': text,
      'Signup Date': date,
      'Christmas Campaign Status': select(
        'Signed Up',
        'Nurture Sequence',
        'Pre-Call Prep',
        'Portal Delivered',
        'Long-Term',
        'Unsubscribed',
      ),
      'Assessment Score': number,
      Segment: select(...SEGMENTS),
      'Booking Status': select('Not Booked', 'Booked', 'Completed', 'No-Show'),
      'Diagnostic Call Date': date,
      Phase: select('Phase 1', 'Phase 2'),
      'Last Email Sent': date,
    },
  },
  tracker: {
    title: 'Email Sequence',
    properties: {
      Name: title,
      Email: email,
      'First Name': text,
      'Business Name': text,
      Campaign: select(CAMPAIGN),
      'Sequence Type': select('5day', 'noshow', 'postcall', 'onboarding'),
      Segment: select(...SEGMENTS),
      'Assessment Score': number,
      'Red Systems': number,
      'Orange Systems': number,
      'Yellow Systems': number,
      'Green Systems': number,
      'Started At': date,
      'Signup Date': date,
      'Sequence Created': date,
      'Assessment Completed': checkbox,
      'Sequence Completed': checkbox,
      ...mailColumns(1),
      ...mailColumns(2),
      ...mailColumns(3),
      ...mailColumns(4),
      ...mailColumns(5),
      'Last Email Sent': number,
      'Last Email Sent At': date,
      'Calendly Event URI': text,
      'Scheduled Time': text,
      'Event Type': text,
      'Call Date': text,
      'Call Outcome': text,
      'Call Notes': text,
      Objections: text,
      'Follow-Up Priority': text,
      'Package Type': text,
      'Salon Address': text,
      'Observation Dates': text,
      'Payment Amount': number,
      'Payment Date': date,
      'Start Date': date,
    },
  },
  templates: {
    title: 'Email Templates',
    properties: {
      'Template Name': title,
      'Subject Line': text,
      'Email Body HTML': text,
      'Email Body Plain Text': text,
      'Email Number': number,
      Status: select('Active', 'Inactive'),
      'Template Type': select('Five-Day Sequence', 'No-Show Recovery', 'Post-Call Follow-Up', 'Onboarding'),
      Segment: multiSelect(...SEGMENTS),
      Variables: text,
      'Preview Text': text,
      'Last Updated': date,
    },
  },
  analytics: {
    title: 'Email Analytics',
    properties: {
      Name: title,
      Email: email,
      'Template ID': text,
      'Email Number': number,
      Status: select('sent', 'failed'),
      'Sent By': select(...SENDERS),
      'Sent Date': date,
      Campaign: select(CAMPAIGN),
      'Resend Email ID': text,
      'Error Message': text,
    },
  },
  projects: {
    title: 'Customer Projects',
    properties: {
      Name: title,
      Email: email,
      'Business Name': text,
      'Diagnostic Call Date': date,
      'Next Steps': text,
      Status: select('Active', 'Done'),
      'Created Date': date,
    },
  },
};

/** The campaign's databases, with some properties of one of them of another type or with other options, or not there. */
export function schemasWith(
  database: DatabaseName,
  changes: Record<string, PropertySchema | PropertyType | 'missing'>,
): Schemas {
  const { title: heading, properties } = DATABASES[database];
  const kept = Object.entries(properties).filter(([name]) => !(name in changes));
  const added = Object.entries(changes).flatMap(([name, change]) =>
    change === 'missing' ? [] : [[name, typeof change === 'string' ? { type: change } : change] as const],
  );
  return {
    ...DATABASES,
    [database]: { title: heading, properties: Object.fromEntries([...kept, ...added]) },
  };
}
