import type { Alarm } from './badge';

/** How long an alarm that another member told of stands, ms: long enough to be seen by all. */
const toldLife = 60_000;

/** Which alarms stand. Those that oneself saw stand until what raised them is over. */
export class Alarms {
  readonly #own = new Map<string, Alarm>();
  readonly #told = new Map<string, { readonly alarm: Alarm; readonly until: number }>();

  /** @returns true for a new one, which the others are told of */
  raise(alarm: Alarm): boolean {
    const name = nameOf(alarm);
    const isNew = !this.#own.has(name);
    this.#own.set(name, alarm);
    return isNew;
  }

  clear(alarm: Alarm): void {
    this.#own.delete(nameOf(alarm));
  }

  hear(now: number, alarm: Alarm): void {
    this.#told.set(nameOf(alarm), { alarm, until: now + toldLife });
  }

  at(now: number): readonly Alarm[] {
    const told = [...this.#told].filter(([name, { until }]) => until > now && !this.#own.has(name));
    return [...this.#own.values(), ...told.map(([, { alarm }]) => alarm)];
  }

  deadline(now: number): number {
    return Math.min(Number.POSITIVE_INFINITY, ...[...this.#told.values()].map(({ until }) => until).filter(until => until > now));
  }
}

function nameOf({ kind, leaf }: Alarm): string {
  return `${kind}:${leaf ?? ''}`;
}
