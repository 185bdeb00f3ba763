import { describe, expect, it } from 'vitest';
import { deriveKey, importBaseKey, nonceOf } from '../../src/e2ee/frames/cipher';
import { concat, type Bytes } from '../../src/e2ee/frames/bytes';
import { digestCapacity, frameHashLength, hashFrame, type FrameDigest } from '../../src/e2ee/frames/digest';
import { DigestRecorder } from '../../src/e2ee/frames/digestRecorder';
import { DigestVerifier, type ProofState } from '../../src/e2ee/frames/digestVerifier';
import { associatedData } from '../../src/e2ee/frames/format';
import { decryptFrame, encryptFrame, type SealedFrame } from '../../src/e2ee/frames/frameCipher';
import type { ReceiveKey, SendKey } from '../../src/e2ee/frames/frameKey';
import { readHeader } from '../../src/e2ee/frames/header';
import { baseKey, epoch, frame, fromHex, memberKeys, receiverLeaf, senderLeaf, toHex } from './helpers';
import { forgeWithTag } from './ghash';

const opus = frame('opus');

/** A sender with its recorder and a receiver with its verifier, whose states are noted. */
function meeting() {
  const sender = memberKeys(senderLeaf);
  const receiver = memberKeys(receiverLeaf);
  const recorder = new DigestRecorder();
  const states: [number, bigint, ProofState][] = [];
  const verifier = new DigestVerifier({ proofChanged: (leaf, of, state) => states.push([leaf, of, state]) });
  const send = async (content = [1, 2, 3]): Promise<SealedFrame<SendKey>> => {
    const sent = await encryptFrame(sender, opus, new Uint8Array(content));
    if (typeof sent === 'string') throw new Error(sent);
    recorder.add(sent.key, sent.counter, sent.body);
    return sent;
  };
  const receive = async (data: Bytes, now: number): Promise<SealedFrame<ReceiveKey>> => {
    const received = await decryptFrame(receiver, opus, data);
    if (typeof received === 'string') throw new Error(received);
    await verifier.received(received.key, received.counter, received.body, now);
    return received;
  };
  const digest = async (now: number) => (await recorder.take()).map(one => verifier.accept(senderLeaf, one, now));
  return { sender, receiver, recorder, verifier, states, send, receive, digest };
}

describe('a digest', () => {
  it('names the frames of a second, and lost ones do not matter', async () => {
    const { send, receive, digest, states } = meeting();
    for (let i = 0; i < 20; i++) {
      const { data } = await send();
      if (i % 3 !== 0) await receive(data, 0);
    }
    expect(await digest(1_000)).toEqual([true]);
    expect(states).toEqual([[senderLeaf, epoch, 'proved']]);
  });

  it('proves frames that come after it', async () => {
    const { send, receive, digest, states } = meeting();
    const { data } = await send();
    await digest(1_000);
    await receive(data, 1_500);
    expect(states).toEqual([[senderLeaf, epoch, 'proved']]);
  });

  it('of a gap begins anew, so that no frame is named wrongly', async () => {
    const { recorder, send } = meeting();
    const frames = [];
    for (let i = 0; i < 6; i++) frames.push(await send());
    await recorder.take();
    for (const i of [5, 1, 3, 2]) recorder.add(frames[i]!.key, i, frames[i]!.body);
    expect((await recorder.take()).map(({ firstCounter, tags }) => [firstCounter, tags.length / frameHashLength])).toEqual([[1n, 3], [5n, 1]]);
    expect(await recorder.take()).toEqual([]);
  });

  it('holds 1024 frames at most', async () => {
    const { recorder, send } = meeting();
    const { key, body } = await send();
    await recorder.take();
    for (let i = 0; i < digestCapacity + 1; i++) recorder.add(key, i, body);
    const digests = await recorder.take();
    expect(digests.map(({ tags }) => tags.length / frameHashLength)).toEqual([digestCapacity, 1]);
  });

  it.each<[string, Partial<FrameDigest>]>([
    ['another leaf', { keyId: BigInt((receiverLeaf << 8) | 2) }],
    ['another epoch than its key id', { epoch: epoch + 1n }],
    ['a key id of 33 bits', { keyId: 0x1_0000_0000n | BigInt((senderLeaf << 8) | 2) }],
    ['no frame', { tags: new Uint8Array(0) }],
    ['half a hash', { tags: new Uint8Array(12) }],
    ['too many frames', { tags: new Uint8Array(8 * (digestCapacity + 1)) }],
    ['counters that nobody reaches', { firstCounter: 1n << 48n }],
  ])('of %s is refused', (_, change) => {
    const { verifier } = meeting();
    const digest = { epoch, keyId: BigInt((senderLeaf << 8) | 2), firstCounter: 0n, tags: new Uint8Array(8) };
    expect(verifier.accept(senderLeaf, digest, 0)).toBe(true);
    expect(verifier.accept(senderLeaf, { ...digest, ...change }, 0)).toBe(false);
  });
});

describe('frames that their sender did not make', () => {
  it('are contradicted by the digest, even with the tag of the true frame', async () => {
    const { verifier, receiver, send, digest, states, sender } = meeting();
    const { data } = await send([1, 2, 3, 4, 5, 6, 7, 8]);
    // Another member knows the base key, so also the sender's key and the tag that stands in the frame.
    const header = data.subarray(0, readHeader(data)!.length);
    const tag = data.slice(-16);
    const rawKey = await rawFrameKey(sender.sending!.keyId);
    const { salt } = await deriveKey(await importBaseKey(baseKey(epoch)), sender.sending!.keyId, 'encrypt');
    const aad = associatedData(opus, header, new Uint8Array(0));
    const forged = concat(header, await forgeWithTag(rawKey, nonceOf(salt, 0), aad, new TextEncoder().encode('what the sender never said'), tag), tag);

    const received = await decryptFrame(receiver, opus, forged);
    if (typeof received === 'string') throw new Error(received);
    expect(new TextDecoder().decode(received.data)).toContain('what the sender never said');
    await verifier.received(received.key, received.counter, received.body, 0);
    await digest(1_000);

    expect(states).toEqual([[senderLeaf, epoch, 'contradicted']]);
  });

  it('are contradicted when the digest comes first, and the mark stays in the epoch', async () => {
    const { verifier, send, digest, states } = meeting();
    const [first, second] = [await send(), await send()];
    await digest(1_000);
    const key = { leaf: senderLeaf, epoch, keyId: first.key.keyId } as ReceiveKey;
    await verifier.received(key, 0, new Uint8Array([9]), 1_100);
    await verifier.received(key, 1, second.body, 1_200);
    expect(states).toEqual([[senderLeaf, epoch, 'contradicted']]);
  });

  it('under counters or contexts that he never used stay unproved', async () => {
    const { verifier, send, receive, digest, states } = meeting();
    await receive((await send()).data, 0);
    await digest(500);
    const forged = { leaf: senderLeaf, epoch, keyId: 0x0700_0000 | (senderLeaf << 8) | 2 } as ReceiveKey;
    await verifier.received(forged, 5_000, new Uint8Array([9]), 1_000);
    verifier.check(5_999);
    expect(states).toEqual([[senderLeaf, epoch, 'proved']]);
    verifier.check(6_000);
    expect(states.at(-1)).toEqual([senderLeaf, epoch, 'unproved']);
  });
});

describe('a sender whose digests stay away', () => {
  it('is unproved after five seconds and proved again ten seconds after the last such frame', async () => {
    const { verifier, recorder, send, receive, digest, states } = meeting();
    await receive((await send()).data, 0);
    await recorder.take(); // lost on its way
    verifier.check(4_999);
    expect(states).toEqual([]);
    verifier.check(5_000);
    expect(states).toEqual([[senderLeaf, epoch, 'unproved']]);
    await receive((await send()).data, 14_000);
    await digest(14_500);
    expect(states).toHaveLength(1);
    verifier.check(15_000);
    await receive((await send()).data, 15_100);
    await digest(15_500);
    expect(states.at(-1)).toEqual([senderLeaf, epoch, 'proved']);
  });

  it('is forgotten when he leaves', async () => {
    const { verifier, send, receive, digest, states } = meeting();
    await receive((await send()).data, 0);
    verifier.setLeaves(new Set([receiverLeaf]));
    verifier.check(60_000);
    await digest(61_000);
    expect(states).toEqual([]);
  });
});

it('a frame is hashed by SHA-256, of which 8 bytes are kept', async () => {
  expect(toHex(await hashFrame(new TextEncoder().encode('abc')))).toBe('ba7816bf8f01cfea');
});

/** The key as bytes, which the product's code never has: HKDF as RFC 9605 §4.4.2 says. */
async function rawFrameKey(keyId: number): Promise<Bytes> {
  const base = await crypto.subtle.importKey('raw', baseKey(epoch), 'HKDF', false, ['deriveBits']);
  const info = concat(new TextEncoder().encode('SFrame 1.0 Secret key '), fromHex(keyId.toString(16).padStart(16, '0') + '0005'));
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-512', salt: new Uint8Array(0), info }, base, 256));
}
