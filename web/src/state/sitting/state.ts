import type { Role } from '../../e2ee/mls/party';
import type { Choice, Form, Limits, Order, Outcome, Plan, Seat, SittingAct, Tally } from './acts';

/** Who acts, by his certificate and by the register at the act's place in the log. */
export interface Author {
  /** `partyKey`: the same under every leaf. */
  readonly person: string;
  /** Null: a guest's name that must not be shown. */
  readonly name: string | null;
  readonly organization: string;
  readonly isGuest: boolean;
  readonly role: Role;
}

export type Known = Omit<Author, 'role'>;

/** An act at its place in the log, authenticated. */
export interface Heard {
  readonly entry: number;
  /** H of the act's bytes, hexadecimal. */
  readonly hash: string;
  /** What the author's clock said, ms. */
  readonly at: number;
  readonly author: Author;
  readonly act: SittingAct;
  /** For an act that fixes the minutes: H of the minutes as they stand. */
  readonly minutes: string | null;
}

/** Why an act changes nothing, for everybody. */
export type SittingFault =
  | 'notOpen' | 'alreadyOpen' | 'notModerator' | 'notChair' | 'notPresent' | 'notMember' | 'wrongPhase' | 'noQuorum' | 'unknownItem' | 'unknownPerson'
  | 'duplicate' | 'noTimeLeft' | 'ballotOpen' | 'noBallot' | 'full' | 'notOwn' | 'otherMinutes';

/** `gathering`: people sign in, and the quorum is awaited. */
export type Phase = 'gathering' | 'sitting' | 'suspended' | 'closed' | 'fixed';

/** Times are ms since 1970. */
export interface Attendance {
  readonly at: number;
  readonly left: number | null;
}

export interface Item extends Plan {
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

export interface Asked {
  readonly person: string;
  readonly at: number;
}

export interface Speech {
  readonly person: string;
  /** Of the agenda; null outside of every item. */
  readonly item: number | null;
  readonly isInterruption: boolean;
  /** The chair gave the floor to another than the order's next. */
  readonly isOutOfTurn: boolean;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Time spoken before `since`, ms. */
  readonly spent: number;
  /** Speaks since; null: interrupted or over. */
  readonly since: number | null;
  /** Summary for the minutes. */
  readonly text: string;
}

export interface Interruption {
  readonly person: string;
  readonly at: number;
  readonly reason: string;
  /** Null: the chair has not answered. */
  readonly granted: boolean | null;
}

export interface Result extends Tally {
  /** Who was called, in the order of the seats, and what he said; null: nothing. */
  readonly roll: readonly { readonly person: string; readonly choice: Choice | null }[];
  /** Present members who did not vote. */
  readonly missing: number;
  readonly needed: number;
  readonly outcome: Outcome;
}

export interface Ballot {
  /** H of the act that opened it. */
  readonly id: string;
  readonly question: string;
  readonly item: number | null;
  readonly openedAt: number;
  readonly closedAt: number | null;
  /** By person, in the order of the log. */
  readonly votes: ReadonlyMap<string, Choice>;
  /** Computed by every client when it closes. */
  readonly result: Result | null;
  /** What the chair said the result was; `isTrue`: it equals the computed one. */
  readonly announced: (Tally & { readonly outcome: Outcome; readonly isTrue: boolean }) | null;
}

export interface Decision {
  readonly text: string;
  readonly item: number | null;
  readonly at: number;
}

/** What a speaker would have the minutes say about his own speech. */
export interface Proposal {
  readonly speech: number;
  readonly text: string;
  readonly accepted: boolean | null;
}

export interface SittingState {
  /** H of the act that called it. */
  readonly id: string;
  readonly title: string;
  readonly place: string;
  readonly form: Form;
  readonly allGroups: boolean;
  readonly phase: Phase;
  /** Time by the chair's acts: it never goes back. */
  readonly clock: number;
  readonly chairs: readonly { readonly person: string; readonly at: number }[];
  readonly people: ReadonlyMap<string, Known>;
  readonly seats: readonly Seat[];
  /** In the order of the signatures. */
  readonly attendance: ReadonlyMap<string, Attendance>;
  readonly calledAt: number;
  readonly begunAt: number | null;
  readonly closedAt: number | null;
  readonly postponements: readonly { readonly at: number; readonly until: number; readonly reason: string }[];
  readonly pauses: readonly { readonly from: number; readonly to: number | null }[];
  readonly agenda: readonly Item[];
  readonly order: Order;
  readonly limits: Limits;
  /** By request. */
  readonly queue: readonly Asked[];
  readonly speeches: readonly Speech[];
  readonly interruptions: readonly Interruption[];
  readonly ballots: readonly Ballot[];
  readonly decisions: readonly Decision[];
  readonly proposals: readonly Proposal[];
  /** H of the minutes that the chair fixed. */
  readonly fixed: { readonly minutes: string; readonly at: number } | null;
}

export type Step = SittingState | SittingFault;

export interface Quorum {
  readonly seats: number;
  readonly present: number;
  readonly needed: number;
  /** Groups of which nobody is present, where all must be. */
  readonly missingGroups: readonly string[];
  readonly isReached: boolean;
}

export function chairOf(state: SittingState): string {
  return state.chairs[state.chairs.length - 1]!.person;
}

export function isPresent(state: SittingState, person: string): boolean {
  const attendance = state.attendance.get(person);
  return attendance !== undefined && attendance.left === null;
}

export function seatOf(state: SittingState, person: string): Seat | null {
  return state.seats.find(seat => seat.person === person) ?? null;
}

/** A member with the right to vote who signed in. */
export function votes(state: SittingState, person: string): boolean {
  return isPresent(state, person) && seatOf(state, person) !== null;
}

export function groupOf(state: SittingState, person: string): string {
  return seatOf(state, person)?.group ?? '';
}

/** Groups with a seat, in the order of the seats. */
export function groupsOf(state: Pick<SittingState, 'seats'>): readonly string[] {
  return [...new Set(state.seats.map(seat => seat.group).filter(group => group !== ''))];
}

/** More than half of the members, and where the rule says so somebody of every group. */
export function quorumOf(state: SittingState): Quorum {
  const present = state.seats.filter(seat => seat.person !== '' && isPresent(state, seat.person));
  const needed = Math.floor(state.seats.length / 2) + 1;
  const missingGroups = state.allGroups ? groupsOf(state).filter(group => !present.some(seat => seat.group === group)) : [];
  return { seats: state.seats.length, present: present.length, needed, missingGroups, isReached: present.length >= needed && missingGroups.length === 0 };
}

export function currentItem(state: SittingState): number | null {
  const index = state.agenda.findIndex(item => item.startedAt !== null && item.finishedAt === null);
  return index < 0 ? null : index;
}

export function openBallot(state: SittingState): Ballot | null {
  return state.ballots.find(ballot => ballot.closedAt === null) ?? null;
}

/** Changes one element of a list. */
export function changed<T>(list: readonly T[], index: number, change: Partial<T>): readonly T[] {
  return list.map((value, at) => (at === index ? { ...value, ...change } : value));
}
