import { APART, type Power, powerless, ranOf } from './matrix.ts';
import type { Trial } from './run.ts';
import { type Ending, type Fate, isRed } from './verdict.ts';

const ORDER: readonly Fate[] = ['survived', 'by accident', 'not run', 'not deployed', 'killed'];

/** Survivors first, then what was killed by accident or could not be judged. */
export const worstFirst = (trials: readonly Trial[]): Trial[] =>
  trials.toSorted((a, b) => ORDER.indexOf(a.fate) - ORDER.indexOf(b.fate));

/** The tests that failed against a mutant. */
export const killers = ({ endings }: Trial): Ending[] => endings.filter(isRed);

/** Tests that ran against mutants and failed against none: what would they notice? */
export function neverRed(trials: readonly Trial[]): string[] {
  const all = new Set(trials.flatMap(({ endings }) => endings.map(nameOf)));
  const strong = new Set(trials.flatMap((trial) => killers(trial).map(nameOf)));
  return [...all].filter((name) => !strong.has(name)).toSorted();
}

const nameOf = ({ file, title }: Ending): string => `${file}: ${title}`;

/** The page with both tables: mutants, survivors first, and what must kill them, the powerless first. */
export function page(trials: readonly Trial[], powers: readonly Power[]): string {
  const rows = worstFirst(trials).map((trial) => {
    const { mutant, fate, tookMs, trouble } = trial;
    const by = killers(trial).map(
      (ending) => `<li>${escaped(ending.title)}<pre>${escaped(head(ending.message))}</pre></li>`,
    );
    return `<tr class="${fate.replace(' ', '-')}"><td>${escaped(fate)}</td><td><b>${escaped(mutant.id)}</b><br>${escaped(mutant.kind)}</td>
<td>${escaped(mutant.harm)}</td><td>${trouble ? escaped(trouble) : `<ul>${by.join('')}</ul>`}</td><td>${Math.round(tookMs / 1000)} s</td></tr>`;
  });
  const subjects = powers.map((power) => {
    const { id, spec, killed } = power;
    return `<tr class="${killed > 0 ? 'killed' : 'survived'}"><td>${killed > 0 ? killed : 'powerless'}</td><td><b>${escaped(id)}</b></td><td>${id === spec ? '' : escaped(spec)}</td><td>${ranOf(power)}</td></tr>`;
  });
  const apart = Object.entries(APART).map(([place, why]) => `<li>${escaped(place)}: ${escaped(why)}</li>`);
  const weak = neverRed(trials).map((name) => `<li>${escaped(name)}</li>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mutants</title>
<style>body{font:15px/1.4 system-ui;margin:2em;max-width:90em}table{border-collapse:collapse;width:100%}td,th{border:1px solid #bbb;padding:.4em .6em;vertical-align:top;text-align:left}
pre{white-space:pre-wrap;margin:.2em 0;font-size:12px}.survived td:first-child{background:#f6c1c1}.by-accident td:first-child,.not-run td:first-child,.not-deployed td:first-child{background:#fbe6b3}.killed td:first-child{background:#c9e8c9}</style>
<h1>Mutants</h1><p>${escaped(totals(trials))}</p>
<table><tr><th>Fate</th><th>Mutant</th><th>What a user would suffer</th><th>Failed against it</th><th>Took</th></tr>
${rows.join('\n')}</table>
<h2>Test cases and spec files</h2><p>${escaped(verdictOn(powers))}</p>
<table><tr><th>Mutants killed</th><th>Test case or spec file</th><th>Its spec</th><th>Ran</th></tr>
${subjects.join('\n')}</table>
<h3>Not about flows or site</h3><ul>${apart.join('')}</ul>
<h2>Tests that no mutant turned red</h2><ul>${weak.join('')}</ul></html>`;
}

/** `92 mutants: 90 killed, 1 by accident, 1 survived`. */
export function totals(trials: readonly Trial[]): string {
  const count = (fate: Fate): number => trials.filter((trial) => trial.fate === fate).length;
  const parts = ORDER.toReversed().flatMap((fate) => (count(fate) > 0 ? [`${count(fate)} ${fate}`] : []));
  return `${trials.length} mutants: ${parts.join(', ')}`;
}

/** `81 test cases and spec files: 79 kill a mutant, 2 are powerless, 1 of which never ran`. */
export const verdictOn = (powers: readonly Power[]): string => {
  const weak = powerless(powers);
  const unseen = weak.filter(({ ran }) => ran === 0).length;
  return `${powers.length} test cases and spec files: ${powers.length - weak.length} kill a mutant, ${weak.length} are powerless, ${unseen} of which never ran`;
};

/** The first lines of a message. */
export const head = (message: string, lines = 3): string =>
  message
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, lines)
    .join('\n')
    .slice(0, 400);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
