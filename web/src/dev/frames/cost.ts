import type { Codec } from '../../e2ee/frames/codecs';
import { hashFrame } from '../../e2ee/frames/digest';
import { decryptFrame, encryptFrame } from '../../e2ee/frames/frameCipher';
import { FrameKeyStore, type FrameClock } from '../../e2ee/frames/keys';

/** Microseconds per frame, one after the other. */
export interface FrameCost {
  codec: Codec;
  bytes: number;
  encrypt: number;
  decrypt: number;
  hash: number;
}

const frames: [Codec, number][] = [['opus', 120], ['vp8', 1_000], ['vp8', 5_000], ['vp8', 20_000], ['av1', 5_000], ['h264', 5_000]];

/** What encryption costs in this browser's worker. */
export async function measureCosts(clock: FrameClock, rounds: number): Promise<FrameCost[]> {
  const [sender, receiver] = [1, 2].map(leaf => {
    const keys = new FrameKeyStore(clock);
    keys.addEpoch(1n, new Uint8Array(32));
    keys.setLeaves(new Set([1, 2]));
    keys.sendAs(leaf, 1n, 0);
    return keys;
  }) as [FrameKeyStore, FrameKeyStore];
  const costs: FrameCost[] = [];
  for (const [codec, bytes] of frames) {
    const plain = crypto.getRandomValues(new Uint8Array(bytes));
    plain[0] = 1;
    if (codec === 'h264') plain.set([0, 0, 0, 1, 0x41, 0xe0, 0xff]);
    const description = { codec, isKeyFrame: false };
    const encrypt = async () => {
      const result = await encryptFrame(sender, description, plain);
      if (typeof result === 'string') throw new Error(result);
      return result;
    };
    for (let i = 0; i < rounds / 4; i++) await encrypt();
    const encrypted: Uint8Array<ArrayBuffer>[] = [];
    const encryption = await time(rounds, async () => void encrypted.push((await encrypt()).data));
    const decryption = await time(rounds, async i => {
      if (typeof await decryptFrame(receiver, description, encrypted[i]!) === 'string') throw new Error('not decrypted');
    });
    const hashing = await time(rounds, async i => void await hashFrame(encrypted[i]!));
    costs.push({ codec, bytes, encrypt: encryption, decrypt: decryption, hash: hashing });
  }
  return costs;
}

async function time(rounds: number, run: (round: number) => Promise<void>): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < rounds; i++) await run(i);
  return ((performance.now() - begun) / rounds) * 1_000;
}
