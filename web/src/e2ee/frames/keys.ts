import { deriveKey, importBaseKey, type DerivedKey } from './cipher';
import { composeKeyId, epochBitsOf, splitKeyId } from './keyId';
import { ReceiveKey, SendKey } from './frameKey';

/** What the key agreement tells the frames: which keys there are, and under which one's own frames are sent. */
export interface FrameKeys {
  /**
   * Keys of one epoch for all leaves: base_key = MLS-Exporter("SFrame 1.0 Base Key", "", 32) (RFC 9605 §5.2). Evicts an older epoch with the
   * same low 8 bits, and one with the same number: where a commit was void, another takes its place.
   */
  addEpoch(epoch: bigint, baseKey: Uint8Array): void;

  /**
   * From now on frames are sent under (context, leaf, epoch). Where this store has sent so before, the counter goes on; another store, as in
   * a worker that was started anew, must come as another leaf. Throws, and stops sending, where the epoch is not held.
   */
  sendAs(leaf: number, epoch: bigint, context: number): void;

  /** Stop sending: frames are dropped, never sent clear. */
  stopSending(): void;

  /** Receive keys of the epoch are dropped at the moment, in the store's clock; never later than 10 s from now. */
  retireEpoch(epoch: bigint, atMilliseconds: number): void;

  /**
   * Leaves that may be heard; frames of others are dropped at once. Whom one call leaves out is not heard again under the epochs that are held
   * then: the number may be another's in a later one.
   */
  setLeaves(leaves: ReadonlySet<number>): void;
}

/** Why there is no key for a received frame. */
export type KeyRefusal =
  /** Of no epoch that is held. */
  | 'unknownKey'
  /** Of a leaf that is not in the group, or of one's own, whose frames never come from outside. */
  | 'foreignLeaf'
  /** Of a leaf under whose key somebody else was heard in this epoch. */
  | 'contradicted';

/** Longest life of receive keys after their epoch, ms: what was sent before the commit may still be on its way. */
const longestRetirement = 10_000;

const baseKeyLength = 32;

/** Longest wait of a received frame for the keys of its epoch, ms: the commit comes on another path than the first frame under it. */
export const epochPatience = 500;

/** Epochs ahead of the newest held one that are worth waiting for. */
const epochsAhead = 8;

/** The clock of the worker: ms since a fixed moment, and a call later that can be taken back. */
export interface FrameClock {
  now(): number;
  after(milliseconds: number, run: () => void): () => void;
}

interface Epoch {
  epoch: bigint;
  base: Promise<CryptoKey>;
  retiresAt: number;
  /** Leaves that every call has named since the epoch was added; null before the first. */
  leaves: ReadonlySet<number> | null;
  receiving: Map<number, ReceiveKey>;
  /** By key id, each with its counter, so that sending goes on where it stopped. */
  sending: Map<number, SendKey>;
  /** One's own leaves in the epoch: what claims to come from them is a reflection or a forgery. */
  own: Set<number>;
  /** Leaves whose own digests contradict what was received under their keys. */
  contradicted: Set<number>;
}

/** Holds the keys of one page's frames. Lives in the worker that all its transforms share, so that there is one counter per key id. */
export class FrameKeyStore implements FrameKeys {
  readonly #clock: FrameClock;
  readonly #epochs = new Map<number, Epoch>();
  /** Salts of all send keys ever used: they name key and key id, and so a counter that must not begin again. */
  readonly #spentSalts = new Set<string>();
  /** Epochs that frames wait for; a wait that was in vain stays until the next epoch, so that it is not begun again. */
  readonly #awaited = new Map<number, { arrival: Promise<void>; end: () => void }>();
  #newest: bigint | null = null;
  #leaves: ReadonlySet<number> = new Set();
  #leavesChanged: (leaves: ReadonlySet<number>) => void = () => undefined;
  #sending: SendKey | null = null;

  constructor(clock: FrameClock) {
    this.#clock = clock;
  }

  addEpoch(epoch: bigint, baseKey: Uint8Array): void {
    if (baseKey.length !== baseKeyLength) throw new RangeError(`A base key has ${baseKeyLength} bytes.`);
    const bits = epochBitsOf(epoch);
    if (this.#sending !== null && epochBitsOf(this.#sending.epoch) === bits) this.stopSending();
    this.#epochs.set(bits, { epoch, base: importBaseKey(baseKey), retiresAt: Infinity, leaves: null, receiving: new Map(), sending: new Map(), own: new Set(), contradicted: new Set() });
    this.#newest = epoch;
    for (const { end } of this.#awaited.values()) end();
    this.#awaited.clear();
  }

  sendAs(leaf: number, epoch: bigint, context: number): void {
    const keyId = composeKeyId(context, leaf, epoch);
    this.stopSending();
    const held = this.#epoch(epochBitsOf(epoch));
    if (held === undefined || held.epoch !== epoch) throw new Error('The epoch is not held.');
    let key = held.sending.get(keyId);
    if (key === undefined) {
      key = new SendKey(keyId, leaf, epoch, context, this.#deriveSendKey(held, keyId));
      held.sending.set(keyId, key);
      held.own.add(leaf);
      for (const id of held.receiving.keys()) if (splitKeyId(id).leaf === leaf) held.receiving.delete(id);
    }
    this.#sending = key;
  }

  stopSending(): void {
    this.#sending = null;
  }

  retireEpoch(epoch: bigint, atMilliseconds: number): void {
    const held = this.#epochs.get(epochBitsOf(epoch));
    if (held?.epoch !== epoch) return;
    held.retiresAt = Math.min(held.retiresAt, atMilliseconds, this.#clock.now() + longestRetirement);
    this.sweep();
  }

  setLeaves(leaves: ReadonlySet<number>): void {
    this.#leaves = new Set(leaves);
    for (const held of this.#epochs.values()) {
      const { leaves: stay } = held;
      held.leaves = stay === null ? this.#leaves : new Set([...stay].filter(leaf => this.#leaves.has(leaf)));
      for (const keyId of held.receiving.keys()) if (!held.leaves.has(splitKeyId(keyId).leaf)) held.receiving.delete(keyId);
    }
    this.#leavesChanged(this.#leaves);
  }

  /** Drops every key at once, as when one was removed or another group begins. */
  clear(): void {
    this.stopSending();
    this.#epochs.clear();
    this.#newest = null;
    this.setLeaves(new Set());
  }

  /** Who else has to know which leaves there are. */
  onLeaves(changed: (leaves: ReadonlySet<number>) => void): void {
    this.#leavesChanged = changed;
  }

  /** Under which one sends; null while nothing may be sent. */
  get sending(): SendKey | null {
    return this.#sending;
  }

  /** The key for a received frame; made when a key id is met first. */
  receiving(keyId: number): ReceiveKey | KeyRefusal {
    const { leaf, context, epochBits } = splitKeyId(keyId);
    const held = this.#epoch(epochBits);
    if (held === undefined) return 'unknownKey';
    if (!(held.leaves ?? this.#leaves).has(leaf)) return 'foreignLeaf';
    if (held.own.has(leaf) || this.#sending?.leaf === leaf) return 'foreignLeaf';
    if (held.contradicted.has(leaf)) return 'contradicted';
    let key = held.receiving.get(keyId);
    if (key === undefined) {
      key = new ReceiveKey(keyId, leaf, held.epoch, context, held.base.then(base => deriveKey(base, keyId, 'decrypt')));
      held.receiving.set(keyId, key);
    }
    return key;
  }

  /** Forgets a key under which nothing was ever received, so that made-up key ids do not fill the memory. */
  forget(key: ReceiveKey): void {
    const receiving = this.#epochs.get(epochBitsOf(key.epoch))?.receiving;
    if (key.window.isEmpty && receiving?.get(key.keyId) === key) receiving.delete(key.keyId);
  }

  /** Whether a key is still held: frames that were being decrypted when it went are dropped too. */
  holds(key: ReceiveKey): boolean {
    return this.#epoch(epochBitsOf(key.epoch))?.receiving.get(key.keyId) === key;
  }

  /** Drops a leaf's frames until the next epoch, and for older ones for good: under its keys somebody else was heard. */
  contradict(leaf: number, epoch: bigint): void {
    for (const held of this.#epochs.values()) {
      if (held.epoch > epoch) continue;
      held.contradicted.add(leaf);
      for (const keyId of held.receiving.keys()) if (splitKeyId(keyId).leaf === leaf) held.receiving.delete(keyId);
    }
  }

  /**
   * Settles when the epoch of a key id has come, or will not be waited for any longer; null where waiting is in vain. One wait for all frames.
   */
  arrival(keyId: number): Promise<void> | null {
    const bits = splitKeyId(keyId).epochBits;
    const ahead = this.#newest === null ? 1 : (bits - epochBitsOf(this.#newest) + 256) % 256;
    if (ahead === 0 || ahead > epochsAhead || this.#epoch(bits) !== undefined) return null;
    const awaited = this.#awaited.get(bits);
    if (awaited !== undefined) return awaited.arrival;
    let end: () => void = () => undefined;
    const arrival = new Promise<void>(resolve => {
      const cancel = this.#clock.after(epochPatience, resolve);
      end = () => {
        cancel();
        resolve();
      };
    });
    this.#awaited.set(bits, { arrival, end });
    return arrival;
  }

  /** Drops the keys whose moment has come. Called from time to time, so that they do not outlive it for want of frames. */
  sweep(): void {
    for (const bits of [...this.#epochs.keys()]) this.#epoch(bits);
  }

  #epoch(bits: number): Epoch | undefined {
    const held = this.#epochs.get(bits);
    if (held === undefined || this.#clock.now() < held.retiresAt) return held;
    this.#epochs.delete(bits);
    if (this.#sending?.epoch === held.epoch) this.stopSending();
    return undefined;
  }

  async #deriveSendKey(held: Epoch, keyId: number): Promise<DerivedKey> {
    const derived = await deriveKey(await held.base, keyId, 'encrypt');
    const salt = derived.salt.join();
    if (this.#spentSalts.has(salt)) throw new Error('This key was sent under before.');
    this.#spentSalts.add(salt);
    return derived;
  }
}
