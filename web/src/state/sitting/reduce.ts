import { isModerator } from '../../e2ee/mls/party';
import { agendaMaximum, seatMaximum, type ActOf, type SittingAct } from './acts';
import { announce, closeVote, openVote, vote } from './ballots';
import { answerInterruption, ask, endFloor, endSpeech, grant, interrupt, listMaximum, withdraw } from './floor';
import { chairOf, changed, currentItem, isPresent, openBallot, quorumOf, type Attendance, type Heard, type Known, type SittingState, type Step } from './state';

/** What only the chair does. */
const ofChair: ReadonlySet<SittingAct['type']> = new Set([
  'seat', 'begin', 'postpone', 'suspend', 'resume', 'close', 'addItem', 'startItem', 'finishItem', 'setOrder', 'setLimits', 'grant', 'answerInterruption',
  'openVote', 'closeVote', 'announce', 'judge', 'fix',
]);

/** What the chair and the other moderators, as secretaries, write. */
const ofBureau: ReadonlySet<SittingAct['type']> = new Set(['decide', 'note']);

/** What is still done when the sitting is closed, until the minutes are fixed. */
const afterwards: ReadonlySet<SittingAct['type']> = new Set(['decide', 'note', 'propose', 'judge', 'fix', 'takeChair']);

/**
 * A formal sitting as a deterministic machine: authenticated acts in the log's order, the same for everybody. Who may do what is decided here, from the
 * author's role at that place of the log; an act that may not be done is a fault, and changes nothing (docs/sittings.md).
 */
export function reduceSitting(state: SittingState | null, heard: Heard): Step {
  const { author, act } = heard;
  if (act.type === 'open') return state !== null && state.phase !== 'closed' && state.phase !== 'fixed' ? 'alreadyOpen' : open(heard, act);
  if (state === null) return 'notOpen';
  if (state.phase === 'fixed' || (state.phase === 'closed' && !afterwards.has(act.type))) return 'wrongPhase';
  const isChair = author.person === chairOf(state);
  if (ofChair.has(act.type) && !isChair) return 'notChair';
  if (ofBureau.has(act.type) && !isChair && !isModerator(author.role)) return 'notModerator';
  const at = Math.max(state.clock, heard.at);
  const step = take(state, heard, at, isChair);
  if (typeof step === 'string') return step;
  // Only the chair's clock moves the sitting's, so that no other one can shift its times.
  return { ...step, clock: isChair ? at : state.clock, people: known(step, author) };
}

function take(state: SittingState, { author, act, hash, minutes }: Heard, at: number, isChair: boolean): Step {
  const { person } = author;
  switch (act.type) {
    case 'open': return 'alreadyOpen';
    case 'seat': return putIn(state, act);
    case 'sign': return isPresent(state, person) ? 'duplicate' : { ...state, attendance: new Map(state.attendance).set(person, signed(state, person, at)) };
    case 'signOut': return signOut(state, person, at);
    case 'takeChair':
      if (isChair) return 'duplicate';
      return isModerator(author.role) ? { ...state, chairs: [...state.chairs, { person, at }] } : 'notModerator';
    case 'begin':
      if (state.phase !== 'gathering') return 'wrongPhase';
      return quorumOf(state).isReached ? { ...state, phase: 'sitting', begunAt: at } : 'noQuorum';
    case 'postpone':
      if (state.phase !== 'gathering') return 'wrongPhase';
      return { ...state, postponements: [...state.postponements, { at, until: at + act.minutes * 60_000, reason: act.reason }] };
    case 'suspend':
      if (state.phase !== 'sitting') return 'wrongPhase';
      if (openBallot(state) !== null) return 'ballotOpen';
      return { ...endFloor(state, at, true), phase: 'suspended', pauses: [...state.pauses, { from: at, to: null }] };
    case 'resume':
      if (state.phase !== 'suspended') return 'wrongPhase';
      return { ...state, phase: 'sitting', pauses: changed(state.pauses, state.pauses.length - 1, { to: at }) };
    case 'close': return close(state, at);
    case 'addItem':
      if (state.agenda.length >= agendaMaximum) return 'full';
      return { ...state, agenda: [...state.agenda, { title: act.title, budget: act.budget, startedAt: null, finishedAt: null }] };
    case 'startItem': return startItem(state, act, at);
    case 'finishItem': return currentItem(state) === null ? 'unknownItem' : finishItem(state, at);
    case 'ask': return ask(state, person, at);
    case 'withdraw': return withdraw(state, person);
    case 'setOrder': return { ...state, order: act.order };
    case 'setLimits': return { ...state, limits: act.limits };
    case 'grant': return grant(state, act, at);
    case 'endSpeech': return endSpeech(state, person, isChair, at);
    case 'interrupt': return interrupt(state, act, person, at);
    case 'answerInterruption': return answerInterruption(state, act, at);
    case 'openVote': return openVote(state, act, hash, at);
    case 'vote': return vote(state, act, person);
    case 'closeVote': return closeVote(state, act, at);
    case 'announce': return announce(state, act);
    case 'decide': return decide(state, act, at);
    case 'note': return state.speeches[act.speech] === undefined ? 'unknownItem' : { ...state, speeches: changed(state.speeches, act.speech, { text: act.text }) };
    case 'propose':
      if (state.speeches[act.speech]?.person !== person) return 'notOwn';
      return state.proposals.length >= listMaximum ? 'full' : { ...state, proposals: [...state.proposals, { speech: act.speech, text: act.text, accepted: null }] };
    case 'judge': return judge(state, act);
    case 'fix':
      if (state.phase !== 'closed') return 'wrongPhase';
      return act.minutes === minutes ? { ...state, phase: 'fixed', fixed: { minutes, at } } : 'otherMinutes';
  }
}

function open({ author, hash, at }: Heard, act: ActOf<'open'>): Step {
  if (!isModerator(author.role)) return 'notModerator';
  const held = act.seats.map(seat => seat.person).filter(person => person !== '');
  if (new Set(held).size !== held.length) return 'duplicate';
  const { title, place, form, allGroups, seats, order, limits } = act;
  return {
    id: hash, title, place, form, allGroups, phase: 'gathering', clock: at, chairs: [{ person: author.person, at }], people: known({ people: new Map() }, author), seats,
    attendance: new Map(), calledAt: at, begunAt: null, closedAt: null, postponements: [], pauses: [],
    agenda: act.agenda.map(plan => ({ ...plan, startedAt: null, finishedAt: null })),
    order, limits, queue: [], speeches: [], interruptions: [], ballots: [], decisions: [], proposals: [], fixed: null,
  };
}

function known({ people }: Pick<SittingState, 'people'>, { person, name, organization, isGuest }: Known): ReadonlyMap<string, Known> {
  const before = people.get(person);
  if (before !== undefined && before.name === name && before.organization === organization) return people;
  return new Map(people).set(person, { person, name, organization, isGuest });
}

/** Who signs again after leaving keeps when he came. */
function signed(state: SittingState, person: string, at: number): Attendance {
  return { at: state.attendance.get(person)?.at ?? at, left: null };
}

function signOut(state: SittingState, person: string, at: number): Step {
  const attendance = state.attendance.get(person);
  if (attendance === undefined || attendance.left !== null) return 'notPresent';
  return { ...state, attendance: new Map(state.attendance).set(person, { ...attendance, left: at }), queue: state.queue.filter(asked => asked.person !== person) };
}

/** Nobody changes his seat while a vote is open: it would change who votes. */
function putIn(state: SittingState, { seat, name, group, person }: ActOf<'seat'>): Step {
  if (openBallot(state) !== null) return 'ballotOpen';
  if (person !== '' && state.seats.some((other, index) => other.person === person && index !== seat)) return 'duplicate';
  if (seat === null) return state.seats.length >= seatMaximum ? 'full' : { ...state, seats: [...state.seats, { name, group, person }] };
  return state.seats[seat] === undefined ? 'unknownItem' : { ...state, seats: changed(state.seats, seat, { name, group, person }) };
}

function finishItem(state: SittingState, at: number): SittingState {
  const index = currentItem(state);
  return index === null ? state : { ...state, agenda: changed(state.agenda, index, { finishedAt: at }) };
}

function startItem(state: SittingState, { item }: ActOf<'startItem'>, at: number): Step {
  if (state.phase !== 'sitting') return 'wrongPhase';
  if (openBallot(state) !== null) return 'ballotOpen';
  const found = state.agenda[item];
  if (found === undefined) return 'unknownItem';
  if (found.startedAt !== null) return 'duplicate';
  const finished = finishItem(endFloor(state, at, true), at);
  return { ...finished, agenda: changed(finished.agenda, item, { startedAt: at }) };
}

function close(state: SittingState, at: number): Step {
  if (openBallot(state) !== null) return 'ballotOpen';
  const ended = finishItem(endFloor(state, at, true), at);
  const pauses = state.phase === 'suspended' ? changed(state.pauses, state.pauses.length - 1, { to: at }) : state.pauses;
  return { ...ended, phase: 'closed', closedAt: at, queue: [], pauses };
}

function decide(state: SittingState, { decision, text }: ActOf<'decide'>, at: number): Step {
  if (decision !== null) {
    return state.decisions[decision] === undefined ? 'unknownItem' : { ...state, decisions: changed(state.decisions, decision, { text }) };
  }
  if (text === '') return 'unknownItem';
  if (state.decisions.length >= listMaximum) return 'full';
  return { ...state, decisions: [...state.decisions, { text, item: currentItem(state), at }] };
}

/** Accepted, the speaker's words stand in the minutes. */
function judge(state: SittingState, { proposal, accepted }: ActOf<'judge'>): Step {
  const found = state.proposals[proposal];
  if (found === undefined) return 'unknownItem';
  if (found.accepted !== null) return 'duplicate';
  const judged = { ...state, proposals: changed(state.proposals, proposal, { accepted }) };
  return accepted ? { ...judged, speeches: changed(state.speeches, found.speech, { text: found.text }) } : judged;
}
