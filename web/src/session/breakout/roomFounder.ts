import { toBase64Url } from '../../e2ee/mls/bytes';
import type { Answers, SpokenIdentity } from '../../e2ee/protocol';
import type { BreakoutRoom } from '../../state/breakout/state';
import { Store } from '../../state/store';
import type { Clock } from '../timing';

/** Wait before a room that the server refused is founded again, ms: it lets somebody found ten meetings a minute. */
const refusedDelay = 6_500;

/** How often a room is tried before it is given up. */
const tries = 5;

export interface FounderPorts {
  readonly clock: Clock;
  /** Who one is, certified anew; null where no certificate was to be had. */
  identity(): Promise<SpokenIdentity | null>;
  /** The worker signs the statement. @param persons who need nobody to let them in */
  sign(persons: readonly string[], identity: SpokenIdentity, at: number): Promise<Answers['foundRoom'] | null>;
  /** The server takes it. @returns the id under which it is kept; null where it was not taken */
  create(statement: string): Promise<string | null>;
}

export interface RoomWish {
  readonly number: number;
  readonly name: string;
  readonly persons: readonly string[];
}

/** How far the founding is; null: none is under way. */
export interface FoundingState {
  readonly done: number;
  readonly all: number;
  readonly hasFailed: boolean;
}

/** Founds the meetings that breakout rooms are, one after another, by the hand of the moderator who opens them. */
export class RoomFounder {
  readonly state = new Store<FoundingState | null>(null);
  readonly #ports: FounderPorts;
  #turn = 0;

  constructor(ports: FounderPorts) {
    this.#ports = ports;
  }

  /** @returns null where one could not be founded, or it was called off: what was founded till then ends unused */
  async found(wishes: readonly RoomWish[]): Promise<readonly BreakoutRoom[] | null> {
    const turn = ++this.#turn;
    const isCalledOff = () => turn !== this.#turn;
    this.state.set({ done: 0, all: wishes.length, hasFailed: false });
    const identity = await this.#ports.identity();
    const rooms: BreakoutRoom[] = [];
    for (const wish of identity === null ? [] : wishes) {
      const room = await this.#foundOne(wish, identity!, isCalledOff);
      if (isCalledOff()) return null;
      if (room === null) break;
      rooms.push(room);
      this.state.set({ done: rooms.length, all: wishes.length, hasFailed: false });
    }
    if (isCalledOff()) return null;
    const isDone = rooms.length === wishes.length;
    this.state.set(isDone ? null : { done: rooms.length, all: wishes.length, hasFailed: true });
    return isDone ? rooms : null;
  }

  /** Gives up what is under way, or takes note of what failed. */
  cancel(): void {
    this.#turn++;
    this.state.set(null);
  }

  async #foundOne({ number, name, persons }: RoomWish, identity: SpokenIdentity, isCalledOff: () => boolean): Promise<BreakoutRoom | null> {
    const { clock, sign, create } = this.#ports;
    const founded = await sign(persons, identity, clock.now());
    if (founded === null) return null;
    const statement = toBase64Url(founded.statement);
    for (let attempt = 0; attempt < tries && !isCalledOff(); attempt++) {
      if (attempt > 0) await new Promise<void>(resolve => { clock.after(refusedDelay, resolve); });
      // Another id than the statement's is the server's mistake, and no room.
      const meetingId = isCalledOff() ? null : await create(statement);
      if (meetingId !== null) return meetingId === founded.meetingId ? { number, name, meetingId, fragment: toBase64Url(founded.statementHash) } : null;
    }
    return null;
  }
}
