import { isOpen, mayOpen, roomOf, type BreakoutPlan, type BreakoutRoom } from './state';
import type { MemberEntry } from '../../e2ee/mls/memberTypes';

/** What somebody decided himself about where he is. */
export interface Wish {
  /** Places that he left: he is not taken there again until he is sent anew. See {@link placeKey}. */
  readonly left: ReadonlySet<string>;
  /** Room that a moderator visits, by {@link visitKey}. */
  readonly visit: string | null;
}

export const noWish: Wish = { left: new Set(), visit: null };

/** Where the person is to be now: a room, or null for the main room. */
export function whereTo(plan: BreakoutPlan | null, self: Pick<MemberEntry, 'person' | 'role'> | null, wish: Wish, now: number): BreakoutRoom | null {
  if (self === null || !isOpen(plan, now)) return null;
  const visited = mayOpen(self) ? plan.rooms.find(room => visitKey(plan, room.number) === wish.visit) : undefined;
  if (visited !== undefined) return visited;
  const place = plan.places.get(self.person);
  if (place === undefined || place.room === 0 || place.isVisit || wish.left.has(placeKey(plan, self.person))) return null;
  return roomOf(plan, place.room);
}

/** Names the place that somebody has now: another one once he is sent somewhere, the same room included. */
export function placeKey(plan: BreakoutPlan, person: string): string {
  const place = plan.places.get(person);
  return `${plan.id}:${place?.room ?? 0}:${place?.turn ?? 0}`;
}

export function visitKey(plan: BreakoutPlan, room: number): string {
  return `${plan.id}:${room}`;
}
