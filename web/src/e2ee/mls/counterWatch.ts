import { counterHolds, counterPatience, type Counter } from './badge';

/** Watches “n present · n keys · n receivers”: whoever comes or goes makes them differ for a moment, and only for a moment. */
export class CounterWatch {
  #counter: Counter = { present: 0, keys: 0, receivers: 0 };
  #differsSince: number | null = null;
  #isTold = false;

  get counter(): Counter {
    return this.#counter;
  }

  /** What the server says. */
  tell(present: number, receivers: number): void {
    this.#counter = { ...this.#counter, present, receivers };
  }

  /** @returns whether an alarm begins or is over; null where nothing changed */
  check(now: number, keys: number): 'begins' | 'over' | null {
    this.#counter = { ...this.#counter, keys };
    if (counterHolds(this.#counter)) {
      const wasTold = this.#isTold;
      this.#differsSince = null;
      this.#isTold = false;
      return wasTold ? 'over' : null;
    }
    this.#differsSince ??= now;
    if (this.#isTold || now < this.#differsSince + counterPatience) return null;
    this.#isTold = true;
    return 'begins';
  }

  get deadline(): number {
    return this.#differsSince === null || this.#isTold ? Number.POSITIVE_INFINITY : this.#differsSince + counterPatience;
  }
}
