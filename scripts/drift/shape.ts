import type { Json } from './sanitise.ts';

/** What an answer is made of, free of its values. */
export interface Shape {
  /** Each path with the kinds of values that stand there. */
  places: ReadonlyMap<string, Place>;
  /** The paths of objects: what one can have, and does not, is missing there. */
  objects: ReadonlySet<string>;
}

interface Place {
  /** The object or list it is in; none of the answer itself. */
  parent: string | undefined;
  name: string;
  kinds: ReadonlySet<string>;
  /** How ids and moments there are written; of other texts nothing is told. */
  forms: ReadonlySet<string>;
  /** It stands in each of the objects that could have it. */
  always: boolean;
}

export type Finding =
  /** Ours gives it always, the real one never. */
  | { kind: 'gone'; path: string; text: string }
  /** The real one gives it, ours never. */
  | { kind: 'new'; path: string; text: string }
  | { kind: 'renamed'; path: string; text: string }
  | { kind: 'type'; path: string; text: string }
  | { kind: 'form'; path: string; text: string }
  | { kind: 'status'; path: string; text: string }
  /** The schema that the stand-in is held to forbids it. */
  | { kind: 'forbidden'; path: string; text: string };

interface Noted {
  parent: string | undefined;
  name: string;
  kinds: Set<string>;
  forms: Set<string>;
  times: number;
}

const ID_OR_MOMENT = /(?:^id|_id|Id|_at|_time|Date|^date|timestamp)$/;

/**
 * The shape of an answer. `tagged`: an object that says its own type, and has its value under that name, is another thing
 * for each type, as Notion's properties, parents and texts are; a map with names that people chose is told by these types.
 */
export function shapeOf(
  answer: Json,
  { tagged, maps }: { tagged: boolean; maps: ReadonlySet<string> },
): Shape {
  const noted = new Map<string, Noted>();
  const objects = new Map<string, number>();

  const note = (parent: string | undefined, name: string, path: string, value: Json): void => {
    const place = noted.get(path) ?? { parent, name, kinds: new Set(), forms: new Set(), times: 0 };
    noted.set(path, place);
    place.times += 1;
    place.kinds.add(kindOf(value));
    if (typeof value === 'string' && ID_OR_MOMENT.test(name)) place.forms.add(formOf(value));
    if (Array.isArray(value)) {
      for (const item of value) note(path, '[]', `${path}[]`, item);
    } else if (typeof value === 'object' && value !== null) {
      const type = tagged ? tagOf(value) : undefined;
      const self = type === undefined ? path : `${path}<${type}>`;
      objects.set(self, (objects.get(self) ?? 0) + 1);
      for (const [key, inner] of Object.entries(value)) {
        const isMap = maps.has(name);
        note(self, isMap ? '*' : key, `${self}.${isMap ? '*' : key}`, inner);
      }
    }
  };
  note(undefined, '', 'answer', answer);

  const places = new Map(
    [...noted].map(([path, { parent, name, kinds, forms, times }]) => {
      const always = parent !== undefined && name !== '[]' && name !== '*' && times === objects.get(parent);
      return [path, { parent, name, kinds, forms, always }];
    }),
  );
  return { places, objects: new Set(objects.keys()) };
}

const kindOf = (value: Json): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;

function tagOf(value: Record<string, Json>): string | undefined {
  const { type } = value;
  return typeof type === 'string' && Object.hasOwn(value, type) ? type : undefined;
}

function formOf(text: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-/.test(text)) return 'a UUID';
  if (/^\d{4}-\d\d-\d\d /.test(text)) return 'a moment with a space';
  if (/^\d{4}-\d\d-\d\d/.test(text)) return 'an ISO moment';
  return 'some other text';
}

/**
 * Where two answers to the same request differ in shape. Only what both can show is compared; fields with a name in
 * `optional` may be missing.
 */
export function compare(ours: Shape, real: Shape, optional: ReadonlySet<string> = new Set()): Finding[] {
  const isObject = ({ objects }: Shape, path: string | undefined) => path !== undefined && objects.has(path);
  const gone = [...ours.places].filter(
    ([path, { parent, name, always }]) =>
      always && !optional.has(name) && !real.places.has(path) && isObject(real, parent),
  );
  const fresh = [...real.places].filter(
    ([path, { parent, name }]) =>
      name !== '[]' && name !== '*' && !ours.places.has(path) && isObject(ours, parent),
  );

  const findings: Finding[] = [];
  for (const [path, place] of gone) {
    const successors = fresh.filter(([, one]) => one.parent === place.parent && sameKinds(one, place));
    const rivals = gone.filter(([, one]) => one.parent === place.parent && sameKinds(one, place));
    const [[to, successor] = []] = successors;
    if (to !== undefined && successor && successors.length === 1 && rivals.length === 1) {
      findings.push({ kind: 'renamed', path, text: `is called "${successor.name}" now` });
      fresh.splice(
        fresh.findIndex(([one]) => one === to),
        1,
      );
    } else {
      findings.push({
        kind: 'gone',
        path,
        text: `ours always gives it (${list(place.kinds)}), the real one does not`,
      });
    }
  }
  for (const [path, { kinds }] of fresh) {
    findings.push({ kind: 'new', path, text: `the real one gives it (${list(kinds)}), ours does not` });
  }
  for (const [path, place] of ours.places) {
    const other = real.places.get(path);
    if (other) findings.push(...changes(path, place, other));
  }
  return findings;
}

function changes(path: string, ours: Place, real: Place): Finding[] {
  const known = new Set([...ours.kinds].filter((kind) => kind !== 'null'));
  const other = [...real.kinds].filter((kind) => kind !== 'null' && !known.has(kind));
  // What is always null in ours tells nothing of what it may be.
  if (known.size > 0 && other.length > 0) {
    return [{ kind: 'type', path, text: `is ${list(other)}, in ours ${list(known)}` }];
  }
  const forms = [...real.forms].filter((form) => !ours.forms.has(form));
  return ours.forms.size > 0 && forms.length > 0
    ? [{ kind: 'form', path, text: `is ${list(forms)}, in ours ${list(ours.forms)}` }]
    : [];
}

const sameKinds = (one: Place, other: Place): boolean => list(one.kinds) === list(other.kinds);
const list = (kinds: Iterable<string>): string =>
  [...kinds].toSorted((a, b) => a.localeCompare(b)).join(' or ');
