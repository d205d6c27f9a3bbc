import { createHash } from 'node:crypto';
import type { CreatePageParameters, PageObjectResponse, RichTextItemResponse } from '@notionhq/client';
import { Untaught, failedValidation, invalid, quoted } from './errors.ts';
import { OPTION_COLORS, type PropertySchema, type PropertyType } from './schema.ts';

/** A property's value as it comes in and as it goes out, in the client's own types. */
export type GivenValue = NonNullable<CreatePageParameters['properties']>[string];
export type Value = Extract<PageObjectResponse['properties'][string], { type: PropertyType }>;
/** A value without its wrapping: what filters, sorts, the seed and people read. */
export type Plain = string | number | boolean | readonly string[] | null;

type Selected = NonNullable<Extract<Value, { type: 'select' }>['select']>;
type GivenText = Extract<GivenValue, { rich_text: unknown }>['rich_text'][number];

export interface Property {
  readonly id: string;
  readonly name: string;
  readonly type: PropertyType;
  readonly options: Selected[];
}

const LIMIT = { text: 2_000, items: 100, email: 200, option: 100 };
const COLORS = ['blue', 'purple', 'brown', 'pink', 'yellow', 'gray'] as const;
const MEANT = new Map<string, Selected['color']>(Object.entries(OPTION_COLORS));

/** The same name always gets the same id, so that addresses survive a restart of the stack. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A fresh property with the options its schema starts with. */
export function makeProperty(name: string, schema: PropertySchema, place: number): Property {
  const property: Property = {
    id: schema.type === 'title' ? 'title' : `p${place.toString(36).padStart(3, '0')}`,
    name,
    type: schema.type,
    options: [],
  };
  for (const option of schema.options ?? []) optionOf(property, option);
  return property;
}

function optionOf(property: Property, name: string): Selected {
  const known = property.options.find((option) => option.name === name);
  if (known) return known;
  const color = MEANT.get(name) ?? COLORS[property.options.length % COLORS.length] ?? 'default';
  const added: Selected = { id: uuidOf(`${property.name} ${name}`), name, color };
  property.options.push(added);
  return added;
}

/** Refuses a value Notion would refuse; its shape has been checked before. */
export function demandValid(property: Property, given: GivenValue): void {
  const at = `body.properties.${property.name}`;
  if (!(property.type in given)) throw invalid(`${property.name} is expected to be ${property.type}.`);

  if ('title' in given) demandText(given.title, `${at}.title`);
  if ('rich_text' in given) demandText(given.rich_text, `${at}.rich_text`);
  if ('email' in given) demandLength(given.email, LIMIT.email, `${at}.email`);
  if ('select' in given && given.select) demandOption(property, given.select, `${at}.select`);
  if ('multi_select' in given) {
    demandLength(given.multi_select, LIMIT.items, `${at}.multi_select`);
    given.multi_select.forEach((option, index) =>
      demandOption(property, option, `${at}.multi_select[${index}]`),
    );
  }
  if ('date' in given && given.date) {
    if (given.date.time_zone)
      throw new Untaught('dates with a time_zone; give the offset in the date itself');
    demandDate(given.date.start, `${at}.date.start`);
    if (given.date.end) demandDate(given.date.end, `${at}.date.end`);
  }
}

/** Refuses text that is too long, at any place where Notion takes rich text. */
export function demandText(items: readonly GivenText[], at: string): void {
  demandLength(items, LIMIT.items, at);
  items.forEach((item, index) => {
    if (!('text' in item)) throw new Untaught('mentions and equations');
    demandLength(item.text.content, LIMIT.text, `${at}[${index}].text.content`);
    demandLength(item.text.link?.url, LIMIT.text, `${at}[${index}].text.link.url`);
  });
}

function demandLength(value: { length: number } | null | undefined, most: number, at: string): void {
  if (value && value.length > most) {
    throw failedValidation('body', [
      `${at}.length should be ≤ \`${most}\`, instead was \`${value.length}\`.`,
    ]);
  }
}

function demandOption(property: Property, given: { id?: string; name?: string }, at: string): void {
  if (given.name === undefined) {
    if (property.options.some((option) => option.id === given.id)) return;
    throw invalid(`${property.name} is an invalid select option ${quoted(given.id)}.`);
  }
  if (given.name === '')
    throw failedValidation('body', [`${at}.name should be populated, instead was \`""\`.`]);
  if (given.name.includes(',')) throw invalid(`Invalid select option, commas not allowed: ${given.name}`);
  demandLength(given.name, LIMIT.option, `${at}.name`);
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

function demandDate(given: string, at: string): void {
  if ((DATE.test(given) || DATE_TIME.test(given)) && !Number.isNaN(instantOf(given))) return;
  throw failedValidation('body', [
    `${at} should be a valid ISO 8601 date string, instead was ${quoted(given)}.`,
  ]);
}

/** Milliseconds since 1970. A date without an offset is UTC. */
export function instantOf(date: string): number {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(date) || DATE.test(date) ? date : `${date}Z`;
  return Date.parse(zoned.replace(' ', 'T'));
}

/**
 * A date as Notion gives it back: a day stays a day; a moment loses its SECONDS (Notion keeps hours and minutes) and
 * gets its offset spelled out. Who needs seconds must not ask Notion.
 */
export function asStored(given: string): string {
  if (DATE.test(given)) return given;
  const offset = /([+-]\d\d):?(\d\d)$/.exec(given.slice(10));
  return `${given.slice(0, 10)}T${given.slice(11, 16)}:00.000${offset ? `${offset[1]}:${offset[2]}` : '+00:00'}`;
}

/** The value a page has for a property nobody has written. */
export function emptyValue({ id, type }: Property): Value {
  switch (type) {
    case 'title':
      return { id, type, title: [] };
    case 'rich_text':
      return { id, type, rich_text: [] };
    case 'number':
      return { id, type, number: null };
    case 'email':
      return { id, type, email: null };
    case 'select':
      return { id, type, select: null };
    case 'multi_select':
      return { id, type, multi_select: [] };
    case 'date':
      return { id, type, date: null };
    case 'checkbox':
      return { id, type, checkbox: false };
  }
}

/** What is stored of a value that `demandValid` let through. Names a select does not know become its options. */
export function toValue(property: Property, given: GivenValue): Value {
  const { id } = property;
  const option = ({ id: known, name }: { id?: string; name?: string }): Selected =>
    property.options.find((one) => one.id === known) ?? optionOf(property, name ?? '');

  if ('title' in given) return { id, type: 'title', title: given.title.map(richText) };
  if ('rich_text' in given) return { id, type: 'rich_text', rich_text: given.rich_text.map(richText) };
  if ('number' in given) return { id, type: 'number', number: given.number };
  if ('email' in given) return { id, type: 'email', email: given.email };
  if ('select' in given) return { id, type: 'select', select: given.select && option(given.select) };
  if ('multi_select' in given) {
    return { id, type: 'multi_select', multi_select: given.multi_select.map(option) };
  }
  if ('checkbox' in given) return { id, type: 'checkbox', checkbox: given.checkbox };
  if ('date' in given) {
    const { start, end } = given.date ?? {};
    const date = start === undefined ? null : { start: asStored(start), end: end ? asStored(end) : null };
    return { id, type: 'date', date: date && { ...date, time_zone: null } };
  }
  throw new Untaught(`properties of type ${Object.keys(given).join(', ')}`);
}

/** A piece of text as it goes out; all that was left open is filled in. */
export function richText(given: GivenText): RichTextItemResponse {
  if (!('text' in given)) throw new Untaught('mentions and equations');
  const { content, link = null } = given.text;
  return {
    type: 'text',
    text: { content, link },
    annotations: {
      bold: false,
      italic: false,
      strikethrough: false,
      underline: false,
      code: false,
      color: 'default',
      ...given.annotations,
    },
    plain_text: content,
    href: link?.url ?? null,
  };
}

/** A value without its wrapping. */
export function plainOf(value: Value): Plain {
  switch (value.type) {
    case 'title':
      return value.title.map(({ plain_text: text }) => text).join('') || null;
    case 'rich_text':
      return value.rich_text.map(({ plain_text: text }) => text).join('') || null;
    case 'number':
      return value.number;
    case 'email':
      return value.email;
    case 'select':
      return value.select?.name ?? null;
    case 'multi_select':
      return value.multi_select.map(({ name }) => name);
    case 'date':
      return value.date?.start ?? null;
    case 'checkbox':
      return value.checkbox;
  }
}

/** The request that would write `plain`; long text becomes several items, as Notion demands. */
export function givenOf(type: PropertyType, plain: Plain): GivenValue {
  const text = (): GivenText[] =>
    (String(plain ?? '').match(/[^]{1,2000}/g) ?? []).map((content) => ({ text: { content } }));
  switch (type) {
    case 'title':
      return { title: text() };
    case 'rich_text':
      return { rich_text: text() };
    case 'number':
      return { number: plain === null ? null : Number(plain) };
    case 'email':
      return { email: plain === null ? null : String(plain) };
    case 'select':
      return { select: plain === null ? null : { name: String(plain) } };
    case 'multi_select':
      return { multi_select: [plain ?? []].flat().map((name) => ({ name: String(name) })) };
    case 'date':
      return { date: plain === null ? null : { start: String(plain) } };
    case 'checkbox':
      return { checkbox: plain === true };
  }
}
