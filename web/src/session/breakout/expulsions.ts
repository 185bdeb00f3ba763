import { isOpen, type BreakoutPlan, type BreakoutRoom } from '../../state/breakout/state';
import type { Clock } from '../timing';

/** How long a removal may take to be everybody's, ms: after that it is thought to have failed. */
const patience = 60_000;

export interface ExpulsionPorts {
  readonly clock: Clock;
  plan(): BreakoutPlan | null;
  /** People of the main room. */
  persons(): ReadonlySet<string>;
  /** Founds the room anew. @param persons who need nobody to let them in */
  renew(room: BreakoutRoom, persons: readonly string[]): void;
}

/**
 * Who is removed from the main room is out of his breakout room too: its statement names him, so the room is founded anew without him, and
 * everybody else goes over. It is the remover's client that does so, once the removal has come about.
 */
export class Expulsions {
  readonly #ports: ExpulsionPorts;
  readonly #removed = new Map<string, number>();

  constructor(ports: ExpulsionPorts) {
    this.#ports = ports;
  }

  /** One asked for somebody's removal. */
  removing(person: string): void {
    this.#removed.set(person, this.#ports.clock.now());
    this.settle();
  }

  /** The main room's people have changed. */
  settle(): void {
    if (this.#removed.size === 0) return;
    const { clock, plan: planNow, persons, renew } = this.#ports;
    const here = persons();
    const plan = planNow();
    const concerned = new Set<number>();
    for (const [person, since] of [...this.#removed]) {
      const isGone = here.size > 0 && !here.has(person);
      if (isGone || clock.now() > since + patience) this.#removed.delete(person);
      if (isGone && isOpen(plan, clock.now())) concerned.add(plan.places.get(person)?.room ?? 0);
    }
    for (const room of plan?.rooms ?? []) {
      if (concerned.has(room.number)) renew(room, [...plan!.places].filter(([person, place]) => place.room === room.number && here.has(person)).map(([person]) => person));
    }
  }
}
