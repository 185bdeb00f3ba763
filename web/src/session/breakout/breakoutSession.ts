import { fromBase64Url, fromHex } from '../../e2ee/mls/bytes';
import type { BreakoutAct } from '../../e2ee/mls/breakoutContent';
import type { MemberEntry } from '../../e2ee/mls/memberTypes';
import type { RandomBytes } from '../../e2ee/mls/suite';
import { breakoutReducer, countdown, isOpen, noBreakout, toldAct, type Breakout, type BreakoutRoom } from '../../state/breakout/state';
import { teller } from '../../state/polls';
import { Store } from '../../state/store';
import type { SpokenGroup } from '../conversation';
import type { Heard } from '../groupSession';
import { Newcomers } from '../newcomers';
import type { RoomMemory } from './roomMemory';
import type { Clock } from '../timing';

const idLength = 16;

/** What somebody opens. */
export interface Opening {
  readonly choosesSelf: boolean;
  /** ms; null: until somebody ends them. */
  readonly left: number | null;
  readonly rooms: readonly BreakoutRoom[];
  /** Number of each one's room, by person. */
  readonly places: ReadonlyMap<string, number>;
}

/** What is said of breakout rooms in the main room's group: heard in the log's order, believed by rank, told again to those who come. */
export class BreakoutSession {
  readonly state = new Store<Breakout>(noBreakout);
  readonly #group: SpokenGroup;
  readonly #random: RandomBytes;
  readonly #clock: Clock;
  readonly #memory: RoomMemory | null;
  readonly #newcomers = new Newcomers();
  #recalled = 0;

  /** @param memory of the tab; null: none */
  constructor(group: SpokenGroup, random: RandomBytes, clock: Clock, memory: RoomMemory | null = null) {
    this.#group = group;
    this.#random = random;
    this.#clock = clock;
    this.#memory = memory;
  }

  /** Listens until the function that is given back is called. */
  open(): () => void {
    const unfollow = this.#group.state.subscribe(() => this.#follow());
    this.#follow();
    const unhear = this.#group.listen(['breakout'], heard => this.#hear(heard));
    const unkeep = this.state.subscribe(() => this.#keep());
    return () => {
      unkeep();
      unhear();
      unfollow();
    };
  }

  /** People of the main room, those in breakout rooms among them. */
  get members(): readonly MemberEntry[] {
    return this.#group.state.value.view?.members ?? [];
  }

  get self(): MemberEntry | null {
    const view = this.#group.state.value.view;
    return view?.members.find(({ leaf }) => leaf === view.ownLeaf) ?? null;
  }

  openRooms({ choosesSelf, left, rooms, places }: Opening): void {
    this.#say({
      kind: 'rooms', plan: this.#random(idLength), isTold: false, choosesSelf, left, rooms: rooms.map(wireOf),
      people: [...places].filter(([, room]) => room > 0).map(([person, room]) => ({ person: fromHex(person), room, isThere: false })),
    });
  }

  /** Sends somebody to a room, or back for 0. */
  move(person: string, room: number): void {
    this.#ofPlan(plan => ({ kind: 'move', plan, person: fromHex(person), room }));
  }

  /** @param left ms; null: until somebody ends them */
  setEnd(left: number | null): void {
    this.#ofPlan(plan => ({ kind: 'end', plan, left }));
  }

  /** Calls everybody back, with the time to take one's leave. */
  callBack(): void {
    this.setEnd(countdown);
  }

  /** @param room 0: all */
  tell(room: number, text: string): void {
    this.#ofPlan(plan => ({ kind: 'word', plan, room, text }));
  }

  renew({ number, meetingId, fragment }: BreakoutRoom): void {
    this.#ofPlan(plan => ({ kind: 'renew', plan, room: number, meetingId: fromBase64Url(meetingId)!, fragment: fromBase64Url(fragment)! }));
  }

  /** One goes to a room, or back for 0. */
  go(room: number): void {
    this.#ofPlan(plan => ({ kind: 'at', plan, room }));
  }

  askForHelp(isWanted: boolean): void {
    this.#ofPlan(plan => ({ kind: 'help', plan, isWanted }));
  }

  #follow(): void {
    const view = this.#group.state.value.view;
    if (view === null) return;
    if (view.phase === 'closed') return this.state.set(noBreakout);
    const { generation, ownLeaf, members } = view;
    const came = this.#newcomers.since(view);
    const own = members.find(({ leaf }) => leaf === ownLeaf);
    if (own !== undefined) this.#stand(generation, own);
    if (ownLeaf === null || came.size === 0 || (came.size === 1 && came.has(ownLeaf))) return;
    const { plan } = this.state.value;
    // Rooms that are over are told too: who was away might think that they are open still.
    if (plan !== null && teller(members, came, plan.by) === ownLeaf) this.#say(toldAct(plan, members, this.#clock.now()));
  }

  #stand(generation: number, own: MemberEntry): void {
    this.state.update(state => breakoutReducer(state, { type: 'stands', generation, stay: own.certificate, self: own.person }));
    if (this.#recalled === generation) return;
    this.#recalled = generation;
    const now = this.#clock.now();
    const kept = this.state.value.plan === null ? this.#memory?.load(generation, now) ?? null : null;
    // What one knew before the page was loaded again is older than what anybody tells.
    if (kept !== null) this.state.update(state => breakoutReducer(state, { type: 'recalled', act: kept, at: now }));
  }

  #keep(): void {
    const { plan, generation } = this.state.value;
    const now = this.#clock.now();
    if (generation > 0) this.#memory?.save(generation, isOpen(plan, now) ? toldAct(plan, null, now) : null, now);
  }

  #hear(heard: Heard): void {
    if (heard.type === 'unsaid' || heard.content.type !== 'breakout') return;
    const { generation, entry, by, content } = heard;
    this.state.update(state => breakoutReducer(state, { type: 'heard', generation, entry, by, act: content.act, at: this.#clock.now() }));
  }

  #ofPlan(act: (plan: Uint8Array<ArrayBuffer>) => BreakoutAct): void {
    const { plan } = this.state.value;
    if (plan !== null) this.#say(act(fromHex(plan.id)));
  }

  #say(act: BreakoutAct): void {
    this.#group.command({ type: 'say', content: { type: 'breakout', act } });
  }
}

function wireOf({ number, name, meetingId, fragment }: BreakoutRoom) {
  return { number, name, meetingId: fromBase64Url(meetingId)!, fragment: fromBase64Url(fragment)! };
}
