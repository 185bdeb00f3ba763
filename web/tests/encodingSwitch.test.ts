import { describe, expect, it } from 'vitest';
import type { CodecEncoding } from '../src/media/codecChoice';
import { EncodingSwitch, switchEncodings, type EncodingSender } from '../src/media/encodingSwitch';
import type { LayerDemand } from '../src/signaling/contract';
import { settle } from './fakes';

const demand = (wanted: boolean, ...rids: string[]): LayerDemand => ({ source: 'camera', wanted, rids });

const codec = (mimeType: string): RTCRtpCodecParameters => ({ mimeType, clockRate: 90_000, payloadType: 0 });

class FakeSender implements EncodingSender {
  encodings: RTCRtpEncodingParameters[] = [{ rid: 'q' }, { rid: 'h' }, { rid: 'f' }];
  calls = 0;
  transaction = 0;
  gate: Promise<void> = Promise.resolve();
  fails = false;
  codecs: RTCRtpCodecParameters[] = [];
  /** As Firefox, which has no such field. */
  dropsCodec = false;

  getParameters(): RTCRtpSendParameters {
    return { transactionId: String(++this.transaction), codecs: this.codecs, encodings: this.encodings.map(encoding => ({ ...encoding })) } as unknown as RTCRtpSendParameters;
  }

  async setParameters(parameters: RTCRtpSendParameters): Promise<void> {
    this.calls++;
    // Browsers refuse parameters that are not those of the last getParameters.
    if (parameters.transactionId !== String(this.transaction)) throw new Error('InvalidModificationError');
    await this.gate;
    if (this.fails) throw new Error('InvalidStateError');
    this.encodings = this.dropsCodec ? parameters.encodings.map(({ codec: _, ...rest }: CodecEncoding) => rest) : parameters.encodings;
  }

  get sent(): (string | undefined)[] {
    return this.encodings.map((encoding: CodecEncoding) => encoding.codec?.mimeType);
  }

  get active(): string[] {
    return this.encodings.filter(encoding => encoding.active ?? true).map(encoding => encoding.rid ?? '');
  }
}

describe('switchEncodings', () => {
  it('keeps what is wanted and switches the rest off', () => {
    const encodings: RTCRtpEncodingParameters[] = [{ rid: 'q' }, { rid: 'h', active: true }, { rid: 'f' }];
    expect(switchEncodings(encodings, demand(true, 'q', 'h'))).toBe(true);
    expect(encodings.map(encoding => encoding.active)).toEqual([undefined, true, false]);
    expect(switchEncodings(encodings, demand(true, 'q', 'h'))).toBe(false);
  });

  it('takes no names for all of them, and a source without names whole', () => {
    const encodings: RTCRtpEncodingParameters[] = [{ rid: 'q', active: false }, { rid: 'f', active: true }];
    expect(switchEncodings(encodings, demand(true))).toBe(true);
    expect(encodings.every(encoding => encoding.active)).toBe(true);
    const single: RTCRtpEncodingParameters[] = [{}];
    expect(switchEncodings(single, demand(false))).toBe(true);
    expect(single[0]!.active).toBe(false);
    expect(switchEncodings(single, demand(true))).toBe(true);
    expect(single[0]!.active).toBe(true);
  });
});

describe('EncodingSwitch', () => {
  it('sets parameters one call after the other, the newest demand last', async () => {
    const sender = new FakeSender();
    let open = (): void => undefined;
    sender.gate = new Promise(resolve => { open = resolve; });
    const encodings = new EncodingSwitch(sender);
    void encodings.set(demand(false));
    void encodings.set(demand(true, 'q'));
    const done = encodings.set(demand(true, 'q', 'h'));
    await settle();
    expect(sender.calls).toBe(1);
    open();
    await done;
    expect(sender.calls).toBe(2);
    expect(sender.active).toEqual(['q', 'h']);
  });

  it('sends nothing above the limit while there is one, and what is watched again after it', async () => {
    const sender = new FakeSender();
    const encodings = new EncodingSwitch(sender);
    await encodings.limit(['q']);
    expect(sender.active).toEqual(['q']);
    await encodings.set(demand(true, 'h', 'f'));
    expect(sender.active).toEqual(['q']);
    await encodings.set(demand(false));
    expect(sender.active).toEqual([]);
    await encodings.set(demand(true, 'h', 'f'));
    await encodings.limit(null);
    expect(sender.active).toEqual(['h', 'f']);
  });

  it('sets what was wanted before there were encodings as soon as there are', async () => {
    const sender = new FakeSender();
    const later = sender.encodings;
    sender.encodings = [];
    const encodings = new EncodingSwitch(sender);
    await encodings.set(demand(true, 'q'));
    expect(sender.calls).toBe(0);
    sender.encodings = later;
    await encodings.refresh();
    expect(sender.active).toEqual(['q']);
  });

  it('survives a connection that refuses', async () => {
    const sender = new FakeSender();
    const encodings = new EncodingSwitch(sender);
    sender.fails = true;
    await encodings.set(demand(false));
    expect(sender.active).toEqual(['q', 'h', 'f']);
    sender.fails = false;
    await encodings.set(demand(false));
    expect(sender.active).toEqual([]);
  });

  it('chooses the first codec that was negotiated, for all encodings and also after a negotiation', async () => {
    const sender = new FakeSender();
    const encodings = new EncodingSwitch(sender);
    expect(await encodings.choose(['video/av1', 'video/vp8'])).toBe(false);
    expect(sender.calls).toBe(0);
    sender.codecs = [codec('video/H264'), codec('video/VP8')];
    await encodings.refresh();
    expect(sender.sent).toEqual(['video/VP8', 'video/VP8', 'video/VP8']);
    expect(await encodings.choose(['video/av1', 'video/vp8'])).toBe(true);
    expect(sender.calls).toBe(1);
  });

  it('says that a browser without codecs of encodings, or one that refuses, did not switch', async () => {
    const sender = new FakeSender();
    sender.codecs = [codec('video/H264'), codec('video/VP8')];
    sender.dropsCodec = true;
    expect(await new EncodingSwitch(sender).choose(['video/vp8'])).toBe(false);
    sender.dropsCodec = false;
    sender.fails = true;
    expect(await new EncodingSwitch(sender).choose(['video/vp8'])).toBe(false);
    sender.fails = false;
    expect(await new EncodingSwitch(sender).choose(['video/vp8'])).toBe(true);
  });

  it('puts a demand that comes during a change of codec into a call of its own, and loses neither', async () => {
    const sender = new FakeSender();
    sender.codecs = [codec('video/H264'), codec('video/VP8')];
    let open = (): void => undefined;
    sender.gate = new Promise(resolve => { open = resolve; });
    const encodings = new EncodingSwitch(sender);
    const chosen = encodings.choose(['video/vp8']);
    const set = encodings.set(demand(true, 'q'));
    await settle();
    open();
    expect(await chosen).toBe(true);
    await set;
    expect(sender.calls).toBe(2);
    expect(sender.active).toEqual(['q']);
    expect(sender.sent).toEqual(['video/VP8', 'video/VP8', 'video/VP8']);
  });

  it('says nothing without a demand', async () => {
    const sender = new FakeSender();
    await new EncodingSwitch(sender).refresh();
    expect(sender.calls).toBe(0);
  });
});
