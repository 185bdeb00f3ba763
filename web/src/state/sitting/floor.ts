import type { ActOf } from './acts';
import { changed, currentItem, groupOf, groupsOf, isPresent, votes, type Asked, type SittingState, type Speech, type Step } from './state';

/** A speech cannot be longer, whatever a speaker's clock says when he ends it, ms. */
const longestSpeech = 24 * 3600_000;

/** Most speeches, interruptions or other things of one kind in a sitting. */
export const listMaximum = 5_000;

/** Who has the floor, as an index of the speeches; null: nobody. */
export function floorOf(state: SittingState): number | null {
  const index = state.speeches.findIndex(speech => speech.since !== null);
  return index < 0 ? null : index;
}

/** Time spoken until now, ms. */
export function spentOn(speech: Speech, now: number): number {
  return speech.spent + (speech.since === null ? 0 : Math.min(longestSpeech, Math.max(0, now - speech.since)));
}

function totalOf(state: SittingState, belongs: (speech: Speech) => boolean, now: number): number {
  return state.speeches.filter(speech => !speech.isInterruption && belongs(speech)).reduce((sum, speech) => sum + spentOn(speech, now), 0);
}

/** What is left of the person's and his group's time for all speeches, ms; infinite without a limit. */
export function budgetOf(state: SittingState, person: string, now: number): number {
  const { limits } = state;
  const group = groupOf(state, person);
  const ofPerson = limits.person === 0 ? Infinity : limits.person * 1000 - totalOf(state, speech => speech.person === person, now);
  const ofGroup = limits.group === 0 || group === '' ? Infinity : limits.group * 1000 - totalOf(state, speech => groupOf(state, speech.person) === group, now);
  return Math.min(ofPerson, ofGroup);
}

/** What is left of a speech under every limit, ms; below 0: overdue; infinite without a limit. Points of order have none. */
export function timeLeft(state: SittingState, index: number, now: number): number {
  const speech = state.speeches[index]!;
  if (speech.isInterruption) return Infinity;
  const ofSpeech = state.limits.speech === 0 ? Infinity : state.limits.speech * 1000 - spentOn(speech, now);
  return Math.min(ofSpeech, budgetOf(state, speech.person, now));
}

/** The queue in the order in which people are to speak. */
export function queueOrder(state: SittingState): readonly Asked[] {
  const { order, queue } = state;
  if (order === 'request' || order === 'chair') return queue;
  const groups = [...new Set([...groupsOf(state), ''])];
  const size = new Map(groups.map(group => [group, state.seats.filter(seat => seat.group === group).length]));
  const spoken = new Map(groups.map(group => [group, state.speeches.filter(speech => !speech.isInterruption && groupOf(state, speech.person) === group).length]));
  const left = [...queue];
  const out: Asked[] = [];
  while (left.length > 0) {
    // Groups take turns; among those whose turn it is the larger goes first, or whoever asked first.
    const next = left.reduce((best, asked) => {
      const [a, b] = [groupOf(state, best.person), groupOf(state, asked.person)];
      const turns = spoken.get(b)! - spoken.get(a)!;
      const larger = order === 'size' ? size.get(a)! - size.get(b)! : 0;
      return turns < 0 || (turns === 0 && larger < 0) ? asked : best;
    });
    out.push(next);
    left.splice(left.indexOf(next), 1);
    const group = groupOf(state, next.person);
    spoken.set(group, spoken.get(group)! + 1);
  }
  return out;
}

/** Ends whatever is being said; an interrupted speech goes on unless all is to end. */
export function endFloor(state: SittingState, at: number, all: boolean): SittingState {
  const index = floorOf(state);
  const end = (speech: Speech): Partial<Speech> => {
    const spent = spentOn(speech, at);
    return { spent, since: null, endedAt: speech.since === null ? at : speech.since + spent - speech.spent };
  };
  if (all) return { ...state, speeches: state.speeches.map(speech => (speech.endedAt === null ? { ...speech, ...end(speech) } : speech)) };
  if (index === null) return state;
  const speech = state.speeches[index]!;
  const speeches = changed(state.speeches, index, end(speech));
  const paused = speeches.findLastIndex(other => other.endedAt === null && other.since === null);
  return { ...state, speeches: speech.isInterruption && paused >= 0 ? changed(speeches, paused, { since: at }) : speeches };
}

function begin(state: SittingState, person: string, at: number, kind: Pick<Speech, 'isInterruption' | 'isOutOfTurn'>): SittingState {
  const speech: Speech = { person, item: currentItem(state), ...kind, startedAt: at, endedAt: null, spent: 0, since: at, text: '' };
  return { ...state, speeches: [...state.speeches, speech] };
}

export function ask(state: SittingState, person: string, at: number): Step {
  if (state.phase !== 'sitting') return 'wrongPhase';
  if (!isPresent(state, person)) return 'notPresent';
  if (state.queue.some(asked => asked.person === person)) return 'duplicate';
  return { ...state, queue: [...state.queue, { person, at }] };
}

export function withdraw(state: SittingState, person: string): Step {
  if (!state.queue.some(asked => asked.person === person)) return 'unknownPerson';
  return { ...state, queue: state.queue.filter(asked => asked.person !== person) };
}

/** The chair passes the floor on: whoever has it yields. */
export function grant(state: SittingState, { person }: ActOf<'grant'>, at: number): Step {
  if (state.phase !== 'sitting') return 'wrongPhase';
  if (!isPresent(state, person)) return 'unknownPerson';
  if (state.speeches.length >= listMaximum) return 'full';
  if (budgetOf(state, person, at) <= 0) return 'noTimeLeft';
  const next = queueOrder(state)[0]?.person;
  const isOutOfTurn = state.order !== 'chair' && next !== undefined && next !== person;
  const yielded = endFloor(state, at, true);
  return begin({ ...yielded, queue: state.queue.filter(asked => asked.person !== person) }, person, at, { isInterruption: false, isOutOfTurn });
}

/** By the chair or by whoever speaks. */
export function endSpeech(state: SittingState, person: string, isChair: boolean, at: number): Step {
  const index = floorOf(state);
  if (index === null) return 'wrongPhase';
  if (!isChair && state.speeches[index]!.person !== person) return 'notOwn';
  return endFloor(state, at, false);
}

export function interrupt(state: SittingState, { reason }: ActOf<'interrupt'>, person: string, at: number): Step {
  if (state.phase !== 'sitting') return 'wrongPhase';
  if (!votes(state, person)) return 'notMember';
  if (state.interruptions.some(other => other.person === person && other.granted === null)) return 'duplicate';
  if (state.interruptions.length >= listMaximum) return 'full';
  return { ...state, interruptions: [...state.interruptions, { person, at, reason, granted: null }] };
}

/** Granted, it takes the floor at once; whoever spoke goes on afterwards. */
export function answerInterruption(state: SittingState, { interruption, granted }: ActOf<'answerInterruption'>, at: number): Step {
  const asked = state.interruptions[interruption];
  if (asked === undefined) return 'unknownItem';
  if (asked.granted !== null) return 'duplicate';
  if (granted && state.phase !== 'sitting') return 'wrongPhase';
  const answered = { ...state, interruptions: changed(state.interruptions, interruption, { granted }) };
  if (!granted) return answered;
  if (!isPresent(state, asked.person)) return 'unknownPerson';
  if (state.speeches.length >= listMaximum) return 'full';
  const index = floorOf(answered);
  if (index === null) return begin(answered, asked.person, at, { isInterruption: true, isOutOfTurn: false });
  const speech = answered.speeches[index]!;
  // A point of order does not interrupt another one.
  if (speech.isInterruption) return 'wrongPhase';
  const paused = { ...answered, speeches: changed(answered.speeches, index, { spent: spentOn(speech, at), since: null }) };
  return begin(paused, asked.person, at, { isInterruption: true, isOutOfTurn: false });
}
