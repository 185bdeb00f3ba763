import { describe, expect, it } from 'vitest';
import { rosterOf } from '../src/state/roster';
import { arrange, sameView, stageTile, tilesOf, viewOf } from '../src/state/tiles';
import { participantOf, seeded, silent } from './fakes';

const roster = (...participants: ReturnType<typeof participantOf>[]) =>
  rosterOf({ meetingId: 'm', kind: 'encrypted', revision: 1, startedAt: 0, participants, videoCodecs: [], red: false });

describe('order of tiles', () => {
  it('puts newcomers at the end and leaves everybody where they are', () => {
    expect(arrange(['a', 'b'], ['a', 'b', 'c'], [], 9, null)).toEqual(['a', 'b', 'c']);
    expect(arrange(['b', 'a'], ['a', 'b', 'c'], ['c'], 9, null)).toEqual(['b', 'a', 'c']);
  });

  it('keeps the own tile last on the first page', () => {
    expect(arrange([], ['a', 'self', 'b'], [], 9, 'self')).toEqual(['a', 'b', 'self']);
    expect(arrange([], ['a', 'self', 'b', 'c'], [], 3, 'self')).toEqual(['a', 'b', 'self', 'c']);
  });

  it('brings a speaker of a later page to the first in the place of the one silent longest', () => {
    expect(arrange(['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd'], ['d', 'a', 'b'], 3, null)).toEqual(['a', 'b', 'd', 'c']);
    expect(arrange(['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd'], ['d', 'c', 'a'], 3, null)).toEqual(['a', 'd', 'c', 'b']);
  });

  it('moves nobody as long as the speakers are on the first page', () => {
    const chance = seeded(7);
    for (let round = 0; round < 300; round++) {
      const keys = Array.from({ length: 2 + Math.floor(chance() * 40) }, (_, index) => `p${index}`);
      const capacity = 2 + Math.floor(chance() * 12);
      const speakers = keys.slice(0, capacity).filter(() => chance() < 0.5);
      expect(arrange(keys, keys, speakers, capacity, null)).toEqual(keys);
    }
  });

  it('neither loses nor doubles anybody, shows every recent speaker, and then stands still', () => {
    const chance = seeded(11);
    for (let round = 0; round < 500; round++) {
      const previous = Array.from({ length: Math.floor(chance() * 50) }, (_, index) => `p${index}`).filter(() => chance() < 0.8);
      const present = Array.from({ length: 1 + Math.floor(chance() * 50) }, (_, index) => `p${index}`).filter((_, index) => index === 0 || chance() < 0.8);
      const speakers = present.filter(() => chance() < 0.2).sort(() => chance() - 0.5);
      const capacity = 2 + Math.floor(chance() * 20);
      const last = chance() < 0.5 ? 'p0' : null;
      const order = arrange(previous, present, speakers, capacity, last);
      expect([...order].sort()).toEqual([...present].sort());
      const first = order.slice(0, capacity);
      const places = Math.max(1, capacity - (last === null ? 0 : 1));
      for (const speaker of speakers.filter(key => key !== last).slice(0, places - 1)) expect(first).toContain(speaker);
      expect(arrange(order, present, speakers, capacity, last)).toEqual(order);
    }
  });
});

describe('stage', () => {
  const tiles = tilesOf(roster(participantOf('self'), participantOf('a', silent, 'a', 1), participantOf('b', silent, 'b', 2)), 'self');

  it('shows the last speaker, but not oneself', () => {
    expect(stageTile(tiles, ['self', 'b', 'a'], 'self', null, 'a')?.key).toBe('b');
  });

  it('stays with whom it shows while nobody speaks', () => {
    expect(stageTile(tiles, [], 'self', null, 'b')?.key).toBe('b');
    expect(stageTile(tiles, [], 'self', null, null)?.key).toBe('a');
  });

  it('prefers a pinned tile, then a shared screen', () => {
    const shared = tilesOf(roster(participantOf('self'), participantOf('a', { ...silent, screen: true }), participantOf('b')), 'self');
    expect(stageTile(shared, ['b'], 'self', null, null)?.key).toBe('a:screen');
    expect(stageTile(shared, ['a'], 'self', 'b', null)?.key).toBe('b');
  });
});

describe('view', () => {
  const shown = tilesOf(roster(participantOf('self', silent, 's', 9), participantOf('a', { ...silent, screen: true }, 'a', 1)), 'self')
    .map(tile => ({ tile, rect: { left: 0, top: 0, width: 100, height: 720 } }));

  it('of who saves data asks for the lowest quality of people, and for screens whole', () => {
    expect(viewOf(shown, 'self', 1, [], 'low').map(({ source, height }) => [source, height])).toEqual([['screen', 720], ['camera', 180]]);
  });

  it('of who takes sound only keeps everybody\'s seat and asks for no picture', () => {
    expect(viewOf(shown, 'self', 1, [], 'audio').map(({ participantId, height }) => [participantId, height])).toEqual([['a', 0], ['a', 0]]);
  });

  it('names the others in order with device pixels, in steps and bounded', () => {
    const [a, b, self] = tilesOf(roster(participantOf('self', silent, 's', 9), participantOf('a', silent, 'a', 1), participantOf('b', silent, 'b', 2)), 'self');
    const rect = (height: number) => ({ left: 0, top: 0, width: 100, height });
    expect(viewOf([{ tile: a!, rect: rect(101) }, { tile: self!, rect: rect(300) }, { tile: b!, rect: rect(4000) }], 'self', 2)).toEqual([
      { participantId: 'a', source: 'camera', height: 210, pinned: false },
      { participantId: 'b', source: 'camera', height: 1080, pinned: false },
    ]);
  });

  it('says which tile is pinned, and a pin alone is another view', () => {
    const tiles = tilesOf(roster(participantOf('self', silent, 's', 9), participantOf('a', { ...silent, screen: true }, 'a', 1), participantOf('b', silent, 'b', 2)), 'self');
    const placed = tiles.map(tile => ({ tile, rect: { left: 0, top: 0, width: 100, height: 90 } }));
    const view = viewOf(placed, 'self', 1, ['b']);
    expect(view.map(item => [item.participantId, item.source, item.pinned])).toEqual([['a', 'screen', false], ['a', 'camera', false], ['b', 'camera', true]]);
    expect(sameView(view, viewOf(placed, 'self', 1, ['b']))).toBe(true);
    expect(sameView(view, viewOf(placed, 'self', 1))).toBe(false);
  });
});
