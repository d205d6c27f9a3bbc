import type { PageObjectResponse } from '@notionhq/client';

type Plain = string | number | boolean | string[] | null;

/** A page of a database: its values by property name, free of Notion's wrapping. */
export interface Row {
  id: string;
  url: string;
  /** To the minute: Notion keeps no seconds. */
  createdAt: Date;
  values: Record<string, Plain>;
}

/** What the specification wants to know of each mail, however the table spreads it over columns. */
export interface MailFact {
  email_number: number;
  sent_at: string | null;
  status: string | null;
  resend_id: string | null;
  sent_by: string | null;
}

const MAILS_IN_A_ROW = 5;

export function rowOf(page: PageObjectResponse): Row {
  const values = Object.entries(page.properties).map(([name, property]) => [name, plain(property)] as const);
  return {
    id: page.id,
    url: page.url,
    createdAt: new Date(page.created_time),
    values: Object.fromEntries(values),
  };
}

/** The five facts of each mail of a tracker row; an empty text counts as absent. */
export function mailFacts(row: Pick<Row, 'values'>): MailFact[] {
  return Array.from({ length: MAILS_IN_A_ROW }, (_, index) => {
    const number = index + 1;
    return {
      email_number: number,
      sent_at: text(row, `Email ${number} Sent`),
      status: text(row, `Email ${number} Status`),
      resend_id: text(row, `Email ${number} Resend ID`),
      sent_by: text(row, `Email ${number} Sent By`),
    };
  });
}

function text({ values }: Pick<Row, 'values'>, property: string): string | null {
  const value = values[property];
  return typeof value === 'string' && value !== '' ? value : null;
}

const nameOf = (option: { name: string } | null): string | null => option?.name ?? null;
const textOf = (pieces: ReadonlyArray<{ plain_text: string }>): string =>
  pieces.map(({ plain_text }) => plain_text).join('');

/** Kinds the funnel does not use (relations, formulas, files) read as null. */
function plain(property: PageObjectResponse['properties'][string]): Plain {
  if (property.type === 'title') return textOf(property.title);
  if (property.type === 'rich_text') return textOf(property.rich_text);
  if (property.type === 'number') return property.number;
  if (property.type === 'email') return property.email;
  if (property.type === 'url') return property.url;
  if (property.type === 'phone_number') return property.phone_number;
  if (property.type === 'select') return nameOf(property.select);
  if (property.type === 'status') return nameOf(property.status);
  if (property.type === 'multi_select') return property.multi_select.map(({ name }) => name);
  if (property.type === 'date') return property.date?.start ?? null;
  if (property.type === 'checkbox') return property.checkbox;
  return null;
}
