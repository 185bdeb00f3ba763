export interface Size {
  width: number;
  height: number;
}

export interface Rect extends Size {
  left: number;
  top: number;
}

/** Width through height of a tile may lie between these: pictures are cropped rather than the room wasted. */
export interface AspectRange {
  min: number;
  max: number;
}

export const gap = 8;
export const maxTiles = 49;

/** Below this a face says nothing. */
export const minTile: Size = { width: 128, height: 72 };

const landscapeAspect: AspectRange = { min: 4 / 3, max: 16 / 9 };
const portraitAspect: AspectRange = { min: 9 / 16, max: 16 / 9 };

/**
 * Tiles of equal size in rows that fill an area best: of all numbers of columns the one with the largest tiles, tiles cropped
 * within the aspect range. An incomplete last row is centred.
 */
export function gridLayout(count: number, area: Size): Rect[] {
  if (count <= 0 || area.width <= 0 || area.height <= 0) return [];
  const { columns, rows, tile } = bestGrid(count, area);
  const blockHeight = rows * tile.height + (rows - 1) * gap;
  const top = (area.height - blockHeight) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - columns * (rows - 1) : columns;
    const rowWidth = inRow * tile.width + (inRow - 1) * gap;
    return {
      left: (area.width - rowWidth) / 2 + (index % columns) * (tile.width + gap),
      top: top + row * (tile.height + gap),
      width: tile.width,
      height: tile.height,
    };
  });
}

/** How many tiles of at least the smallest size fit, at most 49, at least 1. */
export function gridCapacity(area: Size): number {
  let capacity = 1;
  for (let count = 2; count <= maxTiles; count++) {
    const { tile } = bestGrid(count, area);
    if (tile.width >= minTile.width && tile.height >= minTile.height) capacity = count;
  }
  return capacity;
}

export interface SpeakerLayout {
  stage: Rect;
  strip: Rect[];
}

/**
 * One large tile and a strip of small ones: at the right in a wide area, below in a tall one. `stripCount` tiles are asked for;
 * as many as fit are placed. With one other tile it floats in the corner of the stage.
 */
export function speakerLayout(stripCount: number, area: Size): SpeakerLayout {
  const whole: Rect = { left: 0, top: 0, width: Math.max(0, area.width), height: Math.max(0, area.height) };
  if (stripCount <= 0 || area.width <= 0 || area.height <= 0) return { stage: whole, strip: [] };
  if (stripCount === 1) return { stage: whole, strip: [floating(area)] };
  return area.width >= area.height * 1.1 ? sideStrip(stripCount, area) : bottomStrip(stripCount, area);
}

/** A large place and an area of about a third beside it: at the right in a wide area, below in a tall one. */
export function sideLayout(area: Size): { readonly stage: Rect; readonly side: Rect } {
  const [width, height] = [Math.max(0, area.width), Math.max(0, area.height)];
  if (width >= height * 1.1) {
    const stage = Math.round((width - gap) * 0.68);
    return { stage: { left: 0, top: 0, width: stage, height }, side: { left: stage + gap, top: 0, width: Math.max(0, width - gap - stage), height } };
  }
  const stage = Math.round((height - gap) * 0.48);
  return { stage: { left: 0, top: 0, width, height: stage }, side: { left: 0, top: stage + gap, width, height: Math.max(0, height - gap - stage) } };
}

/** A rectangle of an area, as one of the whole. */
export function within(rect: Rect, area: Rect): Rect {
  return { ...rect, left: area.left + rect.left, top: area.top + rect.top };
}

function floating(area: Size): Rect {
  const width = clamp(Math.round(area.width * 0.22), Math.min(112, area.width), 280);
  const height = Math.min(area.height, Math.round(area.width < area.height ? (width * 4) / 3 : (width * 9) / 16));
  const margin = 12;
  return { left: Math.max(0, area.width - width - margin), top: Math.max(0, area.height - height - margin), width, height };
}

function sideStrip(stripCount: number, area: Size): SpeakerLayout {
  const widest = clamp(Math.round(area.width * 0.18), minTile.width, 260);
  // One column with somewhat smaller tiles leaves more to the stage than a second column.
  const oneColumn = Math.floor((((area.height - gap * (stripCount - 1)) / stripCount) * 16) / 9);
  const width = oneColumn >= 160 ? Math.min(widest, oneColumn) : widest;
  const height = Math.round((width * 9) / 16);
  const rows = Math.max(1, Math.floor((area.height + gap) / (height + gap)));
  const columns = stripCount > rows && area.width > 1000 ? 2 : 1;
  const placed = Math.min(stripCount, rows * columns);
  const usedRows = Math.ceil(placed / columns);
  const stripWidth = columns * width + (columns - 1) * gap;
  const top = (area.height - (usedRows * height + (usedRows - 1) * gap)) / 2;
  return {
    stage: { left: 0, top: 0, width: area.width - stripWidth - gap, height: area.height },
    strip: Array.from({ length: placed }, (_, index) => ({
      left: area.width - stripWidth + (index % columns) * (width + gap),
      top: Math.max(0, top) + Math.floor(index / columns) * (height + gap),
      width,
      height: Math.min(height, area.height),
    })),
  };
}

function bottomStrip(stripCount: number, area: Size): SpeakerLayout {
  const columns = Math.max(1, Math.min(stripCount, Math.floor((area.width + gap) / (112 + gap))));
  const width = Math.min(200, (area.width - (columns - 1) * gap) / columns);
  const height = Math.min(Math.round((width * 3) / 4), Math.floor(area.height / 3));
  const rows = stripCount > columns && area.height > 560 ? 2 : 1;
  const placed = Math.min(stripCount, columns * rows);
  const usedRows = Math.ceil(placed / columns);
  const stripHeight = usedRows * height + (usedRows - 1) * gap;
  return {
    stage: { left: 0, top: 0, width: area.width, height: area.height - stripHeight - gap },
    strip: Array.from({ length: placed }, (_, index) => {
      const row = Math.floor(index / columns);
      const inRow = Math.min(columns, placed - row * columns);
      const rowWidth = inRow * width + (inRow - 1) * gap;
      return {
        left: (area.width - rowWidth) / 2 + (index % columns) * (width + gap),
        top: area.height - stripHeight + row * (height + gap),
        width,
        height,
      };
    }),
  };
}

function bestGrid(count: number, area: Size): { columns: number; rows: number; tile: Size } {
  const aspect = area.width >= area.height ? landscapeAspect : portraitAspect;
  let best = { columns: 1, rows: count, tile: { width: 0, height: 0 } };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tile = crop({ width: (area.width - gap * (columns - 1)) / columns, height: (area.height - gap * (rows - 1)) / rows }, aspect);
    if (tile.width * tile.height > best.tile.width * best.tile.height + 0.5) best = { columns, rows, tile };
  }
  return best;
}

/** The largest tile of an allowed aspect within a cell; 0 × 0 when the cell has no room. */
function crop(cell: Size, aspect: AspectRange): Size {
  if (cell.width <= 0 || cell.height <= 0) return { width: 0, height: 0 };
  const own = cell.width / cell.height;
  if (own > aspect.max) return { width: cell.height * aspect.max, height: cell.height };
  if (own < aspect.min) return { width: cell.width, height: cell.width / aspect.min };
  return cell;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
