import { describe, expect, it } from 'vitest';
import type { BreakoutAct } from '../../src/e2ee/mls/breakoutContent';
import { fromHex } from '../../src/e2ee/mls/bytes';
import { breakoutReducer, isOpen, mayEnter, noBreakout, toldAct, type Breakout } from '../../src/state/breakout/state';
import { splitRandomly, uniformBelow } from '../../src/state/breakout/split';
import { noWish, placeKey, visitKey, whereTo } from '../../src/state/breakout/way';
import { seeded } from '../talk/seeded';
import { openAct, planId } from './acts';

const person = (name: string) => Buffer.from(name.padEnd(16, '_')).toString('hex');
const [sari, budi, citra] = [person('sari'), person('budi'), person('citra')] as const;
const host = { person: sari, role: 'host', name: 'Sari' } as const;
const member = (who: string) => ({ person: who, role: 'participant', name: who } as const);
const members = [host, member(budi), member(citra)];

let entry = 1;
const hear = (state: Breakout, by: typeof host | ReturnType<typeof member>, act: BreakoutAct, at = 1_000) => breakoutReducer(state, { type: 'heard', generation: 1, by, act, at, entry: entry++ });
const started = breakoutReducer(noBreakout, { type: 'stands', generation: 1, stay: 'a', self: budi });
const opened = (change = {}) => hear(started, host, openAct([[budi, 1], [citra, 2]], change));
const move = (who: string, room: number): BreakoutAct => ({ kind: 'move', plan: planId, person: fromHex(who), room });
const at = (room: number): BreakoutAct => ({ kind: 'at', plan: planId, room });
const whereIs = (state: Breakout, who = member(budi) as typeof host | ReturnType<typeof member>, wish = noWish, now = 2_000) => whereTo(state.plan, who, wish, now)?.number ?? 0;

describe('breakout rooms', () => {
  it('are a moderator\'s to open, to send people to and to end', () => {
    const state = opened();
    expect([whereIs(state), whereIs(state, member(citra)), whereIs(state, host)]).toEqual([1, 2, 0]);
    expect(hear(started, member(budi), openAct([[budi, 1]])).plan).toBeNull();
    for (const act of [
      move(citra, 1), { kind: 'end', plan: planId, left: 0 }, { kind: 'word', plan: planId, room: 0, text: 'Bubar!' },
      { kind: 'renew', plan: planId, room: 1, meetingId: new Uint8Array(18), fragment: new Uint8Array(32) },
    ] as const) expect(hear(state, member(budi), act)).toBe(state);
    expect(whereIs(hear(state, host, move(budi, 2)))).toBe(2);
    expect(hear(state, host, { kind: 'word', plan: planId, room: 0, text: 'Lima menit lagi' }).word?.text).toBe('Lima menit lagi');
  });

  it('that are meant by another name, or are not there, are left alone', () => {
    const state = opened();
    for (const act of [{ ...move(budi, 2), plan: new Uint8Array(16) }, move(budi, 3), at(3)] as BreakoutAct[]) expect(hear(state, host, act)).toBe(state);
  });

  it('end at their time, by the own clock, and may be given more of it', () => {
    const state = opened({ left: 60_000 });
    expect([isOpen(state.plan, 60_999), isOpen(state.plan, 61_000)]).toEqual([true, false]);
    expect(whereIs(state, member(budi), noWish, 61_000)).toBe(0);
    const longer = hear(state, host, { kind: 'end', plan: planId, left: 300_000 }, 50_000);
    expect(whereIs(longer, member(budi), noWish, 349_999)).toBe(1);
    expect(whereIs(hear(longer, host, { kind: 'end', plan: planId, left: null }, 60_000), member(budi), noWish, 1e9)).toBe(1);
  });

  it('do not take back who left his room, until somebody sends him anew, to the same one even', () => {
    const state = opened();
    const wish = { left: new Set([placeKey(state.plan!, budi)]), visit: null };
    const left = hear(hear(state, member(budi), at(1)), member(budi), at(0));
    expect([whereIs(left, member(budi), wish), whereIs(hear(left, host, move(budi, 1)), member(budi), wish)]).toEqual([0, 1]);
  });

  it('are visited by moderators as they like, which sends nobody anywhere', () => {
    const state = hear(opened(), host, at(2));
    expect([whereIs(state, host), whereIs(state, host, { left: new Set(), visit: visitKey(state.plan!, 2) })]).toEqual([0, 2]);
    expect(state.plan!.places.get(sari)).toMatchObject({ room: 2, isThere: true, isVisit: true });
    expect(hear(state, host, at(0)).plan!.places.get(sari)).toMatchObject({ room: 0, isThere: false });
    // A visit without the rank is none.
    expect(whereIs(state, member(budi), { left: new Set(), visit: visitKey(state.plan!, 2) })).toBe(1);
  });

  it('are chosen only where everybody chooses', () => {
    const fixed = opened();
    expect(hear(fixed, member(budi), at(2)).plan).toBe(fixed.plan);
    const free = opened({ choosesSelf: true, people: [] });
    const chosen = hear(free, member(budi), at(2));
    expect([whereIs(chosen), whereIs(hear(chosen, member(budi), at(0)))]).toEqual([2, 0]);
  });

  it('let in who was sent there or moderates the main room, and is still in it', () => {
    const { plan } = opened();
    expect([mayEnter(plan!, 1, budi, members), mayEnter(plan!, 2, budi, members), mayEnter(plan!, 1, sari, members)]).toEqual([true, false, true]);
    expect(mayEnter(plan!, 1, budi, [host])).toBe(false);
    expect(mayEnter(plan!, 1, '', members)).toBe(false);
  });

  it('call a moderator from where somebody really is, until one comes', () => {
    const help: BreakoutAct = { kind: 'help', plan: planId, isWanted: true };
    const state = opened();
    expect(hear(state, member(budi), help).plan!.helps.size).toBe(0);
    const called = hear(hear(state, member(budi), at(1)), member(budi), help);
    expect([...called.plan!.helps]).toEqual([[1, budi]]);
    expect(hear(called, host, at(2)).plan!.helps.size).toBe(1);
    expect(hear(called, host, at(1)).plan!.helps.size).toBe(0);
    expect(hear(called, member(budi), at(0)).plan!.helps.size).toBe(0);
    expect(hear(called, member(budi), { ...help, isWanted: false }).plan!.helps.size).toBe(0);
  });

  it('are told to who came, and to nobody who knows better', () => {
    const state = hear(hear(opened({ left: 60_000 }), member(budi), at(1), 2_000), host, move(citra, 1), 2_000);
    const tale = toldAct(state.plan!, members, 11_000);
    expect(tale).toMatchObject({ isTold: true, left: 50_000 });
    const newcomer = hear(breakoutReducer(noBreakout, { type: 'stands', generation: 1, stay: 'b', self: citra }), host, tale, 500_000);
    expect([whereIs(newcomer, member(citra), noWish, 549_999), whereIs(newcomer, member(citra), noWish, 550_000)]).toEqual([1, 0]);
    expect(newcomer.plan!.places.get(budi)).toMatchObject({ room: 1, isThere: true });
    const stale = toldAct(opened().plan!, members, 1_000);
    expect(hear(newcomer, host, stale)).toBe(newcomer);
    // Who was out of the group for a while hears what he missed, and is not sent anew to where he is.
    const back = breakoutReducer(opened(), { type: 'stands', generation: 1, stay: 'c', self: budi });
    const caught = hear(back, host, tale);
    expect(caught.plan!.places.get(citra)!.room).toBe(1);
    expect(placeKey(caught.plan!, budi)).toBe(placeKey(back.plan!, budi));
  });

  it('of an earlier generation are forgotten', () => {
    expect(breakoutReducer(opened(), { type: 'stands', generation: 2, stay: 'b', self: budi }).plan).toBeNull();
    expect(breakoutReducer({ ...opened(), generation: 2 }, { type: 'heard', generation: 1, by: host, act: move(budi, 2), at: 0, entry: 99 }).plan!.places.get(budi)!.room).toBe(1);
  });
});

describe('dealing people out by chance', () => {
  const random = seeded(11);
  const bytes = (length: number) => Uint8Array.from({ length }, () => random(256));

  it('gives rooms of the same size, but for one person', () => {
    for (const [people, rooms] of [[0, 3], [1, 3], [7, 3], [9, 3], [50, 7], [500, 30]] as const) {
      const names = Array.from({ length: people }, (_, index) => `p${index}`);
      const split = splitRandomly(names, rooms, uniformBelow(bytes));
      expect([...split.keys()].sort()).toEqual([...names].sort());
      const sizes = Array.from({ length: rooms }, (_, index) => [...split.values()].filter(room => room === index + 1).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  it('favours nobody: everybody meets everybody about as often, in each of the rooms', () => {
    const people = ['a', 'b', 'c', 'd', 'e', 'f'];
    const rounds = 3_000;
    const together = new Map<string, number>();
    const inFirst = new Map<string, number>();
    for (let round = 0; round < rounds; round++) {
      const split = splitRandomly(people, 3, uniformBelow(bytes));
      for (const one of people) {
        if (split.get(one) === 1) inFirst.set(one, (inFirst.get(one) ?? 0) + 1);
        for (const other of people) if (one < other && split.get(one) === split.get(other)) together.set(one + other, (together.get(one + other) ?? 0) + 1);
      }
    }
    // One in five meets, one in three is in a room: five standard deviations are left to chance.
    for (const count of [...together.values()]) expect(Math.abs(count - rounds / 5)).toBeLessThan(5 * Math.sqrt(rounds * 0.2 * 0.8));
    for (const count of [...inFirst.values()]) expect(Math.abs(count - rounds / 3)).toBeLessThan(5 * Math.sqrt(rounds * (2 / 9)));
    expect([together.size, inFirst.size]).toEqual([15, 6]);
  });
});
