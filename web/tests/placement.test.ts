import { describe, expect, it } from 'vitest';
import { noMemory, place, stageMaximum, tileOfLeaf, visibleTiles, type Placement, type PlacementWish } from '../src/state/placement';
import { layouts, pageSizes } from '../src/state/roomPreferences';
import type { Tile } from '../src/state/tiles';
import { seeded } from './fakes';

const camera = (participantId: string): Tile => ({ key: participantId, participantId, source: 'camera' });
const screen = (participantId: string): Tile => ({ key: `${participantId}:screen`, participantId, source: 'screen' });
const people = (count: number): Tile[] => Array.from({ length: count }, (_, index) => camera(`p${index}`));

const wishOf = (change: Partial<PlacementWish>): PlacementWish => ({
  tiles: people(3), speakers: [], self: 'p0', size: { width: 1200, height: 700 }, layout: 'auto', pageSize: 0, page: 0, pins: [], spotlight: null, screen: null, ...change,
});
const keysOf = ({ placed }: Placement) => placed.map(({ tile }) => tile.key);

describe('layouts', () => {
  it('left to themselves are a grid, and have a stage as soon as there is a screen to see', () => {
    expect(place(wishOf({}), noMemory).stage).toEqual([]);
    expect(place(wishOf({ tiles: [screen('p1'), ...people(3)] }), noMemory).stage).toEqual(['p1:screen']);
    expect(place(wishOf({ layout: 'grid', tiles: [screen('p1'), ...people(3)] }), noMemory).stage).toEqual([]);
    expect(place(wishOf({ layout: 'speaker', speakers: ['p2'] }), noMemory).stage).toEqual(['p2']);
  });

  it('put pins before screens, screens before the spotlight, and the spotlight before who speaks', () => {
    const tiles = [screen('p1'), ...people(5)];
    const wish = wishOf({ tiles, layout: 'speaker', speakers: ['p3'], spotlight: 'p2', pins: ['p4'] });
    expect(place(wish, noMemory).stage).toEqual(['p4']);
    expect(place({ ...wish, pins: [] }, noMemory).stage).toEqual(['p1:screen']);
    expect(keysOf(place({ ...wish, pins: [] }, noMemory)).slice(0, 2)).toEqual(['p1:screen', 'p2']);
    expect(place({ ...wish, pins: [], tiles: people(5) }, noMemory).stage).toEqual(['p2']);
    expect(place({ ...wish, pins: [], tiles: people(5), spotlight: null }, noMemory).stage).toEqual(['p3']);
  });

  it('show the screen that was chosen of several, and another when it ends', () => {
    const tiles = [screen('p1'), screen('p2'), ...people(3)];
    expect(place(wishOf({ tiles, screen: 'p2:screen' }), noMemory).stage).toEqual(['p2:screen']);
    expect(place(wishOf({ tiles: tiles.filter(({ key }) => key !== 'p2:screen'), screen: 'p2:screen' }), noMemory).stage).toEqual(['p1:screen']);
  });

  it('forget pins of who is gone, and put no more than a few on the stage', () => {
    expect(place(wishOf({ pins: ['gone'] }), noMemory).stage).toEqual([]);
    expect(place(wishOf({ tiles: people(9), pins: ['p1', 'p2', 'p3', 'p4', 'p5'] }), noMemory).stage).toHaveLength(stageMaximum);
  });

  it('leave the person alone in the room on a grid of one', () => {
    expect(place(wishOf({ tiles: people(1), layout: 'speaker', pins: ['p0'], spotlight: 'p0' }), noMemory)).toMatchObject({ stage: [], pages: 1 });
  });

  it('show as many on a page as were asked for, and everybody on some page', () => {
    const wish = wishOf({ tiles: people(11), layout: 'grid', pageSize: 4 });
    const first = place(wish, noMemory);
    expect(first.pages).toBe(3);
    const all = [0, 1, 2].flatMap(page => keysOf(place({ ...wish, page }, first.memory)));
    expect([...all].sort()).toEqual(people(11).map(({ key }) => key).sort());
    expect(keysOf(place({ ...wish, page: 99 }, first.memory))).toEqual(keysOf(place({ ...wish, page: 2 }, first.memory)));
  });
});

describe('whatever is chosen and whoever comes', () => {
  interface Step {
    readonly wish: PlacementWish;
    readonly placement: Placement;
  }

  /** Meetings at random in which one thing after another happens. */
  function eachStep(check: (step: Step, before: Step | null) => void): void {
    const chance = seeded(20_261_123);
    const pick = <T>(options: readonly T[]): T => options[Math.floor(chance() * options.length)]!;
    for (let meeting = 0; meeting < 60; meeting++) {
      let before: Step | null = null;
      let wish = wishOf({ tiles: people(1 + Math.floor(chance() * 49)), layout: pick(layouts), pageSize: pick(pageSizes), size: { width: 340 + chance() * 1800, height: 400 + chance() * 900 } });
      let next = wish.tiles.length;
      for (let step = 0; step < 25; step++) {
        const kind = Math.floor(chance() * 8);
        const { key } = pick(wish.tiles);
        if (kind === 0) wish = { ...wish, tiles: [...wish.tiles, camera(`p${next++}`)] };
        else if (kind === 1) wish = { ...wish, tiles: wish.tiles.filter(tile => tile.key !== key || tile.key === 'p0') };
        else if (kind === 2) wish = { ...wish, speakers: [pick(wish.tiles).participantId, ...wish.speakers].filter((id, index, all) => all.indexOf(id) === index).slice(0, 5) };
        else if (kind === 3) wish = { ...wish, pins: wish.pins.includes(key) ? wish.pins.filter(pin => pin !== key) : [...wish.pins, key].slice(-6) };
        else if (kind === 4) wish = { ...wish, spotlight: chance() < 0.5 ? null : key };
        else if (kind === 5) wish = { ...wish, tiles: wish.tiles.some(tile => tile.key === 'p1:screen') ? wish.tiles.filter(tile => tile.source !== 'screen') : [screen('p1'), ...wish.tiles] };
        else if (kind === 6) wish = { ...wish, page: Math.floor(chance() * 4) };
        const placement: Placement = place(wish, before?.placement.memory ?? noMemory);
        check({ wish, placement }, before);
        before = { wish, placement };
      }
    }
  }

  it('nobody is shown twice, nothing leaves the room, and the stage is shown', () => {
    eachStep(({ wish, placement }) => {
      const keys = keysOf(placement);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.slice(0, placement.stage.length)).toEqual(placement.stage);
      expect(keys.length).toBeGreaterThan(0);
      for (const { rect } of placement.placed) {
        expect(rect.left).toBeGreaterThanOrEqual(-0.01);
        expect(rect.top).toBeGreaterThanOrEqual(-0.01);
        expect(rect.left + rect.width).toBeLessThanOrEqual(wish.size.width + 0.01);
        expect(rect.top + rect.height).toBeLessThanOrEqual(wish.size.height + 0.01);
      }
    });
  });

  it('placing again what did not change moves nothing', () => {
    eachStep(({ wish, placement }) => expect(place(wish, placement.memory)).toEqual(placement));
  });

  it('a speaker who is on the page already moves nobody in a grid', () => {
    eachStep(({ wish, placement }, before) => {
      if (before === null || wish.tiles !== before.wish.tiles || wish.page !== 0 || before.wish.page !== 0) return;
      if (placement.stage.length > 0 || before.placement.stage.length > 0 || wish.spotlight !== before.wish.spotlight || wish.pins !== before.wish.pins) return;
      const shown = new Set(before.placement.placed.map(({ tile }) => tile.participantId));
      if (wish.speakers.every(speaker => shown.has(speaker))) expect(placement.placed).toEqual(before.placement.placed);
    });
  });

  it('who is on the stage alone goes back to the place he had', () => {
    for (const layout of ['grid', 'side'] as const) {
      const wish = wishOf({ tiles: people(6), layout });
      const before = place(wish, noMemory);
      const pinned = place({ ...wish, pins: ['p3'] }, before.memory);
      expect(place(wish, pinned.memory).placed).toEqual(before.placed);
    }
  });
});

describe('who is not to be seen', () => {
  const tiles = [screen('p1'), ...people(4)];
  const wanted = { hideSelf: false, hideWithoutVideo: false, keep: new Set<string>() };
  const keys = (shown: readonly Tile[]) => shown.map(({ key }) => key);

  it('is oneself, except when one is alone', () => {
    expect(keys(visibleTiles(tiles, 'p0', () => true, { ...wanted, hideSelf: true }))).toEqual(['p1:screen', 'p1', 'p2', 'p3']);
    expect(keys(visibleTiles(people(1), 'p0', () => true, { ...wanted, hideSelf: true }))).toEqual(['p0']);
  });

  it('are others without a picture, but no screen and nobody on the stage', () => {
    expect(keys(visibleTiles(tiles, 'p0', id => id === 'p2', { ...wanted, hideWithoutVideo: true, keep: new Set(['p3']) }))).toEqual(['p1:screen', 'p0', 'p2', 'p3']);
  });

  it('is nobody where nobody would be left', () => {
    expect(keys(visibleTiles(people(3), 'p0', () => false, { ...wanted, hideWithoutVideo: true }))).toEqual(['p0', 'p1', 'p2']);
  });
});

describe('a leaf', () => {
  it('is found by the place that carries its frames', () => {
    expect(tileOfLeaf(7, new Map([['a', 3], ['b', 7]]))).toBe('b');
    expect(tileOfLeaf(8, new Map([['a', 3]]))).toBeNull();
    expect(tileOfLeaf(null, new Map())).toBeNull();
  });
});
