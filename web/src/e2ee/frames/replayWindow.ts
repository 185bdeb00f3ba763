/** Counters remembered per key id: at 200 frames a second of one sender a retransmission may come 5 s late. */
export const replayWindowSize = 1024;

/**
 * Which of the newest counters were seen, as in RFC 3711 §3.3.2. Judging and recording are two steps, so that only authenticated frames
 * leave a trace.
 */
export class ReplayWindow {
  readonly #seen = new Uint32Array(replayWindowSize / 32);
  #highest = -1;

  /** No frame was recorded yet. */
  get isEmpty(): boolean {
    return this.#highest < 0;
  }

  /** True for a counter that is new and not older than the window. */
  isFresh(counter: number): boolean {
    if (counter > this.#highest) return true;
    if (this.#highest - counter >= replayWindowSize) return false;
    return (this.#seen[word(counter)]! & bit(counter)) === 0;
  }

  /** Records a counter; false if it was not fresh, as when two frames with one counter were being decrypted at once. */
  record(counter: number): boolean {
    if (!this.isFresh(counter)) return false;
    if (counter > this.#highest) {
      if (counter - this.#highest >= replayWindowSize) this.#seen.fill(0);
      else for (let skipped = this.#highest + 1; skipped < counter; skipped++) this.#seen[word(skipped)]! &= ~bit(skipped);
      this.#highest = counter;
    }
    this.#seen[word(counter)]! |= bit(counter);
    return true;
  }
}

function word(counter: number): number {
  return Math.floor(counter % replayWindowSize / 32);
}

function bit(counter: number): number {
  return 1 << counter % 32;
}
