import type { Bytes } from './bytes';
import { codecOf, type FrameDescription, type FrameMetadata, type PayloadTypes } from './codecs';
import type { FrameDigest } from './digest';
import { DigestRecorder } from './digestRecorder';
import { DigestVerifier, type ProofState } from './digestVerifier';
import { decryptFrame, encryptFrame, type DropReason } from './frameCipher';
import type { FrameClock, FrameKeyStore } from './keys';
import { SlotSenders, type SlotSender } from './slotSenders';
import type { TransformOptions } from './transformOptions';

/** The part of an encoded frame that both browsers have. */
export interface EncodedFrame {
  data: ArrayBuffer;
  /** Of video only. */
  readonly type?: 'key' | 'delta' | 'empty';
  getMetadata(): FrameMetadata;
}

/** RTCRtpScriptTransformer, as a worker's `rtctransform` event brings it. */
export interface ScriptTransformer {
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  readonly options: unknown;
  sendKeyFrameRequest?(): Promise<void>;
}

export interface FrameCounts {
  sent: number;
  received: number;
  dropped: Partial<Record<DropReason, number>>;
}

/** Where the frames' news go. */
export interface FrameObserver {
  /** Receive slots that show somebody else than before, or under another epoch. */
  slotsChanged(changes: SlotSender[]): void;
  proofChanged(leaf: number, epoch: bigint, state: ProofState): void;
  /** A digest to be signed by the sending leaf's key and sent to all members. */
  digestReady(digest: FrameDigest): void;
}

/** A digest is due so often, ms. */
const digestInterval = 1_000;

/** Shortest time between two requests for a key frame of one stream, ms: the server throttles them anyway. */
const keyFrameInterval = 1_000;

/**
 * Encrypts what leaves the page's peer connections and decrypts what arrives. All transforms of a page share one instance, in one worker:
 * there is one counter per key id. Nothing passes in the clear: a frame that cannot be encrypted or decrypted is dropped and counted;
 * only frames of length 0, which browsers make to keep their clocks, go through.
 */
export class FrameTransforms {
  readonly #keys: FrameKeyStore;
  readonly #clock: FrameClock;
  readonly #observer: FrameObserver;
  readonly #recorder = new DigestRecorder();
  readonly #verifier: DigestVerifier;
  readonly #slots: SlotSenders;
  readonly #payloadTypes = new Map<string, PayloadTypes>();
  readonly #counts: FrameCounts = { sent: 0, received: 0, dropped: {} };

  constructor(keys: FrameKeyStore, clock: FrameClock, observer: FrameObserver) {
    this.#keys = keys;
    this.#clock = clock;
    this.#observer = observer;
    this.#slots = new SlotSenders(clock, changes => observer.slotsChanged(changes));
    this.#verifier = new DigestVerifier({
      proofChanged: (leaf, epoch, state) => {
        if (state === 'contradicted') keys.contradict(leaf, epoch);
        observer.proofChanged(leaf, epoch, state);
      },
    });
    keys.onLeaves(leaves => this.#verifier.setLeaves(leaves));
    clock.after(digestInterval, () => this.#tick());
  }

  /** What went on so far; for support and tests. */
  get counts(): FrameCounts {
    return { ...this.#counts, dropped: { ...this.#counts.dropped } };
  }

  /** Takes a sender's or receiver's frames over. One whose options are not ours is left without frames. */
  attach(transformer: ScriptTransformer): void {
    const options = transformer.options as TransformOptions;
    const transform = options.direction === 'send' ? this.#sender(options) : options.direction === 'receive' ? this.#receiver(options, transformer) : null;
    if (transform === null) return;
    // The streams end when the peer connection is closed, one way or the other.
    transformer.readable.pipeThrough(new TransformStream({ transform })).pipeTo(transformer.writable).catch(() => undefined);
  }

  /** Which payload type of a connection is which codec; needed where frames tell no MIME type. */
  setPayloadTypes(connection: string, types: PayloadTypes): void {
    this.#payloadTypes.set(connection, types);
  }

  /** Reports whose frames these slots carry with their next one. */
  reportSlots(slots: readonly string[]): void {
    this.#slots.forget(slots);
  }

  /** A digest whose signature was verified under the key of the leaf. False where it is not one that the leaf may sign. */
  acceptDigest(leaf: number, digest: FrameDigest): boolean {
    return this.#verifier.accept(leaf, digest, this.#clock.now());
  }

  #sender(options: TransformOptions) {
    return async (frame: EncodedFrame, controller: TransformStreamDefaultController<EncodedFrame>) => {
      const result = await this.#process(frame, options, encryptFrame);
      if (typeof result === 'string') return this.#drop(result);
      if (result !== null) {
        this.#recorder.add(result.key, result.counter, result.body);
        frame.data = bufferOf(result.data);
        this.#counts.sent++;
      }
      controller.enqueue(frame);
    };
  }

  #receiver(options: TransformOptions, transformer: ScriptTransformer) {
    let missesFrames = false;
    let lastRequest = -Infinity;
    return async (frame: EncodedFrame, controller: TransformStreamDefaultController<EncodedFrame>) => {
      const result = await this.#process(frame, options, decryptFrame);
      if (typeof result === 'string') {
        // One that was received before is not missed: browsers fill their probes with packets sent before.
        missesFrames ||= result !== 'replayed';
        return this.#drop(result);
      }
      if (result !== null) {
        const { key, counter, body, data } = result;
        const now = this.#clock.now();
        this.#slots.decrypted(options.slot, key.leaf, key.epoch);
        this.#verifier.received(key, counter, body, now).catch(() => undefined); // not hashed: nobody will prove it, which shows
        frame.data = bufferOf(data);
        this.#counts.received++;
        if (frame.type === 'key') {
          missesFrames = false;
        } else if (frame.type === 'delta' && missesFrames && now - lastRequest >= keyFrameInterval) {
          // The decoder would notice only seconds later that its references were dropped.
          lastRequest = now;
          transformer.sendKeyFrameRequest?.().catch(() => undefined); // a closed connection needs none
        }
      }
      controller.enqueue(frame);
    };
  }

  /** Null for a frame without content, which goes through as it is. */
  async #process<T>(
    frame: EncodedFrame, options: TransformOptions, cipher: (keys: FrameKeyStore, description: FrameDescription, data: Bytes) => Promise<T | DropReason>,
  ): Promise<T | DropReason | null> {
    try {
      const data = new Uint8Array(frame.data);
      if (data.length === 0) return null;
      const codec = codecOf(frame.getMetadata(), this.#payloadTypes.get(options.connection) ?? noTypes);
      return codec === undefined ? 'unknownCodec' : await cipher(this.#keys, { codec, isKeyFrame: frame.type === 'key' }, data);
    } catch {
      return 'failed'; // an exception would end the stream for good
    }
  }

  #drop(reason: DropReason): void {
    this.#counts.dropped[reason] = (this.#counts.dropped[reason] ?? 0) + 1;
  }

  #tick(): void {
    this.#clock.after(digestInterval, () => this.#tick());
    this.#keys.sweep();
    this.#verifier.check(this.#clock.now());
    this.#recorder.take().then(
      digests => digests.forEach(digest => this.#observer.digestReady(digest)),
      () => undefined, // without hashes there is nothing to sign, and receivers mark the frames as unproved
    );
  }
}

const noTypes: PayloadTypes = new Map();

/** Frames take a whole buffer. */
function bufferOf(bytes: Bytes): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}
