interface Undo {
  what: string;
  action: () => Promise<void>;
}

/** What a test has to take back when it is over. */
export class Afterwards {
  readonly #undos: Undo[] = [];

  /** Takes `what` back after the test; a failure of `action` is shown and hides nothing. */
  undo(what: string, action: () => Promise<void>): void {
    this.#undos.push({ what, action });
  }

  /** Takes back, newest first, and says what could not be. */
  async run(): Promise<string[]> {
    const failures: string[] = [];
    for (const { what, action } of this.#undos.splice(0).reverse()) {
      await action().catch((error: unknown) => failures.push(`${what}: ${String(error)}`));
    }
    return failures;
  }
}
