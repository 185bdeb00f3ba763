import type { ActOf, Choice } from './acts';
import { changed, currentItem, openBallot, quorumOf, votes, type Ballot, type Result, type SittingState, type Step } from './state';

const ballotMaximum = 500;

/** The roll call: members with the right to vote who are present, in the order of the seats, and what they said. */
export function rollOf(state: SittingState, ballot: Ballot): readonly { readonly person: string; readonly choice: Choice | null }[] {
  return state.seats.filter(seat => seat.person !== '' && (votes(state, seat.person) || ballot.votes.has(seat.person)))
    .map(({ person }) => ({ person, choice: ballot.votes.get(person) ?? null }));
}

/** Carried by more than half of those who voted, abstentions included, where as many voted as a quorum needs. */
export function resultOf(state: SittingState, ballot: Ballot): Result {
  const roll = rollOf(state, ballot);
  const count = (choice: Choice | null) => roll.filter(voter => voter.choice === choice).length;
  const tally = { yes: count('yes'), no: count('no'), abstain: count('abstain') };
  const cast = tally.yes + tally.no + tally.abstain;
  const { needed, isReached } = quorumOf(state);
  const outcome = cast < needed || !isReached ? 'noQuorum' : 2 * tally.yes > cast ? 'carried' : 'rejected';
  return { roll, ...tally, missing: count(null), needed, outcome };
}

export function openVote(state: SittingState, { question }: ActOf<'openVote'>, id: string, at: number): Step {
  if (state.phase !== 'sitting') return 'wrongPhase';
  if (openBallot(state) !== null) return 'ballotOpen';
  if (!quorumOf(state).isReached) return 'noQuorum';
  if (state.ballots.length >= ballotMaximum) return 'full';
  const ballot: Ballot = { id, question, item: currentItem(state), openedAt: at, closedAt: null, votes: new Map(), result: null, announced: null };
  return { ...state, ballots: [...state.ballots, ballot] };
}

/** A member may change his mind while the vote is open; the last word counts. */
export function vote(state: SittingState, { ballot: id, choice }: ActOf<'vote'>, person: string): Step {
  const index = state.ballots.findIndex(ballot => ballot.id === id && ballot.closedAt === null);
  if (index < 0) return 'noBallot';
  if (!votes(state, person)) return 'notMember';
  const { votes: before } = state.ballots[index]!;
  if (before.get(person) === choice) return 'duplicate';
  return { ...state, ballots: changed(state.ballots, index, { votes: new Map(before).set(person, choice) }) };
}

export function closeVote(state: SittingState, { ballot: id }: ActOf<'closeVote'>, at: number): Step {
  const index = state.ballots.findIndex(ballot => ballot.id === id && ballot.closedAt === null);
  if (index < 0) return 'noBallot';
  return { ...state, ballots: changed(state.ballots, index, { closedAt: at, result: resultOf(state, state.ballots[index]!) }) };
}

/** The chair says the result. What is not as everybody computes it is marked, and stays so. */
export function announce(state: SittingState, { ballot: id, yes, no, abstain, outcome }: ActOf<'announce'>): Step {
  const index = state.ballots.findIndex(ballot => ballot.id === id);
  const result = state.ballots[index]?.result ?? null;
  if (result === null) return 'noBallot';
  if (state.ballots[index]!.announced !== null) return 'duplicate';
  const isTrue = result.yes === yes && result.no === no && result.abstain === abstain && result.outcome === outcome;
  return { ...state, ballots: changed(state.ballots, index, { announced: { yes, no, abstain, outcome, isTrue } }) };
}
