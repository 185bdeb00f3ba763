import type { MemberEntry } from '../../../e2ee/mls/memberTypes';
import type { FoundingState } from '../../../session/breakout/roomFounder';
import type { Return } from '../../../session/breakout/roomVisits';
import type { BreakoutPlan, BreakoutRoom, Word } from '../../../state/breakout/state';

/** Breakout rooms as one sees them from the main room, and from within one. */
export interface BreakoutModel {
  /** What was opened last, over or not; null: nothing was. */
  readonly plan: BreakoutPlan | null;
  /** What a moderator said to the rooms last. */
  readonly word: Word | null;
  /** Oneself in the main room; null while one's place there is being renewed. */
  readonly self: MemberEntry | null;
  /** Everybody in the main room, wherever they are now. */
  readonly members: readonly MemberEntry[];
  /** The room that one is in, or on the way to. */
  readonly here: BreakoutRoom | null;
  readonly returned: Return | null;
  readonly founding: FoundingState | null;
  /** How many knock at the main room, where one may let them in. */
  readonly waiting: number;
}

/** What somebody opens. */
export interface RoomsWish {
  readonly choosesSelf: boolean;
  /** ms; null: until they are closed. */
  readonly left: number | null;
  readonly names: readonly string[];
  /** Number of each one's room, from 1 on, by person; 0: none. */
  readonly places: ReadonlyMap<string, number>;
}

export interface BreakoutActions {
  /** Founds the rooms and sends people there. */
  open(wish: RoomsWish): void;
  /** Gives up the founding under way. */
  cancel(): void;
  move(person: string, room: number): void;
  setEnd(left: number | null): void;
  callBack(): void;
  /** @param room 0: all */
  tell(room: number, text: string): void;
  enter(room: number): void;
  back(): void;
  askForHelp(isWanted: boolean): void;
  /** The word about one's return was read. */
  read(): void;
}
