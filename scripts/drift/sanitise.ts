import { VOCABULARY } from './vocabulary.ts';

/** JSON as a service answers it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface Positions {
  /** Keys whose object has names that people or flows chose for its keys. */
  maps: ReadonlySet<string>;
  /** Keys below which everything is what people or flows put there, and no business of the service's. */
  opaque: ReadonlySet<string>;
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const MOMENT = /^\d{4}-\d\d-\d\d([T ])\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const DURATION = /^P(?=.)(?:\d+[YMWD])*(?:T(?:[\d.]+[HMS])+)?$/;
const ADDRESS = /^[^\s<>@]+@[^\s<>@]+$/;
const NAMED_ADDRESS = /^.*<([^<>]+@[^<>]+)>$/;
const URL = /^https?:\/\//i;
const CLASS_OF_KESTRA = /^io\.kestra\.(?:core|plugin)\.[A-Za-z.]+$/;
/** How services name their own fields; a name with a digit or a dash may be an id. */
const FIELD = /^_?[a-z]+(?:[A-Z][a-z]*)*(?:_[a-z]+)*$/;
const LONGEST_FIELD = 40;
/** Of the software: what was captured depends on it. */
const VERSION = /^\d{1,3}\.\d{1,3}\.\d{1,3}(?:-(?:SNAPSHOT|rc\d+))?$/;
const STATUS = /^status(?:Code)?$/;

/** Longer lists are cut to one element of each shape. */
const WHOLE = 3;
const MOST = 12;

/**
 * Replaces every value of the answers it is given by one that tells nothing but its kind: an id by an id, an address by an
 * address, a moment by a moment. What was equal stays equal, also between answers, so links survive; what replaces a value
 * depends on when it was first met, and on nothing in it.
 */
export class Sanitiser {
  readonly #positions: Positions;
  readonly #replaced = new Map<string, Map<string, number>>();
  #status: number | undefined;

  constructor(positions: Positions) {
    this.#positions = positions;
  }

  /** An answer to publish; one that tells its own HTTP status keeps it. */
  answer(value: Json, status?: number): Json {
    this.#status = status;
    return this.#value(value, '', false);
  }

  #value(value: Json, key: string, opaque: boolean): Json {
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'number') return this.#number(value, key);
    if (typeof value === 'string')
      return key === 'version' && VERSION.test(value) ? value : this.#text(value);
    if (Array.isArray(value))
      return opaque ? [] : shortened(value.map((item) => this.#value(item, '', false)));
    return opaque ? {} : this.#object(value, this.#positions.maps.has(key));
  }

  #object(value: Record<string, Json>, isMap: boolean): Json {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        this.#key(key, isMap),
        this.#value(inner, key, !isMap && this.#positions.opaque.has(key)),
      ]),
    );
  }

  #key(key: string, isMap: boolean): string {
    if (VOCABULARY.has(key)) return key;
    const isField = !isMap && FIELD.test(key) && key.length <= LONGEST_FIELD;
    return isField ? key : this.#text(key);
  }

  #number(value: number, key: string): number {
    if (value === this.#status && STATUS.test(key)) return value;
    const count = this.#count('number', String(value));
    return Number.isInteger(value) ? count : count + 0.5;
  }

  #text(text: string): string {
    if (text === '' || VOCABULARY.has(text) || CLASS_OF_KESTRA.test(text)) return text;
    if (UUID.test(text)) return this.#uuid(text);
    const moment = MOMENT.exec(text);
    if (moment) return this.#moment(text, moment);
    if (DATE.test(text)) return dayNumber(this.#count('date', text));
    if (DURATION.test(text)) return `PT${this.#count('duration', text)}S`;
    if (URL.test(text)) return `https://example.test/${this.#count('address of a page', text)}`;
    if (ADDRESS.test(text)) return this.#address(text);
    const address = NAMED_ADDRESS.exec(text)?.[1];
    if (address)
      return text.startsWith('<') ? `<${this.#address(address)}>` : `Somebody <${this.#address(address)}>`;
    return `text-${this.#count('text', text)}`;
  }

  #address(address: string): string {
    return `somebody-${this.#count('mail address', address.toLowerCase())}@example.test`;
  }

  /** With or without dashes it is the same id. */
  #uuid(text: string): string {
    const number = this.#count('uuid', text.replaceAll('-', '').toLowerCase());
    const uuid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    return text.includes('-') ? uuid : uuid.replaceAll('-', '');
  }

  #moment(text: string, [, separator = 'T', seconds, fraction, zone]: RegExpExecArray): string {
    const at = new Date(FIRST_DAY + this.#count('moment', text) * 60_000).toISOString();
    return [
      at.slice(0, 10),
      separator,
      at.slice(11, 16),
      seconds ? ':00' : '',
      fraction ? `.${'0'.repeat(fraction.length - 1)}` : '',
      zone?.replaceAll(/\d/g, '0').replace('-', '+') ?? '',
    ].join('');
  }

  #count(kind: string, value: string): number {
    const known = this.#replaced.get(kind) ?? new Map<string, number>();
    this.#replaced.set(kind, known);
    const count = known.get(value) ?? known.size + 1;
    known.set(value, count);
    return count;
  }
}

const FIRST_DAY = Date.UTC(2025, 0, 1);
const dayNumber = (count: number): string =>
  new Date(FIRST_DAY + count * 24 * 3_600_000).toISOString().slice(0, 10);

function shortened(items: Json[]): Json[] {
  if (items.length <= WHOLE) return items;
  const seen = new Set<string>();
  const kept = items.filter((item) => {
    const form = formOf(item);
    return !seen.has(form) && seen.add(form);
  });
  return kept.slice(0, MOST);
}

/** The same for values that differ in nothing but their texts and numbers. */
function formOf(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    typeof inner === 'string' && !VOCABULARY.has(inner) ? '' : typeof inner === 'number' ? 0 : inner,
  );
}
