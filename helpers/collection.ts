/** Things that come one by one while a test waits: mails, rows, executions. Each `read` asks afresh. */
export interface Collection<T> {
  readonly what: string;
  read(): Promise<readonly T[]>;
  /** One line about one of them, for a failure's message. */
  describe(item: T): string;
}

/** Those of a collection that `keep` holds. */
export const those = <T, Knowledge extends object>(
  what: string,
  all: Collection<T> & Knowledge,
  keep: (item: T) => boolean,
): Collection<T> & Knowledge => ({
  ...all,
  what,
  read: async () => (await all.read()).filter(keep),
  describe: (item) => all.describe(item),
});

/** The lines of a message, or a word that there is nothing. */
export function listing<T>(collection: Collection<T>, items: readonly T[]): string {
  return items.length === 0
    ? `  (no ${collection.what})`
    : items.map((item) => `  ${collection.describe(item)}`).join('\n');
}
