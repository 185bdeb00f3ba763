import { beforeEach, describe, expect, it } from 'vitest';
import type { KnockView, MemberEntry } from '../../src/e2ee/mls/memberTypes';
import { RoomVisits, type RoomStay } from '../../src/session/breakout/roomVisits';
import { breakoutReducer, countdown, noBreakout, type Breakout, type BreakoutRoom } from '../../src/state/breakout/state';
import type { BreakoutAct } from '../../src/e2ee/mls/breakoutContent';
import { fromHex } from '../../src/e2ee/mls/bytes';
import { Store } from '../../src/state/store';
import { ManualClock } from '../fakes';
import { openAct, planId } from './acts';

const person = (name: string) => Buffer.from(name.padEnd(16, '_')).toString('hex');
const entryOf = (name: string, role: MemberEntry['role']) => ({ person: person(name), role, name, leaf: 0 }) as MemberEntry;
const [sari, budi] = [entryOf('sari', 'host'), entryOf('budi', 'participant')];

class FakeStay implements RoomStay {
  isOpen = true;
  end: 'removed' | 'closed' | 'failed' | null = null;
  waiting: KnockView[] = [];
  readonly admitted: string[] = [];
  changed: () => void = () => undefined;

  constructor(readonly room: BreakoutRoom) {}

  ended = () => this.end;
  knocks = () => this.waiting;
  admit = (id: string) => void this.admitted.push(id);
  close = () => { this.isOpen = false; };
  follow = (changed: () => void) => {
    this.changed = changed;
    return () => { this.changed = () => undefined; };
  };
}

let clock: ManualClock;
let state: Store<Breakout>;
let visits: RoomVisits<FakeStay>;
let self: MemberEntry | null;
let stays: FakeStay[];
let said: string[];
let log: number;

beforeEach(() => {
  clock = new ManualClock();
  state = new Store(breakoutReducer(noBreakout, { type: 'stands', generation: 1, stay: 'a', self: budi.person }));
  self = budi;
  stays = [];
  said = [];
  log = 0;
  const session = {
    state, get members() { return [sari, budi]; }, get self() { return self; },
    go: (room: number) => { said.push(`at ${room}`); hear(self!, { kind: 'at', plan: planId, room }); },
  };
  visits = new RoomVisits<FakeStay>({
    session, clock, rest: isResting => said.push(isResting ? 'rest' : 'wake'), cameBack: () => said.push('mute'),
    open: room => {
      if (room.name === 'nowhere') return null;
      stays.push(new FakeStay(room));
      return stays.at(-1)!;
    },
  });
});

/** What the log brings, somewhat later than it was said. */
function hear(by: MemberEntry, act: BreakoutAct): void {
  clock.after(50, () => state.update(before => breakoutReducer(before, { type: 'heard', generation: 1, by, act, at: clock.now(), entry: ++log })));
}

async function told(by: MemberEntry, act: BreakoutAct): Promise<void> {
  hear(by, act);
  await clock.advance(200);
}

const move = (room: number): BreakoutAct => ({ kind: 'move', plan: planId, person: fromHex(budi.person), room });
const here = () => visits.state.value.visit?.room.number ?? 0;

describe('the way to breakout rooms', () => {
  it('is taken when one is sent there, with the main room at rest, and back muted before it wakes', async () => {
    visits.start();
    await told(sari, openAct([[budi.person, 1]]));
    expect([here(), said]).toEqual([1, ['rest', 'at 1']]);
    visits.back();
    await clock.advance(200);
    expect([here(), said.slice(2), stays[0]!.isOpen, visits.state.value.returned]).toEqual([0, ['mute', 'wake', 'at 0'], false, 'left']);
    await told(sari, { kind: 'word', plan: planId, room: 0, text: 'x' });
    expect(here()).toBe(0);
    await told(sari, move(1));
    expect([here(), visits.state.value.returned]).toEqual([1, null]);
  });

  it('leads from room to room without waking the main one', async () => {
    visits.start();
    await told(sari, openAct([[budi.person, 1]]));
    await told(sari, move(2));
    expect([here(), stays.map(({ isOpen }) => isOpen), said.includes('wake')]).toEqual([2, [false, true], false]);
  });

  it('leads back by itself when the time is over, to the moment, and not before more was given', async () => {
    visits.start();
    await told(sari, openAct([[budi.person, 1]], { left: 60_000 }));
    await clock.advance(30_000);
    await told(sari, { kind: 'end', plan: planId, left: 120_000 });
    await clock.advance(60_000);
    expect(here()).toBe(1);
    await told(sari, { kind: 'end', plan: planId, left: countdown });
    await clock.advance(countdown - 1_000);
    expect(here()).toBe(1);
    await clock.advance(1_000);
    expect([here(), visits.state.value.returned, said.slice(-3)]).toEqual([0, 'over', ['mute', 'wake', 'at 0']]);
    visits.read();
    expect(visits.state.value.returned).toBeNull();
  });

  it('back is told as a moderator\'s doing where it was his', async () => {
    visits.start();
    await told(sari, openAct([[budi.person, 1]]));
    await told(sari, move(0));
    expect([here(), visits.state.value.returned]).toEqual([0, 'moved']);
  });

  it('of a room that ends or puts one out leads back once, and is open again to those who are sent anew', async () => {
    visits.start();
    await told(sari, openAct([[budi.person, 1]]));
    for (const end of ['removed', 'closed', 'failed'] as const) {
      stays.at(-1)!.end = end;
      stays.at(-1)!.changed();
      await clock.advance(200);
      expect([here(), visits.state.value.returned]).toEqual([0, end]);
      const count = stays.length;
      await told(sari, { kind: 'end', plan: planId, left: null });
      expect(stays).toHaveLength(count);
      await told(sari, move(1));
      expect(here()).toBe(1);
    }
  });

  it('leads over to the new meeting where a room is founded anew, even as the old one ends', async () => {
    visits.start();
    await told(sari, openAct([[budi.person, 1]]));
    stays[0]!.end = 'closed';
    const { rooms } = openAct([], { rooms: [{ number: 1, name: 'x', meetingId: Uint8Array.of(0xac, ...new Uint8Array(17).fill(9)), fragment: new Uint8Array(32) }] });
    await told(sari, { kind: 'renew', plan: planId, room: 1, meetingId: rooms[0]!.meetingId, fragment: rooms[0]!.fragment });
    expect([here(), stays.length, stays[0]!.isOpen]).toEqual([1, 2, false]);
    expect(stays[1]!.room.meetingId).not.toBe(stays[0]!.room.meetingId);
  });

  it('that leads nowhere leaves one where one was', async () => {
    visits.start();
    await told(sari, openAct([[budi.person, 1]], { rooms: [{ ...openAct([]).rooms[0]!, name: 'nowhere' }] }));
    expect([here(), visits.state.value.returned, said.slice(0, 2)]).toEqual([0, 'failed', ['rest', 'wake']]);
  });

  it('is a moderator\'s to choose, one room after another', async () => {
    self = sari;
    visits.start();
    await told(sari, openAct([[budi.person, 1]]));
    expect(here()).toBe(0);
    visits.enter(2);
    await clock.advance(200);
    visits.enter(1);
    await clock.advance(200);
    expect([here(), said]).toEqual([1, ['rest', 'at 2', 'at 1']]);
    visits.back();
    await clock.advance(200);
    expect(here()).toBe(0);
  });

  it('that one chooses is taken once the others have heard of it, and let in is who they heard of', async () => {
    visits.start();
    await told(sari, openAct([], { choosesSelf: true }));
    visits.enter(2);
    expect(here()).toBe(0);
    await clock.advance(200);
    expect([here(), said.filter(word => word === 'at 2')]).toEqual([2, ['at 2']]);
    const knock = (participantId: string, who: string, fault: KnockView['fault'] = null, wasRemoved = false): KnockView => ({ participantId, person: who, name: who, organization: '', claimed: '', isGuest: true, fault, wasRemoved, since: 0 });
    stays[0]!.waiting = [knock('a', sari.person), knock('b', person('orang')), knock('c', ''), knock('d', sari.person, 'certificateInvalid'), knock('e', sari.person, null, true)];
    stays[0]!.changed();
    stays[0]!.changed();
    expect(stays[0]!.admitted).toEqual(['a']);
  });

  it('is not lost while one\'s leaf in the main room is renewed', async () => {
    visits.start();
    await told(sari, openAct([[budi.person, 1]]));
    self = null;
    visits.settle();
    expect(here()).toBe(1);
    self = budi;
    visits.settle();
    expect([here(), stays.length]).toEqual([1, 1]);
  });

  it('ends with the page', async () => {
    const stop = visits.start();
    await told(sari, openAct([[budi.person, 1]]));
    stop();
    expect([stays[0]!.isOpen, here()]).toEqual([false, 0]);
    await told(sari, move(2));
    expect(stays).toHaveLength(1);
  });
});
