import { gridCapacity, gridLayout, sideLayout, speakerLayout, within, type Rect, type Size } from './layout';
import type { LayoutChoice, PageSize } from './roomPreferences';
import { arrange, stageTile, tileKey, type Tile } from './tiles';

/** Most tiles that share the stage. */
export const stageMaximum = 4;

export interface PlacementWish {
  readonly tiles: readonly Tile[];
  /** Participant ids, most recent first. */
  readonly speakers: readonly string[];
  readonly self: string | null;
  readonly size: Size;
  readonly layout: LayoutChoice;
  readonly pageSize: PageSize;
  /** From 0 on. */
  readonly page: number;
  /** Keys of tiles that the person put on the stage, in that order. */
  readonly pins: readonly string[];
  /** Key of the tile that a moderator put on everybody's stage. */
  readonly spotlight: string | null;
  /** Key of the shared screen that the person wants to see, where there are several. */
  readonly screen: string | null;
}

/** What must be known of the placement before, so that tiles move only when they must. */
export interface PlacementMemory {
  readonly order: readonly string[];
  readonly stage: string | null;
}

export const noMemory: PlacementMemory = { order: [], stage: null };

export interface Placed {
  readonly tile: Tile;
  readonly rect: Rect;
}

export interface Placement {
  /** What is on the stage first. */
  readonly placed: readonly Placed[];
  readonly pages: number;
  /** Index of the tile that floats over the stage; -1: none. */
  readonly floating: number;
  /** Keys of what is on the stage. */
  readonly stage: readonly string[];
  readonly memory: PlacementMemory;
}

/** Which tile goes where. */
export function place(wish: PlacementWish, memory: PlacementMemory): Placement {
  const stage = wish.tiles.length < 2 ? [] : stageOf(wish, memory);
  if (stage.length === 0) return onGrid(wish, memory);
  const placement = wish.layout === 'side' ? besideGrid(wish, memory, stage) : withStrip(wish, memory, stage);
  return { ...placement, stage, memory: { order: placement.memory.order, stage: stage[0]! } };
}

/** Tiles of people whom one has chosen not to see are left out; of nobody but oneself, and where nobody would be left, all are shown. */
export function visibleTiles(
  tiles: readonly Tile[], self: string | null, hasVideo: (participantId: string) => boolean,
  { hideSelf, hideWithoutVideo, keep }: { readonly hideSelf: boolean; readonly hideWithoutVideo: boolean; readonly keep: ReadonlySet<string> },
): Tile[] {
  const others = tiles.filter(tile => tile.participantId !== self);
  const seen = others.filter(tile => !hideWithoutVideo || tile.source === 'screen' || keep.has(tile.key) || hasVideo(tile.participantId));
  const shown = new Set(seen.length === 0 ? others : seen);
  return tiles.filter(tile => (tile.participantId === self ? !hideSelf || others.length === 0 : shown.has(tile)));
}

/** Pins go before all else, since the person wants just that; then a shared screen, then the moderator's spotlight. */
function stageOf(wish: PlacementWish, memory: PlacementMemory): readonly string[] {
  const { tiles, speakers, self, layout, pins, spotlight } = wish;
  const there = new Set(tiles.map(tile => tile.key));
  const pinned = pins.filter(key => there.has(key)).slice(0, stageMaximum);
  if (pinned.length > 0) return pinned;
  const screens = tiles.filter(tile => tile.source === 'screen').map(tile => tile.key);
  if (screens.length > 0 && layout !== 'grid') return [wish.screen !== null && there.has(wish.screen) ? wish.screen : screens[0]!];
  if (spotlight !== null && there.has(spotlight)) return [spotlight];
  const stage = layout === 'speaker' ? stageTile(tiles, speakers, self, null, memory.stage) : null;
  return stage === null ? [] : [stage.key];
}

function onGrid(wish: PlacementWish, memory: PlacementMemory): Placement {
  return paged(wish, memory, [], { left: 0, top: 0, ...wish.size });
}

function besideGrid(wish: PlacementWish, memory: PlacementMemory, stage: readonly string[]): Placement {
  const { stage: large, side } = sideLayout(wish.size);
  const placement = paged(wish, memory, stage, side);
  return { ...placement, placed: [...pair(stage, stageRects(stage.length, large), wish.tiles), ...placement.placed] };
}

/** Everybody but those on the stage, page by page. */
function paged(wish: PlacementWish, memory: PlacementMemory, stage: readonly string[], area: Rect): Placement {
  const { tiles, speakers, self, pageSize, page, spotlight } = wish;
  const fitting = gridCapacity(area);
  const capacity = pageSize === 0 ? fitting : Math.min(pageSize, fitting);
  // Who is on the stage keeps a place in the order, to come back to it.
  const order = arrange(memory.order, tiles.map(tile => tile.key), speakers, capacity + stage.length, self);
  const shown = frontOf(order.filter(key => !stage.includes(key)), stage.length === 0 ? null : spotlight);
  const pages = Math.max(1, Math.ceil(shown.length / capacity));
  const start = Math.min(page, pages - 1) * capacity;
  const keys = shown.slice(start, start + capacity);
  return {
    placed: pair(keys, gridLayout(keys.length, area).map(rect => within(rect, area)), tiles), pages, floating: -1, stage, memory: { ...memory, order },
  };
}

function withStrip(wish: PlacementWish, memory: PlacementMemory, stage: readonly string[]): Placement {
  const { tiles, speakers, self, size, spotlight } = wish;
  const keys = tiles.map(tile => tile.key);
  const rest = keys.filter(key => !stage.includes(key));
  const room = speakerLayout(rest.length, size);
  const order = arrange(memory.order, keys, speakers, room.strip.length + stage.length, self);
  const strip = frontOf(order.filter(key => !stage.includes(key)), spotlight).slice(0, room.strip.length);
  return {
    placed: [...pair(stage, stageRects(stage.length, room.stage), tiles), ...pair(strip, room.strip, tiles)],
    pages: 1, floating: room.strip.length === 1 && rest.length === 1 ? stage.length : -1, stage, memory: { ...memory, order },
  };
}

/** One fills the stage, whatever its shape; several share it. */
function stageRects(count: number, stage: Rect): readonly Rect[] {
  return count === 1 ? [stage] : gridLayout(count, stage).map(rect => within(rect, stage));
}

/** Whom a moderator shows to all comes first where the stage is taken. */
function frontOf(order: readonly string[], spotlight: string | null): readonly string[] {
  return spotlight === null || !order.includes(spotlight) ? order : [spotlight, ...order.filter(key => key !== spotlight)];
}

function pair(keys: readonly string[], rects: readonly Rect[], tiles: readonly Tile[]): Placed[] {
  return keys.flatMap((key, index) => {
    const tile = tiles.find(candidate => candidate.key === key);
    const rect = rects[index];
    return tile === undefined || rect === undefined ? [] : [{ tile, rect }];
  });
}

/** Key of the tile of a participant whom the group names by a leaf; null where no place has it. */
export function tileOfLeaf(leaf: number | null, leafOf: ReadonlyMap<string, number>): string | null {
  if (leaf === null) return null;
  for (const [participantId, own] of leafOf) if (own === leaf) return tileKey(participantId, 'camera');
  return null;
}
