import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { concat, type Bytes } from '../../src/e2ee/frames/bytes';
import { decryptFrame, encryptFrame } from '../../src/e2ee/frames/frameCipher';
import { readHeader } from '../../src/e2ee/frames/header';
import { seeded } from '../fakes';
import { TestClock, baseKey, epoch, frame, impatientClock, memberKeys, receiverLeaf, senderLeaf, toHex } from './helpers';

const opus = frame('opus');

/** Initialization vectors of everything that was encrypted: each is the salt of a key and a counter, so one twice is a counter twice under a key. */
let vectors: string[];
let decryptions: number;

beforeEach(() => {
  vectors = [];
  decryptions = 0;
  const { encrypt, decrypt } = crypto.subtle;
  vi.spyOn(crypto.subtle, 'encrypt').mockImplementation((algorithm, key, data) => {
    vectors.push(toHex((algorithm as AesGcmParams).iv as Uint8Array));
    return encrypt.call(crypto.subtle, algorithm, key, data);
  });
  vi.spyOn(crypto.subtle, 'decrypt').mockImplementation((algorithm, key, data) => {
    decryptions++;
    return decrypt.call(crypto.subtle, algorithm, key, data);
  });
});

afterEach(() => vi.restoreAllMocks());

async function sealed(keys: ReturnType<typeof memberKeys>, content: Bytes): Promise<Bytes> {
  const result = await encryptFrame(keys, opus, content);
  if (typeof result === 'string') throw new Error(result);
  return result.data;
}

describe('nonces', () => {
  it.each([1, 2, 3, 4])('are never used twice, whatever the key agreement does in whatever order (seed %i)', async seed => {
    const chance = seeded(seed);
    const among = (count: number) => Math.floor(chance() * count);
    const clock = new TestClock();
    const keys = memberKeys(senderLeaf, clock);
    const pending: Promise<unknown>[] = [];
    const outcomes = new Set<string>();
    for (let step = 0; step < 1_500; step++) {
      // Few epochs, some with the same low bits, so that what was dropped comes back again and again.
      const of = epoch + BigInt(among(3)) + 256n * BigInt(among(2));
      switch (among(16)) {
        case 0: keys.addEpoch(of, baseKey(BigInt(among(60)))); break;
        case 1: keys.stopSending(); break;
        case 2: keys.retireEpoch(of, clock.now() + among(3) * 1_000); break;
        case 3: clock.advance(among(1_500)); break;
        case 4: keys.setLeaves(new Set([senderLeaf, receiverLeaf].slice(among(2)))); break;
        case 5: if (among(20) === 0) keys.clear(); break;
        default:
          try {
            keys.sendAs(senderLeaf, of, among(2));
          } catch {
            outcomes.add('refused');
          }
      }
      for (let count = among(4); count > 0; count--) {
        pending.push(encryptFrame(keys, opus, new Uint8Array([step & 0xff])).then(result => outcomes.add(typeof result === 'string' ? result : 'sent')));
      }
      if (among(3) === 0) await Promise.all(pending.splice(0));
    }
    await Promise.all(pending);
    expect(new Set(vectors).size).toBe(vectors.length);
    expect(vectors.length).toBeGreaterThan(100);
    // It came to everything that can happen: frames sent, dropped, and keys that were refused because they were used before.
    expect([...outcomes].sort()).toEqual(['failed', 'notSending', 'refused', 'sent']);
  });
});

describe('failing 4 of video conferencing: one AES-128 key for all, in ECB', () => {
  it('4: the same frame again and again has nothing in common, within a frame, between frames and between people', async () => {
    const [sender, other, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf), memberKeys(receiverLeaf)];
    const constant = new Uint8Array(1_024).fill(0x55);
    const blocks: string[] = [];
    for (let time = 0; time < 40; time++) {
      for (const keys of [sender, other]) {
        const data = await sealed(keys, constant);
        const body = data.subarray(readHeader(data)!.length);
        for (let at = 0; at + 16 <= body.length; at += 16) blocks.push(toHex(body.subarray(at, at + 16)));
      }
    }
    expect(blocks).toHaveLength(40 * 2 * 65);
    expect(new Set(blocks).size).toBe(blocks.length);
    const opened = await decryptFrame(receiver, opus, await sealed(sender, constant));
    expect(typeof opened === 'string' ? opened : opened.data).toEqual(constant);
  });

  it('4: each sender has a key of his own of 256 bits, and no other opens its frames', async () => {
    const derive = vi.spyOn(crypto.subtle, 'deriveKey');
    const [sender, other, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf), memberKeys(null)];
    const [mine, his] = [await sealed(sender, new Uint8Array(20)), await sealed(other, new Uint8Array(20))];
    expect(derive.mock.calls.map(([, , algorithm]) => algorithm)).toEqual([{ name: 'AES-GCM', length: 256 }, { name: 'AES-GCM', length: 256 }]);
    // The same frame under the other's name.
    const swapped = concat(his.subarray(0, readHeader(his)!.length), mine.subarray(readHeader(mine)!.length));
    expect(await decryptFrame(receiver, opus, swapped)).toBe('undecryptable');
    expect(await decryptFrame(receiver, opus, mine)).toBeTypeOf('object');
  });
});

describe('a frame that does not decrypt', () => {
  it('is tried once, with one key, though others are held: no trial and no ratchet', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf, impatientClock)];
    for (let next = 1n; next <= 3n; next++) {
      receiver.addEpoch(epoch + next, baseKey(epoch + next));
      receiver.setLeaves(new Set([senderLeaf, receiverLeaf]));
    }
    const outsider = memberKeys(senderLeaf, undefined, baseKey(epoch + 1n));
    // Made with a key that the receiver holds, under the name of another.
    expect(await decryptFrame(receiver, opus, await sealed(outsider, new Uint8Array(20)))).toBe('undecryptable');
    expect(decryptions).toBe(1);
    expect(await decryptFrame(receiver, opus, await sealed(sender, new Uint8Array(20)))).toBeTypeOf('object');
    expect(decryptions).toBe(2);
  });
});
