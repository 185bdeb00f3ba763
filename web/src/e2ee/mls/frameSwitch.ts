import { equal } from './bytes';
import type { Group } from './group';
import type { FrameAction } from './memberTypes';

/**
 * After a commit that only adds, senders wait this long, ms, so that receivers have the keys first: for the way, and for each member what he computes. If
 * they waited longer, the key frame that a newcomer's connection asks for would still be under the epoch before his.
 */
const patience = (members: number): number => Math.min(250, 50 + members);

/** Keys of the epoch before live this long, for frames under way, ms. */
const oldKeysLife = 10_000;

/**
 * Decides under which epoch frames are sent. A key is never used after it was left: whoever begins again within an epoch, after a stop, takes the next
 * context (docs/e2ee.md §13).
 */
export class FrameSwitch {
  #sending: bigint | null = null;
  #next: { readonly epoch: bigint; readonly at: number } | null = null;
  #allowed = true;
  #contexts = 0;
  #lastEpoch: bigint | null = null;
  #group: Group | null = null;
  /** Epochs before whose keys still hear, and until when. */
  readonly #retiring = new Map<bigint, number>();

  /** The group is in another epoch now. @param isUrgent somebody was removed: the old key is not used for one more frame */
  enter(now: number, group: Group, isUrgent: boolean): FrameAction[] {
    const before = this.#group;
    this.#group = group;
    const leaves = new Set(group.leaves.map(({ leaf }) => leaf));
    const actions: FrameAction[] = [{ type: 'addEpoch', epoch: group.epoch, baseKey: group.baseKey }, { type: 'setLeaves', leaves }];
    if (before !== null) {
      // A leaf's number may be somebody else's from here on; what its last holder sent must not be heard as the next one's.
      actions.unshift({ type: 'setLeaves', leaves: remaining(before, group) });
      actions.push({ type: 'retireEpoch', epoch: before.epoch, at: now + oldKeysLife });
      this.#retiring.set(before.epoch, now + oldKeysLife);
    }
    for (const [epoch, until] of this.#retiring) if (until <= now) this.#retiring.delete(epoch);
    this.#next = { epoch: group.epoch, at: isUrgent || this.#sending === null ? now : now + patience(leaves.size) };
    return [...actions, ...this.advance(now)];
  }

  /** Sending is allowed, or is not: then frames are dropped. */
  allow(now: number, isAllowed: boolean): FrameAction[] {
    if (isAllowed === this.#allowed) return [];
    this.#allowed = isAllowed;
    if (!isAllowed) {
      this.#sending = null;
      return [{ type: 'stopSending' }];
    }
    if (this.#group !== null) this.#next = { epoch: this.#group.epoch, at: now };
    return this.advance(now);
  }

  /** The leaf is given up: nothing is sent or heard under its keys any more, so another generation may count its epochs anew. */
  close(now: number): FrameAction[] {
    const actions = this.allow(now, false);
    const held = this.#group === null ? [] : [this.#group.epoch];
    for (const epoch of [...held, ...this.#retiring.keys()]) actions.push({ type: 'retireEpoch', epoch, at: now });
    this.#retiring.clear();
    this.#group = null;
    return [...actions, { type: 'setLeaves', leaves: new Set() }];
  }

  advance(now: number): FrameAction[] {
    if (!this.#allowed || this.#next === null || this.#group === null || now < this.#next.at) return [];
    const { epoch } = this.#next;
    this.#next = null;
    this.#contexts = this.#lastEpoch === epoch ? this.#contexts + 1 : 0;
    this.#lastEpoch = epoch;
    // After 256 stops within one epoch there is no context left; the next epoch has them again.
    if (this.#contexts > 255) return [];
    this.#sending = epoch;
    return [{ type: 'sendAs', leaf: this.#group.ownLeaf, epoch, context: this.#contexts }];
  }

  get deadline(): number {
    return this.#allowed ? this.#next?.at ?? Number.POSITIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  /** True while frames go out under the current epoch, or will within a moment. */
  get sends(): boolean {
    return this.#allowed && this.#group !== null && (this.#sending === this.#group.epoch || this.#next !== null);
  }
}

/** Leaves that have the same holder in both. */
function remaining(before: Group, after: Group): ReadonlySet<number> {
  const holders = new Map(before.leaves.map(({ leaf, node }) => [leaf, node.signaturePublicKey]));
  const stay = after.leaves.filter(({ leaf, node }) => equal(holders.get(leaf) ?? new Uint8Array(), node.signaturePublicKey));
  return new Set(stay.map(({ leaf }) => leaf));
}
