import type { SlotSender } from '../e2ee/frames/slotSenders';
import type { SeatMap } from '../signaling/contract';
import type { Clock } from './timing';

/** After a seat changes hands frames of the one before may still come, ms: two round trips of a slow line. */
const settleTime = 1_500;

export interface SlotWatchPorts {
  readonly clock: Clock;
  /** Has the worker report these slots anew with their next frame, also where nothing changed for it. */
  ask(slots: readonly string[]): void;
  changed(): void;
}

/** Whose frames each participant's tile carries, by the keys that decrypted them: never by the server's word (docs/e2ee.md §20). */
export class SlotWatch {
  readonly #ports: SlotWatchPorts;
  #bindings = new Map<string, { readonly participantId: string; isSettled: boolean }>();
  readonly #leaves = new Map<string, number>();

  constructor(ports: SlotWatchPorts) {
    this.#ports = ports;
  }

  /** The server says whom the slots carry from now on. */
  bind(seats: SeatMap): void {
    const before = this.#bindings;
    this.#bindings = new Map();
    const isNew: string[] = [];
    for (const [slot, participantId] of slotsOf(seats)) {
      const known = before.get(slot);
      if (known?.participantId === participantId) {
        this.#bindings.set(slot, known);
      } else {
        this.#bindings.set(slot, { participantId, isSettled: false });
        this.#leaves.delete(slot);
        isNew.push(slot);
      }
    }
    for (const slot of this.#leaves.keys()) if (!this.#bindings.has(slot)) this.#leaves.delete(slot);
    if (isNew.length === 0) return;
    const bindings = new Map(isNew.map(slot => [slot, this.#bindings.get(slot)!]));
    this.#ports.clock.after(settleTime, () => {
      const settled = [...bindings].filter(([slot, binding]) => this.#bindings.get(slot) === binding);
      for (const [, binding] of settled) binding.isSettled = true;
      if (settled.length > 0) this.#ports.ask(settled.map(([slot]) => slot));
    });
  }

  /** The worker says whose frames a slot carries. What came before the slot settled may be of the one before. */
  report(changes: readonly SlotSender[]): void {
    let isChanged = false;
    for (const { slot, leaf } of changes) {
      if (this.#bindings.get(slot)?.isSettled !== true || this.#leaves.get(slot) === leaf) continue;
      this.#leaves.set(slot, leaf);
      isChanged = true;
    }
    if (isChanged) this.#ports.changed();
  }

  /** Leaves whose frames a participant's tile carries: one, unless the server mixes people. */
  leavesOf(participantId: string): ReadonlySet<number> {
    const leaves = new Set<number>();
    for (const [slot, leaf] of this.#leaves) if (this.#bindings.get(slot)?.participantId === participantId) leaves.add(leaf);
    return leaves;
  }
}

function* slotsOf({ seats, voices }: SeatMap): Iterable<readonly [string, string]> {
  for (const { seat, participantId } of seats) {
    yield [`seat-${seat}-audio`, participantId];
    yield [`seat-${seat}-video`, participantId];
  }
  for (const { voice, participantId } of voices) yield [`voice-${voice}`, participantId];
}
