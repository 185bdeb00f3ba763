import { hex, utf8 } from '../../e2ee/mls/bytes';
import { sha256 } from '../../e2ee/mls/hashing';
import type { Choice, Form, Order, Outcome, Tally } from './acts';
import { groupOf, quorumOf, seatOf, type SittingState } from './state';

/** Somebody in the minutes. A name of null belongs to a guest whose name must not be shown. */
export interface Named {
  readonly person: string;
  readonly name: string | null;
  readonly organization: string;
  readonly group: string;
  readonly isGuest: boolean;
}

/** *Risalah*: what the acts say, without the writing of any language. Times are ISO 8601 in UTC. Fields stand in this order in the canonical text. */
export interface Minutes {
  readonly version: 1;
  readonly sitting: string;
  readonly title: string;
  readonly place: string;
  readonly form: Form;
  readonly calledAt: string;
  readonly begunAt: string | null;
  readonly closedAt: string | null;
  readonly chairs: readonly { readonly person: Named; readonly from: string }[];
  readonly quorum: { readonly seats: number; readonly needed: number; readonly present: number; readonly allGroups: boolean; readonly isReached: boolean };
  readonly present: readonly { readonly person: Named; readonly from: string; readonly until: string | null }[];
  readonly absent: readonly { readonly name: string; readonly group: string }[];
  readonly guests: readonly { readonly person: Named; readonly from: string; readonly until: string | null }[];
  readonly postponements: readonly { readonly at: string; readonly until: string; readonly reason: string }[];
  readonly pauses: readonly { readonly from: string; readonly to: string | null }[];
  readonly order: Order;
  readonly agenda: readonly { readonly title: string; readonly budgetSeconds: number; readonly startedAt: string | null; readonly finishedAt: string | null }[];
  readonly speeches: readonly {
    readonly person: Named; readonly item: number | null; readonly isInterruption: boolean; readonly isOutOfTurn: boolean;
    readonly from: string; readonly seconds: number; readonly text: string;
  }[];
  readonly interruptions: readonly { readonly person: Named; readonly at: string; readonly reason: string; readonly granted: boolean | null }[];
  readonly votes: readonly {
    readonly id: string; readonly question: string; readonly item: number | null; readonly openedAt: string; readonly closedAt: string;
    readonly result: Tally & { readonly missing: number; readonly needed: number; readonly outcome: Outcome };
    readonly announced: (Tally & { readonly outcome: Outcome; readonly isTrue: boolean }) | null;
    readonly roll: readonly { readonly person: Named; readonly choice: Choice | null }[];
  }[];
  readonly decisions: readonly { readonly text: string; readonly item: number | null; readonly at: string }[];
}

const moment = (at: number): string => new Date(at).toISOString();
const maybe = (at: number | null): string | null => (at === null ? null : moment(at));

/** The chair writes members' names in their seats; the certificate's stands where there is no seat. */
export function namedOf(state: SittingState, person: string): Named {
  const known = state.people.get(person);
  const seat = seatOf(state, person);
  return {
    person, name: seat?.name ?? known?.name ?? null, organization: known?.organization ?? '', group: groupOf(state, person), isGuest: known?.isGuest ?? false,
  };
}

/** The draft as it stands, from nothing but the acts. */
export function minutesOf(state: SittingState): Minutes {
  const named = (person: string) => namedOf(state, person);
  const attendance = [...state.attendance].map(([person, { at, left }]) => ({ person: named(person), from: moment(at), until: maybe(left) }));
  const isMember = ({ person }: { readonly person: Named }) => seatOf(state, person.person) !== null;
  const { seats, needed, present, isReached } = quorumOf(state);
  return {
    version: 1, sitting: state.id, title: state.title, place: state.place, form: state.form,
    calledAt: moment(state.calledAt), begunAt: maybe(state.begunAt), closedAt: maybe(state.closedAt),
    chairs: state.chairs.map(({ person, at }) => ({ person: named(person), from: moment(at) })),
    quorum: { seats, needed, present, allGroups: state.allGroups, isReached },
    present: attendance.filter(isMember),
    absent: state.seats.filter(seat => !state.attendance.has(seat.person)).map(({ name, group }) => ({ name, group })),
    guests: attendance.filter(one => !isMember(one)),
    postponements: state.postponements.map(({ at, until, reason }) => ({ at: moment(at), until: moment(until), reason })),
    pauses: state.pauses.map(({ from, to }) => ({ from: moment(from), to: maybe(to) })),
    order: state.order,
    agenda: state.agenda.map(({ title, budget, startedAt, finishedAt }) => ({ title, budgetSeconds: budget, startedAt: maybe(startedAt), finishedAt: maybe(finishedAt) })),
    speeches: state.speeches.map(({ person, item, isInterruption, isOutOfTurn, startedAt, spent, text }) => ({
      person: named(person), item, isInterruption, isOutOfTurn, from: moment(startedAt), seconds: Math.round(spent / 1000), text,
    })),
    interruptions: state.interruptions.map(({ person, at, reason, granted }) => ({ person: named(person), at: moment(at), reason, granted })),
    votes: state.ballots.flatMap(ballot => {
      const { id, question, item, openedAt, closedAt, result, announced } = ballot;
      if (closedAt === null || result === null) return [];
      const { yes, no, abstain, missing, needed: enough, outcome } = result;
      return [{
        id, question, item, openedAt: moment(openedAt), closedAt: moment(closedAt), result: { yes, no, abstain, missing, needed: enough, outcome },
        announced: announced === null ? null : { yes: announced.yes, no: announced.no, abstain: announced.abstain, outcome: announced.outcome, isTrue: announced.isTrue },
        roll: result.roll.map(({ person, choice }) => ({ person: named(person), choice })),
      }];
    }),
    decisions: state.decisions.filter(({ text }) => text !== '').map(({ text, item, at }) => ({ text, item, at: moment(at) })),
  };
}

/** The canonical text: JSON without spaces, its fields in the order of {@link Minutes}. */
export function minutesText(state: SittingState): string {
  return JSON.stringify(minutesOf(state));
}

/** H of the canonical text, hexadecimal: what the chair signs to fix the minutes. */
export async function minutesHash(state: SittingState): Promise<string> {
  return hex(await sha256(utf8(minutesText(state))));
}
