import { hex } from './bytes';
import type { Content } from './content';
import type { Member } from './register';

/**
 * The raised hands of one generation, in the order in which they were raised. Members work it out from the log alone, so that it is the same for all:
 * who joins later, and has not read the entries before, takes each hand's place from whoever repeats it (docs/e2ee.md §17).
 */
export class Hands {
  /** The entry that led here: what was before it one can only be told. */
  readonly #beginning: number;
  /** Leaf by entry that raised its hand. */
  readonly #raised = new Map<number, number>();
  /** Hands of leaves that are gone, by device: one that comes back under another leaf takes its place up again. */
  readonly #left = new Map<string, number>();

  constructor(beginning: number) {
    this.#beginning = beginning;
  }

  /** Leaves, whoever raised the hand first at the front. */
  get queue(): readonly number[] {
    return [...this.#raised].sort(([a, since], [b, before]) => since - before || a - b).map(([leaf]) => leaf);
  }

  /** Entry that raised a leaf's hand; null where it is down. */
  since(leaf: number): number | null {
    return this.#raised.get(leaf) ?? null;
  }

  /** @param entry of the log, in which the member says so */
  hear({ leaf, device }: Pick<Member, 'leaf' | 'device'>, entry: number, hand: Extract<Content, { readonly type: 'hand' }>): void {
    const name = hex(device);
    const left = this.#left.get(name);
    this.#left.delete(name);
    if (!hand.raised) this.#raised.delete(leaf);
    else if (!this.#raised.has(leaf)) this.#raised.set(leaf, this.#believes(hand.since, entry, left) ? hand.since : entry);
  }

  /** A commit has removed the leaf. */
  leave({ leaf, device }: Pick<Member, 'leaf' | 'device'>): void {
    const since = this.#raised.get(leaf);
    if (since === undefined) return;
    this.#raised.delete(leaf);
    this.#left.set(hex(device), since);
  }

  /** Nobody gets a place in the queue that those who were there know better about. */
  #believes(since: number, entry: number, left: number | undefined): boolean {
    return since > 0 && since < entry && (since <= this.#beginning || since === left);
  }
}
