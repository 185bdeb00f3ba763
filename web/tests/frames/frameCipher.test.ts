import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codecNumbers, codecOf, payloadTypesOf, type Codec } from '../../src/e2ee/frames/codecs';
import { escapeStartCodes, unescapeStartCodes } from '../../src/e2ee/frames/h264';
import { decryptFrame, encryptFrame, type SealedFrame } from '../../src/e2ee/frames/frameCipher';
import type { ReceiveKey, SendKey } from '../../src/e2ee/frames/frameKey';
import { FrameKeyStore } from '../../src/e2ee/frames/keys';
import { TestClock, frame, fromHex, impatientClock, memberKeys, receiverLeaf, samples, senderLeaf, toHex } from './helpers';

interface Vectors {
  baseKey: string;
  epoch: number;
  leaf: number;
  filler: string;
  frames: { codec: Codec; keyFrame: boolean; counter: number; plain: string; pattern: number; decrypted: string | null; frame: string | null; frameSha256: string }[];
  escapes: { before: string; bytes: string; escaped: string }[];
}

const vectors = JSON.parse(readFileSync(new URL('../../../tests/Pendopo.Client.Tests/Sframe/frame-vectors.json', import.meta.url), 'utf8')) as Vectors;

function plainOf({ plain, pattern }: Vectors['frames'][number]): string {
  return plain + toHex(Uint8Array.from({ length: pattern }, (_, i) => 7 * i + 13));
}

async function encrypted(keys: FrameKeyStore, codec: Codec, isKeyFrame: boolean, hex: string): Promise<SealedFrame<SendKey>> {
  const result = await encryptFrame(keys, frame(codec, isKeyFrame), fromHex(hex));
  if (typeof result === 'string') throw new Error(result);
  return result;
}

async function decrypted(keys: FrameKeyStore, codec: Codec, isKeyFrame: boolean, data: Uint8Array): Promise<SealedFrame<ReceiveKey>> {
  const result = await decryptFrame(keys, frame(codec, isKeyFrame), new Uint8Array(data));
  if (typeof result === 'string') throw new Error(result);
  return result;
}

describe('the frames of the file that the C# client wrote', () => {
  it('are encrypted the same here', async () => {
    const keys = new FrameKeyStore(new TestClock());
    keys.addEpoch(BigInt(vectors.epoch), fromHex(vectors.baseKey));
    keys.sendAs(vectors.leaf, BigInt(vectors.epoch), 0);
    let next = 0;
    for (const vector of vectors.frames) {
      for (; next < vector.counter; next++) await encrypted(keys, 'opus', false, vectors.filler);
      const { data } = await encrypted(keys, vector.codec, vector.keyFrame, plainOf(vector));
      next++;
      if (vector.frame !== null) expect(toHex(data)).toBe(vector.frame);
      expect(toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', data)))).toBe(vector.frameSha256);
    }
  });

  it('are decrypted here', async () => {
    const keys = new FrameKeyStore(new TestClock());
    keys.addEpoch(BigInt(vectors.epoch), fromHex(vectors.baseKey));
    keys.setLeaves(new Set([vectors.leaf]));
    for (const vector of vectors.frames.filter(({ frame }) => frame !== null)) {
      const { data, counter, key } = await decrypted(keys, vector.codec, vector.keyFrame, fromHex(vector.frame!));
      expect(toHex(data)).toBe(vector.decrypted ?? plainOf(vector));
      expect([counter, key.leaf]).toEqual([vector.counter, vectors.leaf]);
    }
  });

  it.each(vectors.escapes)('escape $bytes behind $before', ({ before, bytes, escaped }) => {
    expect(toHex(escapeStartCodes(fromHex(before), fromHex(bytes)))).toBe(escaped);
    expect(toHex(unescapeStartCodes(fromHex(before), fromHex(escaped))!)).toBe(bytes);
  });
});

describe.each(samples)('a frame of %s, key frame %s: %s', (codec, isKeyFrame, hex) => {
  it('comes back as it was, once', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf)];
    const sent = await encrypted(sender, codec, isKeyFrame, hex);
    const received = await decrypted(receiver, codec, isKeyFrame, sent.data);
    expect(toHex(received.data)).toBe(hex);
    expect([received.key.leaf, received.counter, toHex(received.body)]).toEqual([senderLeaf, 0, toHex(sent.body)]);
    expect(await decryptFrame(receiver, frame(codec, isKeyFrame), sent.data)).toBe('replayed');
  });

  it('is refused with any byte changed, cut, or as another codec', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf, impatientClock)];
    const { data } = await encrypted(sender, codec, isKeyFrame, hex);
    for (let i = 0; i < data.length; i++) {
      const changed = data.slice();
      changed[i]! ^= 1 << i % 8;
      expect(await decryptFrame(receiver, frame(codec, isKeyFrame), changed)).toBeTypeOf('string');
      expect(await decryptFrame(receiver, frame(codec, isKeyFrame), data.slice(0, i))).toBeTypeOf('string');
    }
    for (const other of Object.keys(codecNumbers) as Codec[]) {
      if (other !== codec) expect(await decryptFrame(receiver, frame(other, isKeyFrame), data.slice())).toBeTypeOf('string');
    }
    expect(toHex((await decrypted(receiver, codec, isKeyFrame, data)).data)).toBe(hex);
  });

  it('is refused in the clear', async () => {
    const receiver = memberKeys(receiverLeaf, impatientClock);
    expect(await decryptFrame(receiver, frame(codec, isKeyFrame), fromHex(hex))).toBeTypeOf('string');
    expect(await decryptFrame(receiver, frame(codec, isKeyFrame), fromHex(hex + '00'.repeat(40)))).toBeTypeOf('string');
  });
});

describe('what is no frame of its codec', () => {
  it.each<[Codec, string]>([
    ['vp8', 'b02f009d012ae0010e'],
    ['vp8', ''],
    ['h264', ''],
    ['h264', '6742c01f'],
    ['h264', 'ff0000000165b80004'],
    ['h264', '000000016742c01f'],
    ['h264', '0000000165b8'],
    ['h264', '00000001000000016742c01f0000000165b80004'],
  ])('is not sent: %s %s', async (codec, hex) => {
    expect(await encryptFrame(memberKeys(senderLeaf), frame(codec, true), fromHex(hex))).toBe('malformed');
  });
});

describe('hundreds of H.264 frames', () => {
  it('never hold a start code behind the slice, and come back', () => {
    const before = fromHex('65b800');
    let escapes = 0;
    for (let i = 0; i < 500; i++) {
      // Random bytes with many small ones, as hard as it gets.
      const bytes = crypto.getRandomValues(new Uint8Array(200)).map(byte => (byte < 200 ? byte % 5 : byte));
      const escaped = escapeStartCodes(before, bytes);
      const whole = [...before, ...escaped];
      expect(whole.some((byte, j) => byte === 0 && whole[j + 1] === 0 && whole[j + 2]! < 3)).toBe(false);
      if (escaped.length > bytes.length + 1) escapes++;
      expect(unescapeStartCodes(before, escaped)).toEqual(bytes);
    }
    expect(escapes).toBeGreaterThan(400);
  });

  it.each(['0000', '000180', '00000180', '00000380', '0000030480', '0000038000'])('refuse what escaping never writes: %s', hex => {
    expect(unescapeStartCodes(fromHex('65b800'), fromHex(hex))).toBeNull();
  });
});

describe('the codec of a frame', () => {
  const types = payloadTypesOf('v=0\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:45 AV1/90000\r\n');

  it.each([
    [{ mimeType: 'video/VP8', payloadType: 45 }, 'vp8'],
    [{ mimeType: 'audio/red' }, 'red'],
    [{ mimeType: 'audio/PCMU', payloadType: 96 }, undefined],
    [{ payloadType: 96 }, 'vp8'],
    [{ payloadType: 111 }, 'opus'],
    [{ payloadType: 97 }, undefined],
    [{ payloadType: 5 }, undefined],
    [{}, undefined],
  ])('%o is %s', (metadata, codec) => {
    expect(codecOf(metadata, types)).toBe(codec);
  });

  it('is none where a payload type stands for two', () => {
    expect(payloadTypesOf('a=rtpmap:96 VP8/90000\na=rtpmap:96 VP9/90000\na=rtpmap:98 VP8/90000\na=rtpmap:98 VP8/90000')).toEqual(new Map([[98, 'vp8']]));
  });
});
