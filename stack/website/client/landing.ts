import { API, PATHS } from '../paths.ts';
import { byId, postJson, visitor } from './visitor.ts';

const FIELDS = ['firstName', 'email', 'businessName', 'monthlyRevenue', 'biggestChallenge', 'privacy'];

const form = byId<HTMLFormElement>('sign-up');
const button = form.querySelector('button');
let sending = false;

const controlOf = (name: string) => byId<HTMLInputElement | HTMLSelectElement>(name);

function tell(name: string, message = ''): void {
  byId(`${name}-error`).textContent = message;
  controlOf(name).setAttribute('aria-invalid', String(message !== ''));
}

/** Shows each message at its field and goes to the first one. */
function show(errors: Record<string, string>): void {
  for (const name of FIELDS) tell(name, errors[name]);
  const first = FIELDS.find((name) => name in errors);
  if (first) controlOf(first).focus();
}

function faults(): Record<string, string> {
  const texts: Record<string, string> = {
    firstName: 'Please tell us your name.',
    email: 'Please give an e-mail address such as you@example.com.',
    monthlyRevenue: 'Please choose one.',
    biggestChallenge: 'Please choose one.',
    privacy: 'We need your consent to send you anything.',
  };
  const found = FIELDS.filter((name) => !controlOf(name).checkValidity());
  return Object.fromEntries(found.map((name) => [name, texts[name] ?? 'Please look at this field.']));
}

async function submit(): Promise<void> {
  if (sending) return; // a double click is one sign-up
  const errors = faults();
  show(errors);
  byId('form-error').textContent = '';
  if (Object.keys(errors).length > 0) return;

  sending = true;
  button?.setAttribute('aria-disabled', 'true');
  const value = (name: string) => controlOf(name).value.trim();
  const answer = await postJson(API.signUp, {
    firstName: value('firstName'),
    email: value('email'),
    businessName: value('businessName'),
    monthlyRevenue: value('monthlyRevenue'),
    biggestChallenge: value('biggestChallenge'),
    privacy: true,
  });
  const { leadId, errors: refused } = answer.body;
  if (answer.ok && typeof leadId === 'string') {
    const [email, name, businessName] = [value('email'), value('firstName'), value('businessName')];
    visitor.remember({ id: leadId, email, name, businessName });
    location.assign(`${PATHS.thankYou}?${new URLSearchParams({ name, email }).toString()}`);
    return; // stays locked until the page is gone
  }
  sending = false;
  button?.removeAttribute('aria-disabled');
  if (refused) show(refused as Record<string, string>);
  else byId('form-error').textContent = 'That did not work. Please try again in a moment.';
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void submit();
});
// What is put right looks right at once; what is wrong is told on sending alone, not while somebody types.
form.addEventListener('input', ({ target }) => {
  const { id, validity } = target as HTMLInputElement | HTMLSelectElement;
  if (validity.valid) tell(id);
});
// Back from the next page, the form is as it was left: ready again.
addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  sending = false;
  button?.removeAttribute('aria-disabled');
});
