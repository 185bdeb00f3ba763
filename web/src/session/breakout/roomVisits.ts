import type { KnockView, MemberEntry } from '../../e2ee/mls/memberTypes';
import { isOpen, mayEnter, mayOpen, type BreakoutPlan, type BreakoutRoom } from '../../state/breakout/state';
import { noWish, placeKey, visitKey, whereTo, type Wish } from '../../state/breakout/way';
import { Store } from '../../state/store';
import type { Clock } from '../timing';
import type { BreakoutSession } from './breakoutSession';

/** A stay in a breakout room, as far as the way there and back is concerned. */
export interface RoomStay {
  /** Why it is over; null while it lasts. `removed`: somebody there sent one out. */
  ended(): 'removed' | 'closed' | 'failed' | null;
  knocks(): readonly KnockView[];
  admit(participantId: string): void;
  /** Tells of every change of the above until the function that is given back is called. */
  follow(changed: () => void): () => void;
  /** Leaves, and gives everything of it back. */
  close(): void;
}

export interface VisitPorts<T extends RoomStay> {
  readonly session: Pick<BreakoutSession, 'state' | 'go' | 'members' | 'self'>;
  readonly clock: Clock;
  /** Opens the room's meeting with the devices of this one; null where its link leads nowhere. */
  open(room: BreakoutRoom): T | null;
  /** The main room's media come to rest, or back. */
  rest(isResting: boolean): void;
  /** Somebody comes back from a room: what must not go on in front of all is switched off. */
  cameBack(): void;
}

export interface Visit<T> {
  readonly room: BreakoutRoom;
  readonly stay: T;
}

/** Why one is back in the main room. */
export type Return = 'over' | 'left' | 'moved' | 'removed' | 'closed' | 'failed';

export interface Visits<T> {
  readonly visit: Visit<T> | null;
  /** Of the last return, for a word about it; null before one, and once it was read. */
  readonly returned: Return | null;
}

/**
 * Where one is: in the main room, or in a breakout room beside it. The main room's session lives on at rest, so the way back is short; each room is
 * a stay of its own. Goes and returns by itself as the plan and the time say.
 */
export class RoomVisits<T extends RoomStay> {
  readonly state = new Store<Visits<T>>({ visit: null, returned: null });
  readonly #ports: VisitPorts<T>;
  #wish: Wish = noWish;
  #cancelEnd: () => void = () => undefined;
  #unfollow: () => void = () => undefined;
  /** Those whom one has let in already: a ticket lives for a while. */
  #admitted = new Set<string>();
  #isClosed = false;

  constructor(ports: VisitPorts<T>) {
    this.#ports = ports;
  }

  /** Goes where the plan says until the function that is given back is called. */
  start(): () => void {
    this.#isClosed = false;
    const end = this.#ports.session.state.subscribe(() => this.settle());
    this.settle();
    return () => {
      end();
      this.#isClosed = true;
      this.#cancelEnd();
      this.#leave(null);
    };
  }

  /** Into a room: as a moderator, by choice, or back to where one was sent. */
  enter(number: number): void {
    const { session } = this.#ports;
    const { plan } = session.state.value;
    const self = session.self;
    if (plan === null || self === null) return;
    const place = plan.places.get(self.person);
    const left = new Set(this.#wish.left);
    if (place?.room === number) left.delete(placeKey(plan, self.person));
    this.#wish = { left, visit: mayOpen(self) ? visitKey(plan, number) : null };
    // Who chooses is let in once the others have heard of it; a moderator goes at once.
    if (!mayOpen(self) && place?.room !== number) session.go(number);
    this.settle();
  }

  /** Back to the main room, of one's own accord: one stays there until one is sent anew. */
  back(): void {
    this.#give('left');
  }

  /** The word about the return was read. */
  read(): void {
    this.state.update(state => ({ ...state, returned: null }));
  }

  /** Does what plan, time and the room's own state ask for now. */
  settle(): void {
    if (this.#isClosed) return;
    const { session, clock } = this.#ports;
    const { plan } = session.state.value;
    const now = clock.now();
    this.#cancelEnd();
    if (isOpen(plan, now) && plan.endsAt !== null) this.#cancelEnd = clock.after(plan.endsAt - now, () => this.settle());
    const before = this.state.value.visit;
    const ended = before?.stay.ended() ?? null;
    if (ended !== null && before!.room.meetingId === this.#roomNow(plan, before!.room.number)) return this.#give(ended);
    // While one's own leaf is being renewed there, nothing is known that would lead out of a room.
    if (before !== null && session.self === null && isOpen(plan, now)) return;
    const room = whereTo(plan, session.self, this.#wish, now);
    if (before !== null && room?.meetingId === before.room.meetingId) return this.#letIn(before, plan!);
    if (before === null && room === null) return;
    if (room === null) return this.#leave(isOpen(plan, now) ? 'moved' : 'over');
    this.#go(room);
  }

  #roomNow(plan: BreakoutPlan | null, number: number): string | null {
    return plan?.rooms.find(room => room.number === number)?.meetingId ?? null;
  }

  /** One is not to be taken there again by the plan as it stands. */
  #give(why: Return): void {
    const { session } = this.#ports;
    const { plan } = session.state.value;
    const self = session.self;
    if (plan !== null && self !== null) this.#wish = { left: new Set([...this.#wish.left, placeKey(plan, self.person)]), visit: null };
    this.#leave(why);
  }

  #go(room: BreakoutRoom): void {
    const { session, open, rest } = this.#ports;
    const from = this.state.value.visit;
    this.#unfollow();
    from?.stay.close();
    this.#admitted = new Set();
    // First there: nothing of what is meant for the room is heard outside of it.
    if (from === null) rest(true);
    const stay = open(room);
    if (stay === null) {
      if (from === null) rest(false);
      this.#give('failed');
      return;
    }
    this.state.set({ visit: { room, stay }, returned: null });
    this.#unfollow = stay.follow(() => this.settle());
    const self = session.self;
    const place = self === null ? undefined : session.state.value.plan?.places.get(self.person);
    if (place?.room !== room.number || !place.isThere) session.go(room.number);
  }

  #leave(why: Return | null): void {
    const { visit } = this.state.value;
    this.#unfollow();
    this.#unfollow = () => undefined;
    visit?.stay.close();
    if (visit !== null) {
      // Before anything is sent again: nobody comes back heard.
      this.#ports.cameBack();
      this.#ports.rest(false);
      this.#ports.session.go(0);
    }
    this.state.set({ visit: null, returned: visit === null && why !== 'failed' ? this.state.value.returned : why });
  }

  /** Those who were sent here while one is in, and whom the room's statement does not know. */
  #letIn({ room, stay }: Visit<T>, plan: BreakoutPlan): void {
    const members: readonly MemberEntry[] = this.#ports.session.members;
    for (const { participantId, person, fault, wasRemoved } of stay.knocks()) {
      // Removed means removed: who was sent out of a room waits for a person's word there.
      if (fault !== null || wasRemoved || this.#admitted.has(participantId) || !mayEnter(plan, room.number, person, members)) continue;
      this.#admitted.add(participantId);
      stay.admit(participantId);
    }
  }
}
