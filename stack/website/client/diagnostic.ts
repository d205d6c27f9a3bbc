import { PATHS } from '../paths.ts';
import { SYSTEMS } from '../scoring.ts';
import { resultsList, scoreText } from './results.ts';
import { byId, element, visitor } from './visitor.ts';

const place = byId('diagnostic');
const { results } = visitor;

const aboutOf = (system: string) =>
  SYSTEMS.find(({ name }) => name === system)?.about.toLowerCase() ?? system;
const link = (text: string, href: string) =>
  element('p', [element('a', text, { class: 'button primary', href })]);

if (!results) {
  place.append(
    element('p', 'This browser has no results yet. The assessment takes four minutes.', { class: 'lead' }),
    link('To the assessment', PATHS.assessment),
  );
} else {
  const { weakestSystem1, weakestSystem2, strongestSystem, revenueLeak, redCount, orangeCount } = results;
  const nothing = redCount + orangeCount === 0;
  place.append(
    element('p', scoreText(results), { class: 'lead' }),
    resultsList(results),
    element('h2', nothing ? 'Nothing stands out' : 'Where to begin'),
    element(
      'p',
      nothing
        ? 'All eight systems work. A call can still show you what to build on.'
        : `Begin with ${aboutOf(weakestSystem1)}, which our letters call ${weakestSystem1}, then look at ${aboutOf(weakestSystem2)} (${weakestSystem2}). You can build on ${aboutOf(strongestSystem)} (${strongestSystem}).`,
    ),
    ...(nothing
      ? []
      : [
          element(
            'p',
            `By a rule of thumb the weak spots cost about ${revenueLeak.toLocaleString('en-GB')} a month. Your own numbers may differ; the call is there to find them.`,
          ),
        ]),
    link('Book the call', PATHS.bookCall),
  );
}
