/** Answers the same question, asked again within `freshMs`, with the answer that was had, or is being had, already. */
export class Coalesced<T> {
  readonly #freshMs: number;
  readonly #answers = new Map<string, { at: number; answer: Promise<T> }>();

  constructor(freshMs: number) {
    this.#freshMs = freshMs;
  }

  /** A failed answer is not kept. */
  async ask(question: string, read: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(question);
    if (known && performance.now() - known.at < this.#freshMs) return known.answer;
    const answer = read();
    const entry = { at: performance.now(), answer };
    this.#answers.set(question, entry);
    try {
      const value = await answer;
      entry.at = performance.now();
      return value;
    } catch (error) {
      if (this.#answers.get(question) === entry) this.#answers.delete(question);
      throw error;
    }
  }

  /** What was answered before is asked anew. */
  forget(): void {
    this.#answers.clear();
  }
}
