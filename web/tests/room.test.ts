import { describe, expect, it } from 'vitest';
import { applyChange, rosterOf, sourcesOfOthers } from '../src/state/roster';
import { initialRoom, roomReducer, seatOf, type RoomState } from '../src/state/room';
import type { JoinResult, MeetingChange, Participant } from '../src/signaling/contract';
import { participantOf, silent } from './fakes';

const snapshot = (revision: number, participants: Participant[]) =>
  ({ meetingId: 'm', kind: 'encrypted', revision, startedAt: 0, participants, videoCodecs: ['vp8'], red: false }) as const;
const result = (revision: number, participants: Participant[]): JoinResult =>
  ({ error: 'none', message: null, self: 'self', meeting: snapshot(revision, participants), answerSdp: 'x', seats: { seats: [], voices: [] } });
const change = (revision: number, upserted: Participant[], removed: string[] = []): MeetingChange =>
  ({ revision, upserted, removed, videoCodecs: null, red: null });

const joined = (): RoomState => roomReducer(initialRoom, { type: 'entered', result: result(4, [participantOf('self'), participantOf('a', silent, 'Ani', 1)]) });

describe('roster', () => {
  it('applies the next revision, ignores an old one and notices a gap', () => {
    const roster = rosterOf(snapshot(4, [participantOf('a')]));
    const next = applyChange(roster, change(5, [participantOf('b', silent, 'b', 1)], ['a']));
    expect(next.kind === 'applied' && next.roster.participants.map(participant => participant.id)).toEqual(['b']);
    expect(applyChange(roster, change(4, [])).kind).toBe('stale');
    expect(applyChange(roster, change(6, [])).kind).toBe('gap');
  });

  it('keeps people in order of arrival whatever the server sends first', () => {
    const roster = rosterOf(snapshot(1, [participantOf('z', silent, 'z', 30), participantOf('m', silent, 'm', 10), participantOf('a', silent, 'a', 10)]));
    expect(roster.participants.map(participant => participant.id)).toEqual(['a', 'm', 'z']);
  });

  it('counts a shared screen as a source of its own, but nothing of oneself', () => {
    const roster = rosterOf(snapshot(1, [participantOf('self', { ...silent, screen: true }), participantOf('a', { ...silent, screen: true }), participantOf('b')]));
    expect(sourcesOfOthers(roster, 'self')).toBe(3);
  });
});

describe('room', () => {
  it('announces who comes and who leaves, but not oneself', () => {
    const came = roomReducer(joined(), { type: 'meetingChanged', change: change(5, [participantOf('b', silent, 'Budi', 2)]) });
    expect(came.notice).toMatchObject({ kind: 'came', names: ['Budi'] });
    const left = roomReducer(came, { type: 'meetingChanged', change: change(6, [], ['a']) });
    expect(left.notice).toMatchObject({ kind: 'left', names: ['Ani'] });
    expect(left.notice!.id).not.toBe(came.notice!.id);
    expect(joined().notice).toBeNull();
  });

  it('announces after a resume what happened meanwhile', () => {
    const back = roomReducer(joined(), { type: 'entered', result: result(9, [participantOf('self'), participantOf('c', silent, 'Citra', 5)]) });
    expect(back.notice).toMatchObject({ kind: 'came', names: ['Citra'] });
  });

  it('asks for the whole after a gap and is content when it has it', () => {
    const gap = roomReducer(joined(), { type: 'meetingChanged', change: change(7, []) });
    expect(gap.needsResync).toBe(true);
    expect(gap.roster!.revision).toBe(4);
    expect(roomReducer(gap, { type: 'entered', result: result(7, [participantOf('self')]) }).needsResync).toBe(false);
  });

  it('goes back to the lobby when refused, and ends when there is no such meeting', () => {
    const full = roomReducer(initialRoom, { type: 'joinRefused', code: 'meetingFull', message: null });
    expect(full).toMatchObject({ phase: 'lobby', joinError: { code: 'meetingFull' } });
    expect(roomReducer(initialRoom, { type: 'joinRefused', code: 'meetingNotFound', message: null })).toMatchObject({ phase: 'over', over: 'meetingNotFound' });
  });

  it('hears nothing any more once it is over', () => {
    const over = roomReducer(joined(), { type: 'over', reason: 'endedByHost' });
    expect(roomReducer(over, { type: 'over', reason: 'left' })).toBe(over);
    expect(roomReducer(over, { type: 'signaling', link: { state: 'connected' } })).toBe(over);
  });

  it('tells a person’s seat from the seat of the person’s screen', () => {
    const seats = {
      seats: [
        { seat: 0, participantId: 'a', source: 'screen', pause: 'none' }, { seat: 1, participantId: 'a', source: 'microphone', pause: 'none' },
      ] as const,
      voices: [],
    };
    expect(seatOf(seats, 'a', 'screen')?.seat).toBe(0);
    expect(seatOf(seats, 'a', 'camera')?.seat).toBe(1);
    expect(seatOf(seats, 'b', 'camera')).toBeNull();
  });
});

describe('news that overtakes an answer', () => {
  const people = [participantOf('self'), participantOf('a', silent, 'Ani', 1)];
  const entering = () => roomReducer(roomReducer(initialRoom, { type: 'joinStarted' }), { type: 'entering' });

  it('follows on the snapshot of the join, the part it holds already left out', () => {
    let state = roomReducer(entering(), { type: 'meetingChanged', change: change(4, []) });
    state = roomReducer(state, { type: 'meetingChanged', change: change(5, [participantOf('b', silent, 'Budi', 2)]) });
    state = roomReducer(state, { type: 'entered', result: result(4, people) });
    expect(state.roster!.revision).toBe(5);
    expect(state.roster!.participants.map(participant => participant.id)).toEqual(['self', 'a', 'b']);
    expect(state.needsResync).toBe(false);
    expect(state.early).toEqual([]);
  });

  it('asks for the whole when a revision between is missing', () => {
    const state = roomReducer(roomReducer(entering(), { type: 'meetingChanged', change: change(7, []) }), { type: 'entered', result: result(4, people) });
    expect(state.needsResync).toBe(true);
  });

  it('keeps newer seats than the answer tells, and takes those of the answer otherwise', () => {
    const seats = { seats: [{ seat: 0, participantId: 'a', source: 'camera', pause: 'none' }], voices: [] } as const;
    const told = roomReducer(roomReducer(entering(), { type: 'seatsChanged', seats: { seats: [...seats.seats], voices: [] } }), { type: 'entered', result: result(4, people) });
    expect(told.seats.seats).toHaveLength(1);
    const asked = roomReducer(roomReducer(told, { type: 'entering' }), { type: 'entered', result: result(5, people) });
    expect(asked.seats.seats).toHaveLength(0);
  });

  it('does not go back to an older snapshot after a resume', () => {
    let state = roomReducer(joined(), { type: 'entering' });
    state = roomReducer(state, { type: 'meetingChanged', change: change(5, [participantOf('b', silent, 'Budi', 2)]) });
    state = roomReducer(state, { type: 'entered', result: result(4, people) });
    expect(state.roster!.revision).toBe(5);
  });
});
