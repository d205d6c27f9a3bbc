/** An answer of Notion that is not 200: status, code and message as Notion has them. */
export class NotionError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'NotionError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Something Notion can do and this stand-in can't: answered 501, recorded, and the run fails. */
export class Untaught extends NotionError {
  constructor(what: string) {
    super(501, 'not_implemented', `The Notion stand-in was not taught ${what}.`);
    this.name = 'Untaught';
  }
}

export const invalid = (message: string) => new NotionError(400, 'validation_error', message);

/** The refusal of a body, path or query, one line for each way to mend it. */
export function failedValidation(where: 'body' | 'path' | 'query', lines: readonly string[]): NotionError {
  const [first = 'malformed', ...others] = lines;
  return invalid(
    others.length === 0
      ? `${where} failed validation: ${first}`
      : `${where} failed validation. Fix one:\n${[first, ...others].join('\n')}`,
  );
}

export const notFound = (kind: 'page' | 'block' | 'database' | 'data source', id: string) =>
  new NotionError(
    404,
    'object_not_found',
    `Could not find ${kind.replace(' ', '_')} with ID: ${id}. ` +
      'Make sure the relevant pages and databases are shared with your integration.',
  );

/** A value as Notion quotes it in its messages. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return `\`${text.length > 100 ? `${text.slice(0, 100)}...` : text}\``;
}
