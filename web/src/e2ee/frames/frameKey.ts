import type { DerivedKey } from './cipher';
import { ReplayWindow } from './replayWindow';

/** One key id with its key. The key is derived in the background; frames wait for it. */
abstract class FrameKey {
  readonly keyId: number;
  readonly leaf: number;
  readonly epoch: bigint;
  readonly context: number;
  readonly derived: Promise<DerivedKey>;

  constructor(keyId: number, leaf: number, epoch: bigint, context: number, derived: Promise<DerivedKey>) {
    this.keyId = keyId;
    this.leaf = leaf;
    this.epoch = epoch;
    this.context = context;
    this.derived = derived;
    derived.catch(() => undefined); // who waits for it hears of it; here it only must not count as unhandled
  }
}

/** Counters one key is used with; far fewer than AES-GCM bears, far more than a meeting has frames. */
export const counterLimit = 2 ** 48;

/** For sending: counts every frame of every stream and layer, since they share the key. */
export class SendKey extends FrameKey {
  #next = 0;

  /** Each counter once. */
  takeCounter(): number {
    if (this.#next >= counterLimit) throw new RangeError('The counter is used up.');
    return this.#next++;
  }
}

/** For receiving: what of the sender's counters was seen. */
export class ReceiveKey extends FrameKey {
  readonly window = new ReplayWindow();
}
