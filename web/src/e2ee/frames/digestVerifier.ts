import type { Bytes } from './bytes';
import { digestCapacity, frameHashLength, hashFrame, type FrameDigest } from './digest';
import { counterLimit, type ReceiveKey } from './frameKey';
import { epochBitsOf, splitKeyId } from './keyId';

/**
 * What is known of the frames under a leaf's keys.
 * - `proved`: the leaf has signed for them.
 * - `unproved`: for some seconds it has not; a lost signal, or the server keeps them back, or the frames are not its own.
 * - `contradicted`: it has signed for others under the same counters, so somebody else made these.
 */
export type ProofState = 'proved' | 'unproved' | 'contradicted';

export interface ProofObserver {
  proofChanged(leaf: number, epoch: bigint, state: ProofState): void;
}

/** A frame is signed for within a second and the signal's way; later it counts as unproved, ms. */
const proofPatience = 5_000;

/** How long a leaf stays unproved after a frame that nobody signed for, and how long digests are kept for late frames, ms. */
const memory = 10_000;

/** Frames of one key id that wait for their digest: ten seconds of all that one sender can be shown with. */
const waitingLimit = 2_048;

/** Digests of one key id that are kept: two a second at most. */
const digestLimit = 20;

interface Ledger {
  leaf: number;
  epoch: bigint;
  /** Received frames without a digest yet, oldest first. */
  waiting: Map<number, { hash: bigint; receivedAt: number }>;
  digests: { firstCounter: number; tags: DataView; at: number }[];
}

/** Compares what was received with what its sender signed. Frames that were lost, or are of layers one does not get, do not matter. */
export class DigestVerifier {
  readonly #observer: ProofObserver;
  readonly #ledgers = new Map<string, Ledger>();
  readonly #states = new Map<number, { state: ProofState; epoch: bigint }>();
  readonly #unprovedUntil = new Map<number, number>();

  constructor(observer: ProofObserver) {
    this.#observer = observer;
  }

  /** A frame that was decrypted. */
  async received(key: ReceiveKey, counter: number, body: Bytes, now: number): Promise<void> {
    const hash = await hashFrame(body);
    const ledger = this.#ledger(key.leaf, key.epoch, key.keyId);
    const value = new DataView(hash.buffer, hash.byteOffset).getBigUint64(0);
    const signed = signedFor(ledger, counter);
    if (signed !== undefined) {
      this.#compare(ledger, value, signed);
      return;
    }
    ledger.waiting.set(counter, { hash: value, receivedAt: now });
    if (ledger.waiting.size > waitingLimit) ledger.waiting.delete(ledger.waiting.keys().next().value!);
  }

  /** A digest whose signature was verified under the key of the leaf; false if it is not one that the leaf may sign. */
  accept(leaf: number, { epoch, keyId, firstCounter, tags }: FrameDigest, now: number): boolean {
    const named = splitKeyId(Number(keyId));
    if (keyId > 0xffff_ffffn || named.leaf !== leaf || named.epochBits !== epochBitsOf(epoch)) return false;
    if (firstCounter >= counterLimit || tags.length === 0 || tags.length % frameHashLength !== 0 || tags.length > digestCapacity * frameHashLength) return false;
    const ledger = this.#ledger(leaf, epoch, Number(keyId));
    ledger.digests.push({ firstCounter: Number(firstCounter), tags: new DataView(tags.buffer, tags.byteOffset, tags.length), at: now });
    if (ledger.digests.length > digestLimit) ledger.digests.shift();
    for (const [counter, { hash }] of ledger.waiting) {
      const signed = signedFor(ledger, counter);
      if (signed === undefined) continue;
      ledger.waiting.delete(counter);
      this.#compare(ledger, hash, signed);
    }
    return true;
  }

  /** Called every second: finds what nobody signed for. */
  check(now: number): void {
    for (const [name, ledger] of this.#ledgers) {
      for (const [counter, { receivedAt }] of ledger.waiting) {
        if (now - receivedAt < proofPatience) break;
        ledger.waiting.delete(counter);
        this.#unprovedUntil.set(ledger.leaf, now + memory);
        this.#set(ledger, 'unproved');
      }
      ledger.digests = ledger.digests.filter(digest => now - digest.at < memory);
      if (ledger.waiting.size === 0 && ledger.digests.length === 0) this.#ledgers.delete(name);
    }
    for (const [leaf, until] of this.#unprovedUntil) if (now >= until) this.#unprovedUntil.delete(leaf);
  }

  /** Leaves that are gone are forgotten, contradictions too: who comes back is another leaf. */
  setLeaves(leaves: ReadonlySet<number>): void {
    for (const [name, { leaf }] of this.#ledgers) if (!leaves.has(leaf)) this.#ledgers.delete(name);
    for (const leaf of this.#states.keys()) if (!leaves.has(leaf)) this.#states.delete(leaf);
    for (const leaf of this.#unprovedUntil.keys()) if (!leaves.has(leaf)) this.#unprovedUntil.delete(leaf);
  }

  #compare(ledger: Ledger, hash: bigint, signed: bigint): void {
    if (hash !== signed) this.#set(ledger, 'contradicted');
    else if (!this.#unprovedUntil.has(ledger.leaf)) this.#set(ledger, 'proved');
  }

  /** A contradiction stands until frames of a later epoch come. */
  #set({ leaf, epoch }: Ledger, state: ProofState): void {
    const before = this.#states.get(leaf);
    if (before?.state === state || (before?.state === 'contradicted' && epoch <= before.epoch)) return;
    this.#states.set(leaf, { state, epoch });
    this.#observer.proofChanged(leaf, epoch, state);
  }

  #ledger(leaf: number, epoch: bigint, keyId: number): Ledger {
    const name = `${epoch}/${keyId}`;
    let ledger = this.#ledgers.get(name);
    if (ledger === undefined) {
      ledger = { leaf, epoch, waiting: new Map(), digests: [] };
      this.#ledgers.set(name, ledger);
    }
    return ledger;
  }
}

/** The hash that a digest names for a counter; undefined while none does. */
function signedFor({ digests }: Ledger, counter: number): bigint | undefined {
  const digest = digests.findLast(({ firstCounter, tags }) => counter >= firstCounter && counter < firstCounter + tags.byteLength / frameHashLength);
  return digest?.tags.getBigUint64((counter - digest.firstCounter) * frameHashLength);
}
