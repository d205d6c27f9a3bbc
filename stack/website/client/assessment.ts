import { API, PATHS } from '../paths.ts';
import { QUESTIONS, type Results, resultsOf } from '../scoring.ts';
import { resultsList, scoreText } from './results.ts';
import { byId, element, postJson, visitor } from './visitor.ts';

interface Progress {
  /** Which sign-up they belong to. */
  lead: string;
  answers: boolean[];
  /** Whether the server has them. */
  posted: boolean;
}

const KEY = 'xmas-answers';
const place = byId('assessment');
const animationMs = Number(place.dataset['animationMs'] ?? 0);

/** Survives a reload, and belongs to this tab alone. */
const progress: Progress = recalled() ?? { lead: visitor.id, answers: [], posted: false };
let moving = false;
/** Where this page began: before it lies another page, and no question to go back to. */
const first = progress.answers.length;

function recalled(): Progress | undefined {
  const kept = sessionStorage.getItem(KEY);
  const found = kept ? (JSON.parse(kept) as Progress) : undefined;
  return found?.lead === visitor.id ? found : undefined;
}

const keep = () => sessionStorage.setItem(KEY, JSON.stringify(progress));

function showQuestion(index: number): void {
  const heading = element('h1', QUESTIONS[index], {
    tabindex: '-1',
    id: 'question',
    'aria-describedby': 'number',
  });
  const bar = element('progress', '', {
    max: String(QUESTIONS.length),
    value: String(index),
    'aria-label': 'Questions answered',
  });
  // Alike, so that none of them looks like the right answer.
  const yes = element('button', 'YES', { type: 'button' });
  const no = element('button', 'NO', { type: 'button' });
  for (const [button, answer] of [
    [yes, true],
    [no, false],
  ] as const) {
    button.addEventListener('click', (event) => {
      // The second click of a double click would answer the next question.
      if (event.detail < 2) answered(index, answer);
    });
  }
  place.replaceChildren(
    element('p', `Question ${index + 1} of ${QUESTIONS.length}`, { class: 'kicker', id: 'number' }),
    bar,
    heading,
    element('div', [yes, no], { class: 'answers', role: 'group', 'aria-labelledby': 'question' }),
    ...(index > first ? [backButton()] : []),
  );
  heading.focus({ preventScroll: true });
}

function backButton(): HTMLElement {
  const back = element('button', 'Back one question', { type: 'button', class: 'plain' });
  back.addEventListener('click', () => history.back());
  return back;
}

function answered(index: number, answer: boolean): void {
  if (moving) return;
  progress.answers.length = Math.min(progress.answers.length, index);
  progress.answers[index] = answer;
  keep();
  const next = index + 1;
  if (next === QUESTIONS.length) return move(finish);
  history.pushState({ question: next }, '');
  move(() => showQuestion(next));
}

function move(then: () => void): void {
  if (animationMs === 0) return then();
  moving = true;
  place.classList.add('moving');
  setTimeout(() => {
    moving = false;
    place.classList.remove('moving');
    then();
  }, animationMs);
}

function finish(): void {
  const results = resultsOf(progress.answers);
  visitor.keepResults(results);
  showResults(results);
  if (!progress.posted) void post(results);
}

async function post(results: Results): Promise<void> {
  const state = byId('mail-state');
  state.textContent = 'One moment, your results are being sent …';
  const { colours: _colours, ...facts } = results;
  const answer = await postJson(API.complete, {
    leadId: visitor.id,
    email: visitor.email,
    firstName: visitor.name,
    businessName: visitor.businessName,
    answers: progress.answers,
    ...facts,
    timestamp: new Date().toISOString(),
  });
  progress.posted = answer.ok;
  keep();
  state.textContent =
    answer.body['mailed'] === true
      ? `Your results are on their way to ${visitor.email}.`
      : 'Your results are here. We could not mail them to you just now.';
}

function showResults(results: Results): void {
  const heading = element('h1', `${visitor.name ? `${visitor.name}, your` : 'Your'} results`, {
    tabindex: '-1',
  });
  document.title = document.title.replace('Assessment', 'Your results');
  reachStep('Results');
  place.replaceChildren(
    element('p', 'Assessment complete', { class: 'kicker' }),
    heading,
    element('p', scoreText(results), { class: 'lead' }),
    resultsList(results),
    element('p', progress.posted ? `Your results were sent to ${visitor.email}.` : '', {
      id: 'mail-state',
      role: 'status',
    }),
    element('p', [element('a', 'See what they mean', { class: 'button primary', href: PATHS.diagnostic })]),
  );
  heading.focus({ preventScroll: true });
}

/** Marks that place of the way as the present one. */
function reachStep(name: string): void {
  for (const step of document.querySelectorAll('.steps li')) {
    if (step.querySelector('.name')?.textContent === name) step.setAttribute('aria-current', 'step');
    else step.removeAttribute('aria-current');
  }
}

function showStranger(): void {
  place.replaceChildren(
    element('h1', 'Where may we send your results?'),
    element('p', 'Please sign up first; it takes a minute.', { class: 'lead' }),
    element('p', [element('a', 'To the sign-up', { class: 'button primary', href: PATHS.landing })]),
  );
}

function begin(): void {
  if (!visitor.email) return showStranger();
  if (progress.answers.length === QUESTIONS.length) return finish();
  const index = progress.answers.length;
  history.replaceState({ question: index }, '');
  showQuestion(index);
}

// The browser's back button goes back one question.
addEventListener('popstate', (event) => {
  const { question } = (event.state ?? {}) as { question?: number };
  if (question !== undefined && progress.answers.length < QUESTIONS.length) showQuestion(question);
});

begin();
