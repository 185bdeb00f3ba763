import type { Content } from './content';
import { isModerator } from './party';
import type { Register } from './register';

/**
 * Whom a moderator puts on everybody's stage, worked out from the log alone, so that it is the same for all. It lasts until a moderator says otherwise, or until
 * the leaf that it shows or the one that set it is gone or moderates no more. Who joins later takes it from whoever set it (docs/e2ee.md §17).
 */
export class Spotlight {
  /** The entry that led here: what was before it one can only be told. */
  readonly #beginning: number;
  #state: { readonly leaf: number; readonly by: number; readonly since: number } | null = null;
  /** A moderator's own word was heard: what others repeat from before is older. */
  #isKnown = false;

  constructor(beginning: number) {
    this.#beginning = beginning;
  }

  /** Leaf on everybody's stage; null: none. */
  get leaf(): number | null {
    return this.#state?.leaf ?? null;
  }

  /** To be said again for those who came: by the leaf that set it, and nobody else. */
  repeatBy(leaf: number): Extract<Content, { readonly type: 'spotlight' }> | null {
    return this.#state?.by === leaf ? { type: 'spotlight', leaf: this.#state.leaf, since: this.#state.since } : null;
  }

  /** @param entry of the log, in which the leaf `by` says so */
  hear(register: Register, by: number, entry: number, { leaf, since }: Extract<Content, { readonly type: 'spotlight' }>): void {
    if (!moderates(register, by)) return;
    if (since > 0 && (this.#isKnown || since > this.#beginning)) return;
    this.#isKnown = true;
    this.#state = leaf !== null && register.members.has(leaf) ? { leaf, by, since: since > 0 ? since : entry } : null;
  }

  /** @param removed leaves that a commit has emptied, though others may hold them by now */
  changed(register: Register, removed: readonly number[]): void {
    const state = this.#state;
    if (state === null) return;
    if (removed.includes(state.leaf) || removed.includes(state.by) || !moderates(register, state.by)) this.#state = null;
  }
}

function moderates(register: Register, leaf: number): boolean {
  const role = register.roleOf(leaf);
  return role !== null && isModerator(role);
}
