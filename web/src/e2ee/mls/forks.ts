import { equal, hex, type Bytes } from './bytes';

/** Times of docs/e2ee.md §14, ms. */
export const heartbeatInterval = 5_000;
const firstHeartbeat = 500;
const backupAfter = 10_000;
const stopAfter = 30_000;

/** How many epochs' hashes are kept to compare with. */
const epochsKept = 64;

/** Leaves whose heartbeats of later epochs are kept: the largest meeting. */
const aheadMaximum = 500;

export interface EpochFacts {
  readonly epoch: bigint;
  readonly transcriptHash: Bytes;
  /** Leaf keys of those who are in. */
  readonly keys: ReadonlyMap<number, Bytes>;
  readonly moderators: ReadonlySet<number>;
  /** Leaves whose heartbeats are awaited: moderators and those chosen. */
  readonly heralds: ReadonlySet<number>;
}

export interface Heartbeat {
  readonly leaf: number;
  readonly sequence: number;
  readonly epoch: bigint;
  readonly transcriptHash: Bytes;
}

/** `silence`: nobody of the others is heard; `fork`: others have another history. Neither lets anything be sent. */
export type ForkState = 'together' | 'silence' | 'fork';

export type Heard = 'agrees' | 'conflicts' | 'ahead' | 'ignored';

/**
 * Watches whether all have the same history. The server orders and relays, so it could show different logs to different people; members tell
 * each other, signed, which one they have. What a single member says or does not say counts against that member only.
 */
export class ForkWatch {
  readonly #self: number;
  readonly #epochs: (EpochFacts & { readonly begunAt: number })[] = [];
  readonly #sequences = new Map<string, number>();
  readonly #agreed = new Map<number, bigint>();
  readonly #conflicts = new Map<number, bigint>();
  readonly #ahead = new Map<number, { readonly heartbeat: Heartbeat; readonly isSigned: (key: Bytes) => Promise<boolean> }>();
  readonly #heardAt = new Map<number, number>();
  readonly #awaitedSince = new Map<number, number>();
  #quietSince: number;
  #nextBeat = Number.POSITIVE_INFINITY;
  #lastBeat = Number.NEGATIVE_INFINITY;
  #forked = false;

  constructor(self: number, now: number) {
    this.#self = self;
    this.#quietSince = now;
  }

  /** A new epoch began for this member. Heartbeats that were ahead of it are judged now. */
  async begin(now: number, facts: EpochFacts): Promise<void> {
    const before = this.#epochs.at(-1);
    if (before === undefined || before.keys.size === 1) this.#quietSince = now;
    this.#epochs.push({ ...facts, begunAt: now });
    if (this.#epochs.length > epochsKept) this.#epochs.shift();
    for (const leaf of [...this.#conflicts.keys(), ...this.#agreed.keys(), ...this.#awaitedSince.keys(), ...this.#heardAt.keys()]) {
      if (!this.#isSame(leaf)) this.#forget(leaf);
    }
    for (const leaf of facts.heralds) {
      if (leaf !== this.#self && !this.#awaitedSince.has(leaf)) this.#awaitedSince.set(leaf, now);
    }
    for (const leaf of this.#awaitedSince.keys()) if (!facts.heralds.has(leaf)) this.#awaitedSince.delete(leaf);
    this.#nextBeat = facts.heralds.has(this.#self) ? Math.min(this.#nextBeat, now + firstHeartbeat) : Number.POSITIVE_INFINITY;
    const waiting = [...this.#ahead.values()].filter(({ heartbeat }) => heartbeat.epoch <= facts.epoch);
    for (const { heartbeat, isSigned } of waiting) {
      this.#ahead.delete(heartbeat.leaf);
      await this.hear(now, heartbeat, isSigned);
    }
  }

  /** @param isSigned checks the heartbeat's signature under a leaf key */
  async hear(now: number, heartbeat: Heartbeat, isSigned: (key: Bytes) => Promise<boolean>): Promise<Heard> {
    const { leaf, epoch } = heartbeat;
    if (leaf === this.#self) return 'ignored';
    const current = this.#epochs.at(-1);
    if (current !== undefined && epoch > current.epoch) {
      const held = this.#ahead.get(leaf)?.heartbeat;
      const isNews = held === undefined ? this.#ahead.size < aheadMaximum : held.epoch < epoch || held.sequence < heartbeat.sequence;
      if (isNews) this.#ahead.set(leaf, { heartbeat, isSigned });
      return 'ahead';
    }
    const facts = this.#epochs.find(known => known.epoch === epoch);
    const key = facts?.keys.get(leaf);
    if (facts === undefined || key === undefined || !this.#isSame(leaf, key)) return 'ignored';
    const name = hex(key);
    if (heartbeat.sequence <= (this.#sequences.get(name) ?? -1) || !await isSigned(key)) return 'ignored';
    this.#sequences.set(name, heartbeat.sequence);
    if (!equal(heartbeat.transcriptHash, facts.transcriptHash)) {
      this.#conflicts.set(leaf, epoch);
      this.#judge();
      return 'conflicts';
    }
    if (epoch < this.#epochAt(now - stopAfter)) return 'ignored';
    this.#agreed.set(leaf, epoch);
    this.#heardAt.set(leaf, now);
    this.#quietSince = now;
    this.#judge();
    return 'agrees';
  }

  /** True once for each heartbeat that is due now. */
  takeBeat(now: number): boolean {
    if (now < this.beatAt) return false;
    this.#lastBeat = now;
    this.#nextBeat = this.#epochs.at(-1)!.heralds.has(this.#self) ? now + heartbeatInterval : Number.POSITIVE_INFINITY;
    return true;
  }

  state(now: number): ForkState {
    if (this.#forked) return 'fork';
    return this.#hasOthers && now >= this.#quietSince + stopAfter ? 'silence' : 'together';
  }

  /** Members who contradict, or who are awaited and silent. */
  marked(now: number): ReadonlySet<number> {
    const marked = new Set(this.#conflicts.keys());
    for (const [leaf, since] of this.#awaitedSince) {
      if (now >= Math.max(since, this.#heardAt.get(leaf) ?? 0) + stopAfter) marked.add(leaf);
    }
    return marked;
  }

  get conflicting(): ReadonlySet<number> {
    return new Set(this.#conflicts.keys());
  }

  /** When a heartbeat is due; infinity for never. */
  get beatAt(): number {
    if (!this.#hasOthers) return Number.POSITIVE_INFINITY;
    return Math.min(this.#nextBeat, Math.max(this.#quietSince + backupAfter, this.#lastBeat + heartbeatInterval));
  }

  /** When time alone changes what this watch says. */
  deadline(now: number): number {
    if (!this.#hasOthers) return Number.POSITIVE_INFINITY;
    const times = [this.#quietSince + stopAfter];
    for (const [leaf, since] of this.#awaitedSince) times.push(Math.max(since, this.#heardAt.get(leaf) ?? 0) + stopAfter);
    return Math.min(Number.POSITIVE_INFINITY, ...times.filter(time => time > now));
  }

  get #hasOthers(): boolean {
    return (this.#epochs.at(-1)?.keys.size ?? 0) > 1;
  }

  /** Two different members, or two moderators against each other: one alone may lie, and is marked. */
  #judge(): void {
    if (this.#conflicts.size >= 2) this.#forked = true;
    const moderators = this.#epochs.at(-1)?.moderators ?? new Set<number>();
    for (const [leaf, epoch] of this.#conflicts) {
      if (!moderators.has(leaf)) continue;
      if (moderators.has(this.#self)) this.#forked = true;
      // Who agrees about a later epoch agrees about all before it: each hash holds the one before.
      for (const other of moderators) if (other !== leaf && (this.#agreed.get(other) ?? -1n) >= epoch) this.#forked = true;
    }
  }

  /** The epoch that this member had at a moment. */
  #epochAt(moment: number): bigint {
    return (this.#epochs.findLast(known => known.begunAt <= moment) ?? this.#epochs[0])?.epoch ?? 0n;
  }

  /** The leaf is still held by the same key. */
  #isSame(leaf: number, key?: Bytes): boolean {
    const now = this.#epochs.at(-1)?.keys.get(leaf);
    if (now === undefined) return false;
    const then = key ?? this.#epochs.at(-2)?.keys.get(leaf);
    return then !== undefined && equal(now, then);
  }

  #forget(leaf: number): void {
    this.#conflicts.delete(leaf);
    this.#agreed.delete(leaf);
    this.#awaitedSince.delete(leaf);
    this.#heardAt.delete(leaf);
  }
}
