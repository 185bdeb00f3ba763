/** Gauge position from which sound counts as speech; see `gaugeLevel`. */
const loud = 0.35;

/** So much speech within this window makes a nudge, ms: a cough or a door does not. */
const enough = 700;
const window = 2_000;

/** After a nudge the person is left alone for so long, ms. */
const pause = 30_000;

/** Finds out that a person speaks while the microphone is muted, from its level on this device alone. */
export class MutedSpeech {
  #last: number | null = null;
  #spoken: { readonly at: number; readonly milliseconds: number }[] = [];
  #quietUntil = Number.NEGATIVE_INFINITY;

  /** @param now ms, never less than before @param level gauge position since the last call @returns true when the person is to be told */
  hear(now: number, level: number): boolean {
    const since = this.#last === null ? 0 : Math.min(now - this.#last, 200);
    this.#last = now;
    if (level >= loud) this.#spoken.push({ at: now, milliseconds: since });
    this.#spoken = this.#spoken.filter(({ at }) => now - at < window);
    if (now < this.#quietUntil || this.#spoken.reduce((sum, { milliseconds }) => sum + milliseconds, 0) < enough) return false;
    this.#spoken = [];
    this.#quietUntil = now + pause;
    return true;
  }
}
