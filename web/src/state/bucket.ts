/** So much at once, and then one again after each interval: what keeps a person, or a program in his name, from flooding others. */
export class Bucket {
  readonly #size: number;
  readonly #interval: number;
  #left: number;
  #at = Number.NEGATIVE_INFINITY;

  /** @param size most at once @param interval ms until one more is allowed */
  constructor(size: number, interval: number) {
    this.#size = size;
    this.#interval = interval;
    this.#left = size;
  }

  /** @param now ms, never less than before @returns false where it is too much */
  take(now: number): boolean {
    this.#left = Math.min(this.#size, this.#left + (now - this.#at) / this.#interval);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
