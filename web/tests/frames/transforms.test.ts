import { describe, expect, it } from 'vitest';
import type { FrameDigest } from '../../src/e2ee/frames/digest';
import type { ProofState } from '../../src/e2ee/frames/digestVerifier';
import type { FrameKeyStore } from '../../src/e2ee/frames/keys';
import type { SlotSender } from '../../src/e2ee/frames/slotSenders';
import { FrameTransforms, type EncodedFrame, type ScriptTransformer } from '../../src/e2ee/frames/transforms';
import type { TransformOptions } from '../../src/e2ee/frames/transformOptions';
import { TestClock, baseKey, epoch, fromHex, memberKeys, receiverLeaf, senderLeaf, toHex } from './helpers';

/** One stream of a browser: frames in on one side, what the transform lets through on the other. */
class Stream implements ScriptTransformer {
  readonly options: unknown;
  readonly out: string[] = [];
  keyFrameRequests = 0;
  readonly #input = new TransformStream<EncodedFrame>(undefined, { highWaterMark: 100 });
  readonly #writer = this.#input.writable.getWriter();
  readonly readable = this.#input.readable;
  #closed: () => void = () => undefined;
  readonly #end = new Promise<void>(resolve => { this.#closed = resolve; });
  readonly writable = new WritableStream<EncodedFrame>({
    write: frame => void this.out.push(toHex(new Uint8Array(frame.data))),
    close: () => this.#closed(),
  });

  constructor(options: Partial<TransformOptions>) {
    this.options = { connection: '1', slot: 'slot', ...options };
  }

  write(hex: string, type?: 'key' | 'delta', mimeType: string | undefined = type === undefined ? 'audio/opus' : 'video/VP9', payloadType?: number): void {
    void this.#writer.write({ data: fromHex(hex).buffer, type, getMetadata: () => ({ mimeType, payloadType }) });
  }

  /** Resolves when all that was written is through. */
  async end(): Promise<string[]> {
    await this.#writer.close();
    await this.#end;
    return this.out;
  }

  sendKeyFrameRequest(): Promise<void> {
    this.keyFrameRequests++;
    return Promise.resolve();
  }
}

/** Cryptography runs on other threads: turns of the event loop until something holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setImmediate(resolve));
}

function member(leaf: number | null) {
  const clock = new TestClock();
  const keys: FrameKeyStore = memberKeys(leaf, clock);
  const slots: SlotSender[][] = [];
  const proofs: ProofState[] = [];
  const digests: FrameDigest[] = [];
  const transforms = new FrameTransforms(keys, clock, {
    slotsChanged: changes => slots.push(changes),
    proofChanged: (_leaf, _epoch, state) => proofs.push(state),
    digestReady: digest => digests.push(digest),
  });
  const stream = (options: Partial<TransformOptions>) => {
    const made = new Stream(options);
    transforms.attach(made);
    return made;
  };
  return { clock, keys, slots, proofs, digests, transforms, stream };
}

describe('transforms', () => {
  it('carry frames of several streams from a sender to a receiver, in order, under one counter', async () => {
    const [sender, receiver] = [member(senderLeaf), member(receiverLeaf)];
    const sent = ['camera', 'microphone'].map(slot => sender.stream({ direction: 'send', slot }));
    const frames = Array.from({ length: 30 }, (_, i) => (i + 16).toString(16) + '00ff');
    for (const hex of frames) {
      sent[0]!.write(hex, 'delta');
      sent[1]!.write(hex);
    }
    const carried = await Promise.all(sent.map(stream => stream.end()));
    const received = [receiver.stream({ direction: 'receive', slot: 'seat-0-video' }), receiver.stream({ direction: 'receive', slot: 'seat-0-audio' })];
    carried[0]!.forEach(hex => received[0]!.write(hex, 'delta'));
    carried[1]!.forEach(hex => received[1]!.write(hex));

    expect(await Promise.all(received.map(stream => stream.end()))).toEqual([frames, frames]);
    expect(new Set(carried.flat()).size).toBe(60);
    expect(sender.transforms.counts).toEqual({ sent: 60, received: 0, dropped: {} });
    expect(receiver.transforms.counts).toEqual({ sent: 0, received: 60, dropped: {} });
  });

  it('let nothing but empty frames through without a key', async () => {
    const { stream, transforms } = member(null);
    const [send, receive] = [stream({ direction: 'send' }), stream({ direction: 'receive' })];
    for (const each of [send, receive]) {
      each.write('780be4c1');
      each.write('');
      each.write('824983420027f016', 'key');
    }
    expect([await send.end(), await receive.end()]).toEqual([[''], ['']]);
    expect(transforms.counts.dropped).toEqual({ notSending: 2, malformed: 2 });
  });

  it('leave a stream whose options are not theirs without frames', async () => {
    const { stream } = member(senderLeaf);
    const strange = stream({ direction: 'both' as 'send' });
    strange.write('780be4c1');
    expect(strange.readable.locked).toBe(false);
    expect(strange.writable.locked).toBe(false);
  });

  it('drop codecs that are not encrypted, and know the others by payload type where no MIME type is told', async () => {
    const { stream, transforms } = member(senderLeaf);
    transforms.setPayloadTypes('1', new Map([[109, 'opus']]));
    const send = stream({ direction: 'send' });
    send.write('d5d5d5', undefined, 'audio/PCMA', 8);
    send.write('780be4c1', undefined, '', 109);
    const bare = stream({ direction: 'send' });
    for (const payloadType of [109, 110]) bare.write('780be4c1', undefined, undefined, payloadType);
    expect(await send.end()).toEqual([]);
    expect(transforms.counts.dropped.unknownCodec).toBe(2);
  });

  it('ask for a key frame when video goes on after frames were dropped', async () => {
    const [sender, receiver] = [member(senderLeaf), member(receiverLeaf)];
    const camera = sender.stream({ direction: 'send' });
    for (let i = 0; i < 5; i++) camera.write('8249' + i.toString().padStart(2, '0'), i === 3 ? 'key' : 'delta');
    const [first, second, third, key, last] = await camera.end();
    const seat = receiver.stream({ direction: 'receive' });
    seat.write(first!, 'delta');
    await until(() => seat.out.length === 1);
    expect(seat.keyFrameRequests).toBe(0);
    seat.write(first!, 'delta'); // again, as probes bring it
    seat.write(second!, 'delta');
    await until(() => seat.out.length === 2);
    expect(seat.keyFrameRequests).toBe(0);
    seat.write('824983420027f016', 'delta'); // plain
    seat.write(third!, 'delta');
    await until(() => seat.out.length === 3);
    expect(seat.keyFrameRequests).toBe(1);
    receiver.clock.advance(1_000);
    seat.write(key!, 'key');
    seat.write(last!, 'delta');
    expect((await seat.end()).length).toBe(5);
    expect(seat.keyFrameRequests).toBe(1);
  });

  it('report whose frames a slot carries, when that changes and ten times a second at most', async () => {
    const [sari, budi] = [member(senderLeaf), member(receiverLeaf)];
    const receiver = member(null);
    const carried = await Promise.all([sari, budi].map(async one => {
      const send = one.stream({ direction: 'send' });
      for (let i = 0; i < 3; i++) send.write('780be4c1');
      return send.end();
    }));
    const seat = receiver.stream({ direction: 'receive', slot: 'seat-3-audio' });
    seat.write(carried[0]![0]!);
    seat.write(carried[0]![1]!);
    await until(() => seat.out.length === 2);
    expect(receiver.slots).toEqual([[{ slot: 'seat-3-audio', leaf: senderLeaf, epoch }]]);
    seat.write(carried[1]![0]!);
    seat.write(carried[0]![2]!);
    seat.write(carried[1]![1]!);
    await until(() => seat.out.length === 5);
    expect(receiver.slots.length).toBe(1);
    receiver.clock.advance(100);
    expect(receiver.slots.slice(1)).toEqual([[{ slot: 'seat-3-audio', leaf: receiverLeaf, epoch }]]);
  });

  it('prove frames by the sender’s digests, and drop a leaf that contradicts them', async () => {
    const [sender, receiver, forger] = [member(senderLeaf), member(receiverLeaf), member(senderLeaf)];
    const send = sender.stream({ direction: 'send' });
    for (let i = 0; i < 4; i++) send.write('780be4c1');
    const frames = await send.end();
    sender.clock.advance(1_000);
    await until(() => sender.digests.length === 1);
    const seat = receiver.stream({ direction: 'receive' });
    seat.write(frames[0]!);
    await until(() => seat.out.length === 1);
    expect(receiver.transforms.acceptDigest(senderLeaf, sender.digests[0]!)).toBe(true);
    expect(receiver.transforms.acceptDigest(receiverLeaf, sender.digests[0]!)).toBe(false);
    await until(() => receiver.proofs.length > 0);
    expect(receiver.proofs).toEqual(['proved']);

    // Another member, who knows the base key too, speaks in the sender's name.
    const forged = forger.stream({ direction: 'send' });
    for (let i = 0; i < 3; i++) forged.write('99999999');
    seat.write((await forged.end())[2]!);
    await until(() => receiver.proofs.length > 1);
    expect(receiver.proofs).toEqual(['proved', 'contradicted']);
    seat.write(frames[3]!);
    expect((await seat.end()).length).toBe(2);
    expect(receiver.transforms.counts.dropped).toEqual({ contradicted: 1 });

    for (const { keys } of [sender, receiver]) keys.addEpoch(epoch + 1n, baseKey(epoch + 1n));
    sender.keys.sendAs(senderLeaf, epoch + 1n, 0);
    const next = sender.stream({ direction: 'send' });
    next.write('780be4c1');
    const again = receiver.stream({ direction: 'receive' });
    again.write((await next.end())[0]!);
    expect(await again.end()).toEqual(['780be4c1']);
  });
});
