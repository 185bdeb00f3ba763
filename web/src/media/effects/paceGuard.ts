/** Below so many pictures a second a face does not seem to move any more; for so long, ms, it is no passing load. */
const slowest = 5;
const patience = 6_000;
/** The first pictures wait for wasm and shaders to be compiled, ms. */
const warmUp = 4_000;

/** Tells when processing of pictures falls too far behind its source for too long. */
export class PaceGuard {
  readonly #start: number;
  #windowStart: number;
  #done = 0;
  #offered = 0;

  constructor(now: number) {
    this.#start = now;
    this.#windowStart = now + warmUp;
  }

  /** A picture came from the source. */
  offer(): void {
    this.#offered++;
  }

  /** A picture was finished. */
  done(): void {
    this.#done++;
  }

  /** True when the device cannot keep up. A source that is slow itself is not the device's fault. */
  isTooSlow(now: number): boolean {
    if (now < this.#start + warmUp) {
      this.#done = this.#offered = 0;
      return false;
    }
    if (now - this.#windowStart < patience) return false;
    const seconds = (now - this.#windowStart) / 1_000;
    const verdict = this.#offered / seconds >= slowest && this.#done / seconds < slowest;
    this.#windowStart = now;
    this.#done = this.#offered = 0;
    return verdict;
  }
}
