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
    if (uncertainty > this.#uncertainty) return;
    this.#uncertainty = uncertainty;
    this.#offset = at - (asked + now) / 2;
  }

  at(now: number): number {
    return Math.floor(now + this.#offset);
  }
}
