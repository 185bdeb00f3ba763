import { describe, expect, it } from 'vitest';
import { gap, gridCapacity, gridLayout, minTile, speakerLayout, type Rect, type Size } from '../src/state/layout';
import { seeded } from './fakes';

const chance = seeded(20_260_101);
const areas: Size[] = [
  { width: 1416, height: 800 }, { width: 1256, height: 628 }, { width: 374, height: 750 }, { width: 1900, height: 980 }, { width: 820, height: 1100 },
  ...Array.from({ length: 40 }, () => ({ width: 320 + chance() * 2200, height: 300 + chance() * 1200 })),
];

function overlap(a: Rect, b: Rect): boolean {
  const slack = 0.01;
  return a.left < b.left + b.width - slack && b.left < a.left + a.width - slack && a.top < b.top + b.height - slack && b.top < a.top + a.height - slack;
}

function inside(rect: Rect, area: Size): boolean {
  const slack = 0.01;
  return rect.left >= -slack && rect.top >= -slack && rect.left + rect.width <= area.width + slack && rect.top + rect.height <= area.height + slack;
}

/** The first thing that is wrong with a placement; null: nothing. */
function flaw(rects: Rect[], area: Size): string | null {
  for (const [index, rect] of rects.entries()) {
    if (!inside(rect, area)) return `${JSON.stringify(rect)} leaves ${JSON.stringify(area)}`;
    const other = rects.slice(index + 1).find(candidate => overlap(rect, candidate));
    if (other !== undefined) return `${JSON.stringify(rect)} overlaps ${JSON.stringify(other)}`;
  }
  return null;
}

function eachGrid(check: (rects: Rect[], area: Size, count: number) => void): void {
  for (const area of areas) {
    const capacity = gridCapacity(area);
    for (let count = 1; count <= capacity; count++) check(gridLayout(count, area), area, count);
  }
}

describe('grid', () => {
  it('places every tile inside the room without overlap', () => {
    eachGrid((rects, area, count) => {
      expect(rects).toHaveLength(count);
      expect(flaw(rects, area)).toBeNull();
    });
  });

  it('never makes a tile smaller than a face needs', () => {
    for (const area of areas) {
      const [tile] = gridLayout(gridCapacity(area), area);
      expect(tile!.width).toBeGreaterThanOrEqual(Math.min(minTile.width, area.width) - 0.01);
      expect(tile!.height).toBeGreaterThanOrEqual(minTile.height - 0.01);
    }
  });

  it('uses at least half of the room for pictures, a quarter where the room is a corridor', () => {
    eachGrid((rects, area, count) => {
      const used = rects.reduce((sum, rect) => sum + rect.width * rect.height, 0);
      const gaps = 1 - (gap * 2 * Math.sqrt(count)) / Math.min(area.width, area.height);
      const corridor = Math.max(area.width / area.height, area.height / area.width) > 2.2;
      expect(used / (area.width * area.height), `${count} tiles in ${JSON.stringify(area)}`).toBeGreaterThan((corridor ? 0.25 : 0.5) * gaps);
    });
  });

  it('gives nobody a larger tile when more people come', () => {
    let before = Number.POSITIVE_INFINITY;
    eachGrid(([tile], _, count) => {
      const size = tile!.width * tile!.height;
      if (count > 1) expect(size).toBeLessThanOrEqual(before + 1);
      before = size;
    });
  });

  it('shows 49 people on a laptop and 8 or more on a phone', () => {
    expect(gridCapacity({ width: 1256, height: 628 })).toBe(49);
    expect(gridCapacity({ width: 374, height: 750 })).toBeGreaterThanOrEqual(8);
  });

  it('puts two people one above the other on a phone and side by side on a desk', () => {
    const [above, below] = gridLayout(2, { width: 374, height: 750 });
    expect(below!.top).toBeGreaterThanOrEqual(above!.top + above!.height);
    const [left, right] = gridLayout(2, { width: 1416, height: 800 });
    expect(right!.left).toBeGreaterThanOrEqual(left!.left + left!.width);
  });

  it('has nothing to place in no room', () => {
    expect(gridLayout(5, { width: 0, height: 0 })).toEqual([]);
    expect(gridLayout(0, { width: 100, height: 100 })).toEqual([]);
    expect(gridCapacity({ width: 0, height: 0 })).toBe(1);
  });
});

describe('speaker', () => {
  it('keeps stage and strip inside the room and apart', () => {
    for (const area of areas) {
      for (const count of [2, 3, 5, 9, 25, 48]) {
        const { stage, strip } = speakerLayout(count, area);
        expect(strip.length).toBeGreaterThan(0);
        expect(strip.length).toBeLessThanOrEqual(count);
        expect(flaw([stage, ...strip], area)).toBeNull();
        expect(Math.max(...strip.map(tile => tile.width * tile.height))).toBeLessThan(stage.width * stage.height);
      }
    }
  });

  it('gives the stage more than half of the room', () => {
    for (const area of areas) {
      const { stage } = speakerLayout(8, area);
      expect((stage.width * stage.height) / (area.width * area.height)).toBeGreaterThan(0.5);
    }
  });

  it('lets the only other tile float inside the stage', () => {
    for (const area of areas) {
      const { stage, strip } = speakerLayout(1, area);
      expect(stage).toEqual({ left: 0, top: 0, ...area });
      expect(inside(strip[0]!, area)).toBe(true);
    }
  });
});
