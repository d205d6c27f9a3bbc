import type { Results } from '../scoring.ts';

/** What this browser remembers of its visitor, under the names that the site has always used. */
export const visitor = {
  get id() {
    return localStorage.getItem('xmas-lead-id') ?? '';
  },
  get email() {
    return localStorage.getItem('xmas-user-email') ?? '';
  },
  get name() {
    return localStorage.getItem('xmas-user-name') ?? '';
  },
  get businessName() {
    return localStorage.getItem('xmas-business-name') ?? '';
  },
  get results(): Results | undefined {
    const kept = localStorage.getItem('xmas-results');
    return kept ? (JSON.parse(kept) as Results) : undefined;
  },
  remember({ id, email, name, businessName }: Record<'id' | 'email' | 'name' | 'businessName', string>) {
    localStorage.setItem('xmas-lead-id', id);
    localStorage.setItem('xmas-user-email', email);
    localStorage.setItem('xmas-user-name', name);
    localStorage.setItem('xmas-business-name', businessName);
    localStorage.removeItem('xmas-results');
    // Another visitor on the same device begins anew.
    sessionStorage.removeItem('xmas-answers');
  },
  keepResults(results: Results) {
    localStorage.setItem('xmas-results', JSON.stringify(results));
  },
};

export interface Posted {
  ok: boolean;
  body: Record<string, unknown>;
}

/** Posts JSON; it reaches the server although the visitor leaves the page. A network that fails is an answer, too. */
export async function postJson(path: string, body: object): Promise<Posted> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      keepalive: true,
    });
    return { ok: response.ok, body: (await response.json()) as Record<string, unknown> };
  } catch {
    return { ok: false, body: {} };
  }
}

/** The element of that id; the page has it. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found as T;
}

/** An element with text, never with markup: what a visitor typed stays text. */
export function element(
  tag: string,
  content: string | readonly Node[] = '',
  attributes: Record<string, string> = {},
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (typeof content === 'string') made.textContent = content;
  else made.append(...content);
  return made;
}
