import type { FrameClock } from './keys';

/** Whose frames a receive slot carries, by the key that decrypted them. */
export interface SlotSender {
  slot: string;
  leaf: number;
  epoch: bigint;
}

/** Shortest time between two reports, ms: a tile's label may follow the picture by so much. */
const reportInterval = 100;

/** Reports which leaf each slot shows when that changes; a wildly changing slot is reported ten times a second. */
export class SlotSenders {
  readonly #clock: FrameClock;
  readonly #report: (changes: SlotSender[]) => void;
  readonly #current = new Map<string, SlotSender>();
  readonly #changed = new Set<string>();
  #lastReport = -Infinity;
  #pending = false;

  constructor(clock: FrameClock, report: (changes: SlotSender[]) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /** The next frame of each slot is news, whoever sent it. */
  forget(slots: readonly string[]): void {
    for (const slot of slots) {
      this.#current.delete(slot);
      this.#changed.delete(slot);
    }
  }

  /** A frame of the slot was decrypted. */
  decrypted(slot: string, leaf: number, epoch: bigint): void {
    const current = this.#current.get(slot);
    if (current?.leaf === leaf && current.epoch === epoch) return;
    this.#current.set(slot, { slot, leaf, epoch });
    this.#changed.add(slot);
    if (this.#pending) return;
    const wait = this.#lastReport + reportInterval - this.#clock.now();
    if (wait <= 0) {
      this.#flush();
    } else {
      this.#pending = true;
      this.#clock.after(wait, () => this.#flush());
    }
  }

  #flush(): void {
    this.#pending = false;
    this.#lastReport = this.#clock.now();
    const changes = [...this.#changed].map(slot => this.#current.get(slot)!);
    this.#changed.clear();
    this.#report(changes);
  }
}
