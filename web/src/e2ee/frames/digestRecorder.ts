import { concat, type Bytes } from './bytes';
import { digestCapacity, hashFrame, type FrameDigest } from './digest';
import type { SendKey } from './frameKey';

/** Collects the hashes of what one sends. They are computed beside the frames' way, which does not wait for them. */
export class DigestRecorder {
  #sent = new Map<SendKey, Map<number, Promise<Bytes>>>();

  /** A frame that was sent. Frames of several streams are encrypted at once, so their counters may come out of order. */
  add(key: SendKey, counter: number, body: Bytes): void {
    const hash = hashFrame(body);
    hash.catch(() => undefined); // who takes the digests hears of it
    const hashes = this.#sent.get(key);
    if (hashes === undefined) this.#sent.set(key, new Map([[counter, hash]]));
    else hashes.set(counter, hash);
  }

  /**
   * The digests of all frames since the last call. A counter under which nothing was sent, or not yet, is named by none: a gap begins
   * another digest.
   */
  async take(): Promise<FrameDigest[]> {
    const sent = this.#sent;
    this.#sent = new Map();
    const digests = [];
    for (const [key, hashes] of sent) {
      for (const counters of runsOf([...hashes.keys()].sort((a, b) => a - b))) {
        const named = await Promise.all(counters.map(counter => hashes.get(counter)!));
        digests.push({ epoch: key.epoch, keyId: BigInt(key.keyId), firstCounter: BigInt(counters[0]!), tags: concat(...named) });
      }
    }
    return digests;
  }
}

/** Divides rising counters into runs without a gap, each short enough for a digest. */
function runsOf(counters: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const counter of counters) {
    const run = runs.at(-1);
    if (run === undefined || run.length === digestCapacity || run.at(-1) !== counter - 1) runs.push([counter]);
    else run.push(counter);
  }
  return runs;
}
