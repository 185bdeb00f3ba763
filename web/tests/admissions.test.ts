import { describe, expect, it } from 'vitest';
import type { GroupSession, GroupState } from '../src/session/groupSession';
import { AdmissionSession } from '../src/session/admissions';
import type { MemberCommand } from '../src/e2ee/mls/memberTypes';
import { admissionPatience, admissionReducer, noAdmissions, progressOf, type AdmissionEvent } from '../src/state/admissions';
import { Store } from '../src/state/store';

const after = (...events: AdmissionEvent[]) => events.reduce(admissionReducer, noAdmissions);
const asked = (at: number, ...ids: string[]): AdmissionEvent => ({ type: 'asked', ids, at });

describe('letting several in', () => {
  it('shows how far it is once a second has passed, and nothing where it is over or one alone', () => {
    const three = after(asked(0, 'a', 'b', 'c'), { type: 'answered', id: 'a', error: 'none' });
    expect(progressOf(three, 999)).toBeNull();
    expect(progressOf(three, 1_000)).toEqual({ done: 1, total: 3 });
    expect(progressOf(admissionReducer(three, asked(500, 'd')), 1_000)).toEqual({ done: 1, total: 4 });
    expect(progressOf(after(asked(0, 'a')), 5_000)).toBeNull();
    expect(progressOf(after(asked(0, 'a', 'b'), { type: 'waiting', ids: new Set() }), 5_000)).toBeNull();
  });

  it('says of each who could not be let in why, until he is asked for again or gone', () => {
    const state = after(
      asked(0, 'a', 'b', 'c', 'd', 'e'), { type: 'answered', id: 'a', error: 'meetingFull' }, { type: 'answered', id: 'b', error: 'unavailable' }, { type: 'answered', id: 'c', error: 'invalidRequest' },
      { type: 'answered', id: 'd', error: 'notAllowed' }, { type: 'answered', id: 'x', error: 'meetingFull' }, { type: 'time', at: admissionPatience - 1 });
    expect([...state.failed]).toEqual([['a', 'full'], ['b', 'busy'], ['c', 'gone'], ['d', 'other']]);
    expect([...state.pending.keys()]).toEqual(['e']);
    const late = admissionReducer(state, { type: 'time', at: admissionPatience });
    expect(late.failed.get('e')).toBe('other');
    expect([...admissionReducer(late, asked(20_000, 'a')).failed.keys()]).toEqual(['b', 'c', 'd', 'e']);
    expect([...admissionReducer(late, { type: 'waiting', ids: new Set(['b']) }).failed.keys()]).toEqual(['b']);
  });
});

describe('a moderator', () => {
  it('asks for each, and hears of each', () => {
    const commands: MemberCommand[] = [];
    const timers: (() => void)[] = [];
    const group: Pick<GroupSession, 'state' | 'command' | 'onDecided'> = {
      state: new Store({ view: { knocks: [{ participantId: 'a' }, { participantId: 'b' }] } } as unknown as GroupState), command: command => void commands.push(command), onDecided: null,
    };
    let now = 0;
    const session = new AdmissionSession(group, { now: () => now, after: (_, run) => { timers.push(run); return () => undefined; }, chance: () => 0 });
    const end = session.open();
    session.admit(['a', 'b']);
    session.deny(['c']);
    expect(commands).toEqual([
      { type: 'admit', participantId: 'a', role: 'participant' }, { type: 'admit', participantId: 'b', role: 'participant' }, { type: 'deny', participantId: 'c' },
    ]);
    group.onDecided!('b', 'meetingFull');
    group.state.update(state => ({ ...state, view: { knocks: [{ participantId: 'b' }] } }) as unknown as GroupState);
    expect(session.state.value.pending.size).toBe(0);
    expect([...session.state.value.failed]).toEqual([['b', 'full']]);
    session.admit(['b']);
    now = admissionPatience;
    timers.forEach(run => run());
    expect([...session.state.value.failed]).toEqual([['b', 'other']]);
    end();
    expect(group.onDecided).toBeNull();
  });
});
