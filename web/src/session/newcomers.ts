import type { MemberView } from '../e2ee/mls/memberTypes';

/** Notices who came into the group since it was last looked at. The first look, and the first in each generation, finds nobody new. */
export class Newcomers {
  #generation = 0;
  #known: ReadonlySet<string> | null = null;

  /** Leaves that came, one's own among them where it is a new one. */
  since({ generation, members, ownLeaf }: Pick<MemberView, 'generation' | 'members' | 'ownLeaf'>): ReadonlySet<number> {
    if (ownLeaf === null) return new Set();
    const known = generation === this.#generation ? this.#known : null;
    this.#generation = generation;
    this.#known = new Set(members.map(({ certificate }) => certificate));
    return new Set(known === null ? [] : members.filter(member => !known.has(member.certificate)).map(({ leaf }) => leaf));
  }
}
