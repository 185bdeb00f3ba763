import { reactions, type Reaction } from '../e2ee/mls/content';

/** How long one floats over its tile, ms. */
export const reactionLasts = 4_000;

/** Most that float over one tile at a time; the oldest go first. */
const perTile = 3;

export interface FloatingReaction {
  readonly id: number;
  readonly leaf: number;
  readonly reaction: Reaction;
}

/** Several that came together, to be told in one phrase. */
export interface ReactionNews {
  readonly id: number;
  /** In the order of the catalogue, none with 0. */
  readonly counts: readonly { readonly reaction: Reaction; readonly count: number }[];
  /** Leaf of whoever reacted, where it was one. */
  readonly only: number | null;
}

export interface ReactionState {
  readonly floating: readonly FloatingReaction[];
  readonly news: ReactionNews | null;
}

export const noReactions: ReactionState = { floating: [], news: null };

/** With one more, those of the same tile that are too many gone. */
export function withReaction(floating: readonly FloatingReaction[], next: FloatingReaction): readonly FloatingReaction[] {
  const ofLeaf = floating.filter(({ leaf }) => leaf === next.leaf);
  const dropped = new Set(ofLeaf.slice(0, Math.max(0, ofLeaf.length + 1 - perTile)));
  return [...floating.filter(reaction => !dropped.has(reaction)), next];
}

/** @param came not empty */
export function newsOf(id: number, came: readonly Pick<FloatingReaction, 'leaf' | 'reaction'>[]): ReactionNews {
  const counts = reactions.map(reaction => ({ reaction, count: came.filter(other => other.reaction === reaction).length })).filter(({ count }) => count > 0);
  const [first] = came;
  return { id, counts, only: came.every(({ leaf }) => leaf === first!.leaf) ? first!.leaf : null };
}
