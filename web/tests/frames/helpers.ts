import { existsSync, readFileSync } from 'node:fs';
import type { Bytes } from '../../src/e2ee/frames/bytes';
import type { Codec, FrameDescription } from '../../src/e2ee/frames/codecs';
import { FrameKeyStore, type FrameClock } from '../../src/e2ee/frames/keys';

export const senderLeaf = 300;
export const receiverLeaf = 6;
export const epoch = 0x102n;

export function fromHex(hex: string): Bytes {
  return new Uint8Array(hex.match(/../g)?.map(byte => parseInt(byte, 16)) ?? []);
}

export function toHex(bytes: Uint8Array): string {
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

/** A base key as MLS would export it for the epoch; the same as in the C# tests. */
export function baseKey(of: bigint): Bytes {
  return Uint8Array.from({ length: 32 }, (_, i) => Number(of & 0xffn) + 7 * i);
}

export function frame(codec: Codec, isKeyFrame = false): FrameDescription {
  return { codec, isKeyFrame };
}

/** A file of the shared test vectors, or null where they do not lie beside the repository. */
export function sharedVectors(name: string): Record<string, Record<string, unknown>[]> | null {
  const file = new URL(`../../../../shared/vectors/sframe/${name}`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** A clock that a test moves. */
export class TestClock implements FrameClock {
  #now = 1_000_000;
  #timers: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.#now + milliseconds, run };
    this.#timers.push(timer);
    return () => { this.#timers = this.#timers.filter(other => other !== timer); };
  }

  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#timers.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter(timer => timer !== next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}

/** A clock on which every wait is over at once. */
export const impatientClock: FrameClock = {
  now: () => 0,
  after: (_, run) => {
    queueMicrotask(run);
    return () => undefined;
  },
};

/** Keys of one member of a meeting in its first epoch. */
export function memberKeys(leaf: number | null, clock: FrameClock = new TestClock(), key = baseKey(epoch)): FrameKeyStore {
  const keys = new FrameKeyStore(clock);
  keys.addEpoch(epoch, key);
  keys.setLeaves(new Set([senderLeaf, receiverLeaf]));
  if (leaf !== null) keys.sendAs(leaf, epoch, 0);
  return keys;
}

/** Frames of every codec as encoders give them. */
export const samples: [Codec, boolean, string][] = [
  ['opus', false, '78'],
  ['red', false, '6f780be4c136'],
  ['vp8', true, 'b02f009d012ae0010e013923000c1c22'],
  ['vp8', false, '31'],
  ['vp8', false, '310f00e439ff'],
  ['vp9', true, '824983420027f016'],
  ['vp9', false, '86004092b860'],
  ['av1', true, '12000a0a0000000cc4ff670068023286'],
  ['h264', true, '000000016742c01f8c8d0000000168ce3c800000000165b8000400000538'],
  ['h264', false, '0000000161e000'],
  ['h264', false, '0000000109300000000161e0004000be0000000161e0114000be'],
];
