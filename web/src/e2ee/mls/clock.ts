/** Differences beyond what two measurements may have by themselves, ms. */
const jump = 1_000;

/**
 * Meeting time: the server's clock, as this client estimates it on a clock of its own that never jumps. Members need one time to agree about when tickets
 * lapse; what a server that lies about it can do is in docs/e2ee.md §10.
 */
export class MeetingClock {
  #offset: number;
  #uncertainty = Number.POSITIVE_INFINITY;

  /** @param offset first guess: the device's own clock against `now`, ms */
  constructor(offset: number) {
    this.#offset = offset;
  }

  /** An answer said what time it was; it was asked for at `asked` and came at `now`. */
  observe(at: number, asked: number, now: number): void {
    const uncertainty = (now - asked) / 2;
    const offset = at - (asked + now) / 2;
    // The quickest answer is the best one, unless the device's clock stood still since, as it does in a sleeping machine.
    const hasJumped = Math.abs(offset - this.#offset) > uncertainty + jump;
    if (uncertainty > this.#uncertainty && !hasJumped) return;
    this.#uncertainty = uncertainty;
    this.#offset = offset;
  }

  /** Something was stamped before now: it cannot be earlier than that. */
  notBefore(at: number, now: number): void {
    if (this.at(now) >= at) return;
    this.#offset = at - now;
    this.#uncertainty = Number.POSITIVE_INFINITY;
  }

  at(now: number): number {
    return Math.floor(now + this.#offset);
  }
}
