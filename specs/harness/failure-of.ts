import { stripVTControlCharacters } from 'node:util';

/** The message with which an assertion failed; throws when it passed. */
export async function failureOf(assertion: () => Promise<unknown>): Promise<string> {
  try {
    await assertion();
  } catch (error) {
    return stripVTControlCharacters((error as Error).message);
  }
  throw new Error('The assertion passed, but was to fail.');
}
