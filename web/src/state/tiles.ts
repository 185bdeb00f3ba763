import type { ViewItem } from '../signaling/contract';
import type { Rect } from './layout';
import type { DataSaver } from './roomPreferences';
import type { Roster } from './roster';

/** One picture in the room: a person, or a person's shared screen. */
export interface Tile {
  key: string;
  participantId: string;
  source: 'camera' | 'screen';
}

export function tileKey(participantId: string, source: 'camera' | 'screen'): string {
  return source === 'camera' ? participantId : `${participantId}:screen`;
}

/** All tiles that could be shown: shared screens of others first, then people in order of arrival, oneself last. */
export function tilesOf(roster: Roster, self: string | null): Tile[] {
  const screens: Tile[] = [];
  const others: Tile[] = [];
  const own: Tile[] = [];
  for (const participant of roster.participants) {
    if (participant.id !== self && participant.media.screen) {
      screens.push({ key: tileKey(participant.id, 'screen'), participantId: participant.id, source: 'screen' });
    }
    (participant.id === self ? own : others).push({ key: tileKey(participant.id, 'camera'), participantId: participant.id, source: 'camera' });
  }
  return [...screens, ...others, ...own];
}

/**
 * Keeps people where they are. Those who stay keep their order, newcomers go to the end (before `last`, the own tile). Only a speaker
 * outside the first `capacity` places moves: he changes places with the one on the first page who has been silent longest.
 * @param previous keys in the order shown so far
 * @param speakers keys, most recent first
 */
export function arrange(previous: readonly string[], present: readonly string[], speakers: readonly string[], capacity: number, last: string | null): string[] {
  const here = new Set(present);
  const kept = previous.filter(key => here.has(key) && key !== last);
  const known = new Set(kept);
  const order = [...kept, ...present.filter(key => !known.has(key) && key !== last)];
  const ownPlace = last !== null && here.has(last);
  const places = Math.max(1, capacity - (ownPlace ? 1 : 0));
  if (order.length > places) {
    // Least recent of the recent speakers first, so that the most recent one wins a contested place.
    for (const speaker of speakers.slice(0, places).reverse()) {
      const at = order.indexOf(speaker);
      if (at < places) continue;
      const silent = quietest(order.slice(0, places), speakers);
      [order[silent], order[at]] = [order[at]!, order[silent]!];
    }
  }
  if (ownPlace) order.splice(Math.min(places, order.length), 0, last);
  return order;
}

/** Index of the one who spoke longest ago; among those who never spoke, the last. */
function quietest(page: readonly string[], speakers: readonly string[]): number {
  let found = page.length - 1;
  let foundRank = -1;
  page.forEach((key, index) => {
    const spoke = speakers.indexOf(key);
    const rank = spoke === -1 ? Number.POSITIVE_INFINITY : spoke;
    if (rank >= foundRank) [found, foundRank] = [index, rank];
  });
  return found;
}

/** Who fills the stage: a pinned one, else a shared screen, else the last speaker that is not oneself, else the first other. */
export function stageTile(tiles: readonly Tile[], speakers: readonly string[], self: string | null, pinned: string | null, current: string | null): Tile | null {
  const others = tiles.filter(tile => tile.participantId !== self);
  const pin = tiles.find(tile => tile.key === pinned);
  if (pin !== undefined) return pin;
  const screen = others.find(tile => tile.source === 'screen');
  if (screen !== undefined) return screen;
  for (const speaker of speakers) {
    const tile = others.find(candidate => candidate.participantId === speaker && candidate.source === 'camera');
    if (tile !== undefined) return tile;
  }
  return others.find(tile => tile.key === current) ?? others[0] ?? tiles[0] ?? null;
}

/** No receiver gains by more pixels than a camera sends. */
const maxHeight = 1080;

/** Heights are told in steps of 30 pixels, so that a window being resized does not flood the server. */
const heightStep = 30;

/** Height in pixels up to which the lowest of a camera's layers is enough. */
const savingHeight = 180;

/**
 * What the server should know of a layout: the pictures of others in it, most important first, in device pixels; which are pinned. Who saves data asks
 * for less: people's pictures in the lowest quality, or none at all and only the sound.
 */
export function viewOf(
  placed: readonly { tile: Tile; rect: Rect }[], self: string | null, devicePixelRatio: number, pinned: readonly string[] = [], saver: DataSaver = 'off',
): ViewItem[] {
  return placed
    .filter(({ tile }) => tile.participantId !== self)
    .map(({ tile, rect }) => ({
      participantId: tile.participantId,
      source: tile.source,
      height: heightOf(tile, rect, devicePixelRatio, saver),
      pinned: pinned.includes(tile.key),
    }));
}

function heightOf(tile: Tile, rect: Rect, devicePixelRatio: number, saver: DataSaver): number {
  if (saver === 'audio') return 0;
  const height = Math.min(maxHeight, Math.max(heightStep, Math.ceil((rect.height * Math.min(devicePixelRatio, 2)) / heightStep) * heightStep));
  return saver === 'low' && tile.source === 'camera' ? Math.min(height, savingHeight) : height;
}

export function sameView(a: readonly ViewItem[], b: readonly ViewItem[]): boolean {
  return a.length === b.length && a.every((item, index) => {
    const other = b[index]!;
    return item.participantId === other.participantId && item.source === other.source && item.height === other.height && item.pinned === other.pinned;
  });
}
