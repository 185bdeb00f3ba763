import { readLink, type MeetingLink } from '../../e2ee/link';
import type { KnockView } from '../../e2ee/mls/memberTypes';
import type { AccountInfo } from '../../signaling/contract';
import type { BreakoutRoom } from '../../state/breakout/state';
import { endOf } from '../../state/waiting';
import { Stay } from '../stay';
import type { RoomStay } from './roomVisits';

/** A stay in a breakout room beside that in the main room, with the same devices and under the same name. */
export class StayInRoom implements RoomStay {
  readonly stay: Stay;
  readonly #main: Stay;
  #isRefused = false;
  #changed: () => void = () => undefined;

  private constructor(main: Stay, link: MeetingLink) {
    this.#main = main;
    this.stay = new Stay(link, main.local, main);
    main.visited = this.stay;
  }

  /** Null where the room's link leads nowhere, or to the main room itself. @param account of the person who is signed in */
  static open(main: Stay, room: BreakoutRoom, account: AccountInfo | null): StayInRoom | null {
    const link = readLink(room.meetingId, room.fragment);
    const group = main.session.group;
    if (typeof link === 'string' || link.kind !== 'encrypted' || link.meetingId === main.link.meetingId || group === null) return null;
    const { name, isGuest } = group.state.value;
    const own = new StayInRoom(main, link);
    own.stay.open();
    void own.stay.join(name, isGuest ? null : account, null).then(isAsked => {
      if (isAsked) return;
      own.#isRefused = true;
      own.#changed();
    });
    return own;
  }

  ended(): 'removed' | 'closed' | 'failed' | null {
    const { phase, over, joinError } = this.stay.session.room.value;
    const end = endOf(this.stay.session.group?.state.value ?? null);
    if (over === 'removed' || (end !== null && 'fault' in end && end.fault === 'removed')) return 'removed';
    if (this.#isRefused || joinError !== null || (end !== null && 'fault' in end)) return 'failed';
    return end !== null || phase === 'over' ? 'closed' : null;
  }

  knocks(): readonly KnockView[] {
    return this.stay.session.group?.state.value.view?.knocks ?? [];
  }

  admit(participantId: string): void {
    this.stay.session.group?.command({ type: 'admit', participantId, role: 'participant' });
  }

  follow(changed: () => void): () => void {
    this.#changed = changed;
    const ends = [this.stay.session.room.subscribe(changed), this.stay.session.group!.state.subscribe(changed)];
    return () => {
      this.#changed = () => undefined;
      ends.forEach(end => end());
    };
  }

  close(): void {
    if (this.#main.visited === this.stay) this.#main.visited = null;
    // At once: to take one's leave takes a moment.
    this.stay.rest(true);
    void this.stay.session.leave().finally(() => this.stay.close());
  }
}
