import { committerOrder, takeoverStep } from './election';
import type { GroupView } from './guard';
import type { WorkHeadline } from './memberTypes';

/** Longest wait for more admissions to come together, ms; above {@link largeMeeting} members the longer. */
const batch = 1_000;
const largeBatch = 2_000;
const largeMeeting = 100;

/** How long an answer to a request of work or a commit is awaited, ms. */
const answerPatience = 3_000;

/** When a joiner gives the tree a path of its own, ms: at random, and the later the more members there are. */
const updateAfter = 10_000;
const updateSpread = 2_000;

/** Longest time without a path, ms. */
const pathInterval = 600_000;
const pathTakeover = 5_000;

interface Work {
  readonly headline: WorkHeadline;
  readonly learnedAt: number;
}

/**
 * Knows what is to be committed, and when it is this member's turn (docs/e2ee.md §11). Being wrong about it costs a `stale` and nothing else: whoever
 * commits, the guard decides what holds.
 */
export class Workshop {
  readonly #self: number;
  readonly #work = new Map<string, Work>();
  #order: readonly number[] = [];
  #away: ReadonlySet<number> = new Set();
  #size = 1;
  #lastCommitAt: number;
  #lastPathAt: number;
  #updateAt = Number.POSITIVE_INFINITY;
  #busyUntil: number | null = null;
  #notBefore = 0;

  /** @param chance uniform in [0, 1), for joiners; null for a founder, whose tree needs no path yet */
  constructor(self: number, now: number, members: number, chance: number | null) {
    this.#self = self;
    this.#lastCommitAt = Number.NEGATIVE_INFINITY;
    this.#lastPathAt = now;
    if (chance !== null) this.#updateAt = now + updateAfter + chance * updateSpread * members;
  }

  async begin(now: number, view: GroupView, commit: { readonly hadPath: boolean; readonly isOwn: boolean } | null): Promise<void> {
    this.#order = await committerOrder(view.group.transcriptHash, [...view.register.members.keys()]);
    this.#size = view.register.members.size;
    this.#busyUntil = null;
    if (commit === null) return;
    this.#lastCommitAt = now;
    if (commit.hadPath) this.#lastPathAt = now;
    if (commit.hadPath && commit.isOwn) this.#updateAt = Number.POSITIVE_INFINITY;
  }

  offer(now: number, headlines: readonly WorkHeadline[]): void {
    for (const headline of headlines) if (!this.#work.has(headline.id)) this.#work.set(headline.id, { headline, learnedAt: now });
  }

  withdraw(ids: readonly string[]): void {
    for (const id of ids) this.#work.delete(id);
  }

  /** All that there is to do, as the server has just said. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#work.keys()) if (!ids.has(id)) this.#work.delete(id);
  }

  setAway(away: ReadonlySet<number>): void {
    this.#away = away;
  }

  /** Work was asked for, or a commit posted: nothing else until the answer, or for a while. */
  busy(now: number): void {
    this.#busyUntil = now + answerPatience;
  }

  /** The answer came. @param wait how long to leave it to others, ms */
  free(now: number, wait = 0): void {
    this.#busyUntil = null;
    this.#notBefore = now + wait;
  }

  /** True where an answer did not come in time. */
  isOverdue(now: number): boolean {
    return this.#busyUntil !== null && now >= this.#busyUntil;
  }

  get isBusy(): boolean {
    return this.#busyUntil !== null;
  }

  get hasWork(): boolean {
    return this.#work.size > 0;
  }

  /** When this member shall commit, and why; infinity for never. A commit by somebody else begins it anew. */
  get due(): { readonly at: number; readonly reason: 'commit' | 'update' } {
    if (this.#busyUntil !== null) return { at: this.#busyUntil, reason: 'commit' };
    const works = [...this.#work.values()];
    // Who shall go does not commit it.
    const leaving = new Set(works.map(({ headline }) => headline.leaf));
    const rank = this.#order.filter(leaf => leaf === this.#self || !(this.#away.has(leaf) || leaving.has(leaf))).indexOf(this.#self);
    const takeover = Math.max(0, rank) * takeoverStep;
    const window = this.#size > largeMeeting ? largeBatch : batch;
    const ready = works.map(({ headline, learnedAt }) =>
      Math.max(learnedAt, headline.kind === 'admission' ? this.#lastCommitAt + window : this.#lastCommitAt));
    const work = Math.max(Math.min(Number.POSITIVE_INFINITY, ...ready) + takeover, this.#notBefore);
    const refresh = this.#size > 1 ? this.#lastPathAt + pathInterval + Math.max(0, rank) * pathTakeover : Number.POSITIVE_INFINITY;
    const update = Math.max(Math.min(this.#updateAt, refresh), this.#notBefore);
    return work <= update ? { at: work, reason: 'commit' } : { at: update, reason: 'update' };
  }

  /** A time for the next try at an own path, after losing one. */
  postpone(now: number, chance: number): void {
    if (this.#updateAt !== Number.POSITIVE_INFINITY) this.#updateAt = now + updateAfter / 5 + chance * updateSpread * this.#size;
  }
}
