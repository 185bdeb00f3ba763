import type { EndReason, ErrorCode, JoinResult, MeetingChange, Participant, SeatBinding, SeatMap } from '../signaling/contract';
import { applyChange, compareRosters, rosterOf, type Roster } from './roster';

export type OverReason = EndReason | 'left' | 'meetingNotFound' | 'meetingEnded';

/** The socket to the server. */
export type SignalingLink =
  | { state: 'connecting' }
  | { state: 'connected' }
  /** `retryAt` in milliseconds of the epoch, for a countdown. */
  | { state: 'waiting'; retryAt: number; attempt: number; cause: 'network' | 'serverStopping' }
  | { state: 'retrying'; attempt: number; cause: 'network' | 'serverStopping' };

export type MediaLink = 'connecting' | 'connected' | 'interrupted' | 'restarting';

export interface Notice {
  id: number;
  kind: 'came' | 'left';
  names: string[];
}

export interface RoomState {
  phase: 'lobby' | 'joining' | 'inMeeting' | 'over';
  over: OverReason | null;
  joinError: { code: ErrorCode; message: string | null } | null;
  self: string | null;
  roster: Roster | null;
  seats: SeatMap;
  /** Seats were told since the last join or resume was asked: they are newer than what its answer says. */
  seatsAreNews: boolean;
  /** Changes that overtook the answer to the join; they follow on its snapshot. */
  early: readonly MeetingChange[];
  /** To whom one's own shared screen is delivered; null: not known now. */
  delivery: readonly string[] | null;
  /** Most recent first. */
  speakers: readonly string[];
  signaling: SignalingLink;
  media: MediaLink;
  /** The latest coming or going, for the announcer. */
  notice: Notice | null;
  /** A revision was missed: the session asks for the whole. */
  needsResync: boolean;
}

export const emptySeats: SeatMap = { seats: [], voices: [] };

export const initialRoom: RoomState = {
  phase: 'lobby',
  over: null,
  joinError: null,
  self: null,
  roster: null,
  seats: emptySeats,
  seatsAreNews: false,
  early: [],
  delivery: null,
  speakers: [],
  signaling: { state: 'connecting' },
  media: 'connecting',
  notice: null,
  needsResync: false,
};

export type RoomEvent =
  | { type: 'joinStarted' }
  | { type: 'joinRefused'; code: ErrorCode; message: string | null }
  /** A join or resume is asked of the server now. */
  | { type: 'entering' }
  | { type: 'entered'; result: JoinResult }
  | { type: 'meetingChanged'; change: MeetingChange }
  | { type: 'seatsChanged'; seats: SeatMap }
  | { type: 'shareDelivered'; participants: readonly string[] }
  | { type: 'speakersChanged'; speakers: readonly string[] }
  | { type: 'signaling'; link: SignalingLink }
  | { type: 'media'; link: MediaLink }
  | { type: 'over'; reason: OverReason };

export function roomReducer(state: RoomState, event: RoomEvent): RoomState {
  if (state.phase === 'over') return state;
  switch (event.type) {
    case 'joinStarted':
      return { ...state, phase: 'joining', joinError: null };
    case 'joinRefused':
      if (event.code === 'meetingNotFound' || event.code === 'meetingEnded') return { ...state, phase: 'over', over: event.code };
      return { ...state, phase: 'lobby', joinError: { code: event.code, message: event.message } };
    case 'entering':
      return { ...state, seatsAreNews: false, early: [] };
    case 'entered':
      return entered(state, event.result);
    case 'meetingChanged':
      return changed(state, event.change);
    case 'seatsChanged':
      return { ...state, seats: event.seats, seatsAreNews: true };
    case 'shareDelivered':
      return { ...state, delivery: event.participants };
    case 'speakersChanged':
      return { ...state, speakers: event.speakers };
    case 'signaling':
      return { ...state, signaling: event.link, delivery: event.link.state === 'connected' ? state.delivery : null };
    case 'media':
      return { ...state, media: event.link };
    case 'over':
      return { ...state, phase: 'over', over: event.reason };
  }
}

function entered(state: RoomState, result: JoinResult): RoomState {
  if (result.meeting === null) return state;
  let roster = rosterOf(result.meeting);
  let needsResync = false;
  for (const change of state.early) {
    const outcome = applyChange(roster, change);
    if (outcome.kind === 'gap') needsResync = true;
    else if (outcome.kind === 'applied') roster = outcome.roster;
  }
  // News that came while a resume was under way may be ahead of its answer.
  if (state.roster !== null && state.roster.revision > roster.revision) roster = state.roster;
  // After a resume the difference is announced as if it had been seen live; after the first join the roster speaks for itself.
  return withNotice(
    {
      ...state,
      phase: 'inMeeting',
      joinError: null,
      self: result.self,
      roster,
      seats: state.seatsAreNews ? state.seats : result.seats ?? state.seats,
      early: [],
      needsResync,
      signaling: { state: 'connected' },
    },
    state.roster,
    roster,
  );
}

function changed(state: RoomState, change: MeetingChange): RoomState {
  if (state.roster === null) return { ...state, early: [...state.early, change] };
  const outcome = applyChange(state.roster, change);
  if (outcome.kind === 'stale') return state;
  if (outcome.kind === 'gap') return { ...state, needsResync: true };
  return withNotice({ ...state, roster: outcome.roster }, state.roster, outcome.roster);
}

function withNotice(state: RoomState, before: Roster | null, after: Roster): RoomState {
  if (before === null) return state;
  const { came, left } = compareRosters(before, after);
  const others = (list: Participant[]) => list.filter(participant => participant.id !== state.self).map(participant => participant.displayName);
  const cameNames = others(came);
  const leftNames = others(left);
  const id = (state.notice?.id ?? 0) + 1;
  if (cameNames.length > 0) return { ...state, notice: { id, kind: 'came', names: cameNames } };
  if (leftNames.length > 0) return { ...state, notice: { id, kind: 'left', names: leftNames } };
  return state;
}

export function selfOf(state: RoomState): Participant | null {
  return state.roster?.participants.find(participant => participant.id === state.self) ?? null;
}

/** The seat that carries a person (microphone and camera share it) or a person's screen. */
export function seatOf(seats: SeatMap, participantId: string, source: 'camera' | 'screen'): SeatBinding | null {
  return seats.seats.find(binding => binding.participantId === participantId && isScreen(binding) === (source === 'screen')) ?? null;
}

function isScreen(binding: SeatBinding): boolean {
  return binding.source === 'screen' || binding.source === 'screenAudio';
}
