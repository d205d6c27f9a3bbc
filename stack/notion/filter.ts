import type { QueryDataSourceParameters } from '@notionhq/client';
import { Untaught, failedValidation, invalid } from './errors.ts';
import { type Plain, type Property, asStored, instantOf } from './values.ts';

export type Filter = NonNullable<QueryDataSourceParameters['filter']>;
export type Sorts = NonNullable<QueryDataSourceParameters['sorts']>;
type Timestamp = 'created_time' | 'last_edited_time';

/** What a filter or sort can be asked of. */
export interface Row {
  plain(property: Property): Plain;
  /** Milliseconds, by which rows are sorted; shown and filtered is the minute. */
  createdAt: number;
  editedAt: number;
  created_time: string;
  last_edited_time: string;
}

/** The data source a filter is asked of, and the moment its relative dates count from. */
export interface Scope {
  find(nameOrId: string): Property | undefined;
  now: number;
}

/** A single condition: `{ property, <type>: { <operator>: wanted } }` or `{ timestamp, <timestamp>: … }`. */
interface Condition {
  property?: string;
  timestamp?: Timestamp;
  type?: string;
  [kind: string]: unknown;
}

type Test = (row: Row) => boolean;

/** The test a filter stands for; its shape has been checked before. Throws Notion's error when it does not fit. */
export function compile(filter: Filter, scope: Scope, at = 'body.filter'): Test {
  const group = (members: readonly unknown[], name: 'and' | 'or') => {
    if (members.length > 100) {
      const line = `${at}.${name}.length should be ≤ \`100\`, instead was \`${members.length}\`.`;
      throw failedValidation('body', [line]);
    }
    return members.map((member, index) => compile(member as Filter, scope, `${at}.${name}[${index}]`));
  };
  if ('and' in filter) {
    const tests = group(filter.and, 'and');
    return (row) => tests.every((test) => test(row));
  }
  if ('or' in filter) {
    const tests = group(filter.or, 'or');
    return (row) => tests.some((test) => test(row));
  }
  return compileCondition(filter as Condition, scope);
}

function compileCondition(condition: Condition, scope: Scope): Test {
  const [kind = ''] = Object.keys(condition).filter(
    (key) => !['property', 'timestamp', 'type'].includes(key),
  );
  const [[operator, wanted] = ['', undefined]] = Object.entries(condition[kind] as Record<string, unknown>);

  if (condition.timestamp) {
    const { timestamp } = condition;
    const holds = dateTest(operator, wanted, scope.now);
    return (row) => holds(row[timestamp]);
  }

  const property = scope.find(condition.property ?? '');
  if (!property) throw invalid(`Could not find property with name or id: ${condition.property}`);
  if (property.type !== kind) {
    throw invalid(
      'The property type in the database does not match the property type of the filter provided: ' +
        `database property ${property.type} does not match filter ${kind}`,
    );
  }
  if (kind === 'select' || kind === 'multi_select') demandKnownOptions(property, wanted);
  const holds = kind === 'date' ? dateTest(operator, wanted, scope.now) : plainTest(operator, wanted);
  return (row) => holds(row.plain(property));
}

/** Notion refuses the whole query when it names an option the select does not have. */
function demandKnownOptions({ name, type, options }: Property, wanted: unknown): void {
  const known = options.map((option) => option.name);
  for (const one of [wanted].flat()) {
    if (typeof one !== 'string' || known.includes(one)) continue;
    const available = known.map((option) => `"${option}"`).join(', ');
    throw invalid(
      `${type} option "${one}" not found for property "${name}". Available options: ${available}.`,
    );
  }
}

const isEmpty = (cell: Plain) => cell === null || cell === '' || (Array.isArray(cell) && cell.length === 0);

function plainTest(operator: string, wanted: unknown): (cell: Plain) => boolean {
  const any = [wanted].flat();
  const text = String(wanted);
  const holds = (cell: Plain) =>
    typeof cell === 'string'
      ? cell.includes(text)
      : Array.isArray(cell) && cell.some((one) => any.includes(one));
  const number = (compare: (cell: number) => boolean) => (cell: Plain) =>
    typeof cell === 'number' && compare(cell);

  switch (operator) {
    case 'equals':
      return (cell) => any.includes(cell);
    case 'does_not_equal':
      return (cell) => !any.includes(cell);
    case 'contains':
      return holds;
    case 'does_not_contain':
      return (cell) => !holds(cell);
    case 'starts_with':
      return (cell) => typeof cell === 'string' && cell.startsWith(text);
    case 'ends_with':
      return (cell) => typeof cell === 'string' && cell.endsWith(text);
    case 'greater_than':
      return number((cell) => cell > Number(wanted));
    case 'less_than':
      return number((cell) => cell < Number(wanted));
    case 'greater_than_or_equal_to':
      return number((cell) => cell >= Number(wanted));
    case 'less_than_or_equal_to':
      return number((cell) => cell <= Number(wanted));
    case 'is_empty':
      return isEmpty;
    case 'is_not_empty':
      return (cell) => !isEmpty(cell);
    default:
      throw new Untaught(`the filter operator ${operator}`);
  }
}

const DAY_MS = 86_400_000;

/** A plain object would know `constructor` as well. */
function tableOf<T>(entries: Record<string, T>): ReadonlyMap<string, T> {
  return new Map(Object.entries(entries));
}

/** Days from today that the relative words mean. */
const WORDS = tableOf<(now: Date) => number>({
  today: () => 0,
  tomorrow: () => 1,
  yesterday: () => -1,
  one_week_ago: () => -7,
  one_week_from_now: () => 7,
  one_month_ago: (now) => daysTo(now, { months: -1 }),
  one_month_from_now: (now) => daysTo(now, { months: 1 }),
});

/** First and last day, counted from today, of the periods an operator can name. */
const PERIODS = tableOf<(now: Date) => readonly [number, number]>({
  this_week: (now) => [-now.getUTCDay(), 6 - now.getUTCDay()],
  past_week: () => [-7, 0],
  past_month: (now) => [daysTo(now, { months: -1 }), 0],
  past_year: (now) => [daysTo(now, { months: -12 }), 0],
  next_week: () => [0, 7],
  next_month: (now) => [0, daysTo(now, { months: 1 })],
  next_year: (now) => [0, daysTo(now, { months: 12 })],
});

function daysTo(now: Date, { months }: { months: number }): number {
  const then = new Date(now);
  then.setUTCMonth(then.getUTCMonth() + months);
  return Math.round((then.getTime() - now.getTime()) / DAY_MS);
}

const dayOf = (date: string) => new Date(instantOf(date)).toISOString().slice(0, 10);

function dateTest(operator: string, wanted: unknown, nowMs: number): (cell: Plain) => boolean {
  if (operator === 'is_empty') return isEmpty;
  if (operator === 'is_not_empty') return (cell) => !isEmpty(cell);

  const now = new Date(nowMs);
  const dayFromNow = (days: number) => new Date(nowMs + days * DAY_MS).toISOString().slice(0, 10);
  const period = PERIODS.get(operator)?.(now);
  if (period) {
    const [first, last] = period.map(dayFromNow) as [string, string];
    return (cell) => typeof cell === 'string' && dayOf(cell) >= first && dayOf(cell) <= last;
  }

  const word = WORDS.get(String(wanted));
  const moment = word ? dayFromNow(word(now)) : String(wanted);
  if (Number.isNaN(instantOf(moment))) throw invalid(`Invalid date in filter: ${moment}`);
  // Against a day, days are compared; against a moment, moments, to the minute as they are stored.
  const isDay = moment.length === 'YYYY-MM-DD'.length;
  const difference = (cell: string) =>
    isDay
      ? instantOf(dayOf(cell)) - instantOf(moment)
      : instantOf(asStored(cell)) - instantOf(asStored(moment));
  const compare = COMPARISONS.get(operator);
  if (!compare) throw new Untaught(`the date filter ${operator}`);
  return (cell) => typeof cell === 'string' && compare(difference(cell));
}

const COMPARISONS = tableOf<(difference: number) => boolean>({
  equals: (difference) => difference === 0,
  before: (difference) => difference < 0,
  after: (difference) => difference > 0,
  on_or_before: (difference) => difference <= 0,
  on_or_after: (difference) => difference >= 0,
});

/** The address a filter demands of every row, when it demands one: what an index can answer. */
export function demandedEmail(filter: Filter | undefined, scope: Scope): [Property, string] | undefined {
  if (!filter) return undefined;
  if ('and' in filter) {
    for (const member of filter.and) {
      const found = demandedEmail(member as Filter, scope);
      if (found) return found;
    }
    return undefined;
  }
  const { property: name, email } = filter as { property?: string; email?: { equals?: string } };
  const property = scope.find(name ?? '');
  return property?.type === 'email' && email?.equals !== undefined ? [property, email.equals] : undefined;
}

/** Compares rows as `sorts` say: the first rule counts most, and rows without a value come last. */
export function comparator(sorts: Sorts, scope: Scope): (one: Row, other: Row) => number {
  const rules = sorts.map((sort) => {
    const sign = sort.direction === 'descending' ? -1 : 1;
    if ('timestamp' in sort) {
      const moment = sort.timestamp === 'created_time' ? 'createdAt' : 'editedAt';
      return { key: (row: Row): Plain => row[moment], sign };
    }
    const property = scope.find(sort.property);
    if (!property) throw invalid(`Could not find sort property with name or id: ${sort.property}`);
    return { key: (row: Row) => sortKey(property, row.plain(property)), sign };
  });
  return (one, other) => {
    for (const { key, sign } of rules) {
      const order = compareKeys(key(one), key(other), sign);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** Selects sort by the order of their options, dates by the moment, the rest by itself. */
function sortKey({ type, options }: Property, cell: Plain): Plain {
  if (cell === null) return null;
  if (type === 'select') return options.findIndex(({ name }) => name === cell);
  if (type === 'date') return instantOf(String(cell));
  if (type === 'multi_select') return String(cell) || null;
  return typeof cell === 'boolean' ? Number(cell) : cell;
}

function compareKeys(one: Plain, other: Plain, sign: number): number {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return sign * (one < other ? -1 : 1);
}
