/** A gauge position that counts as a sound. */
const audible = 0.06;

/** Tells of a microphone that gives nothing: of one that was heard once, silence says only that nobody speaks. */
export class SilenceWatch {
  readonly #patience: number;
  readonly #since: number;
  #heard = false;

  /** @param patience how long to listen before it is said, ms */
  constructor(patience: number, now: number) {
    this.#patience = patience;
    this.#since = now;
  }

  /** @returns whether the microphone has been silent since it was opened, and for long enough to say so */
  hear(level: number, now: number): boolean {
    if (level > audible) this.#heard = true;
    return !this.#heard && now - this.#since >= this.#patience;
  }
}
