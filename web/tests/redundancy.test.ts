import { describe, expect, it } from 'vitest';
import { redundancyCodec } from '../src/media/redundancy';

const codec = (mimeType: string): RTCRtpCodecParameters => ({ mimeType, clockRate: 48_000, channels: 2, payloadType: 0 });

describe('the codec of redundant audio', () => {
  const both = [codec('audio/opus'), codec('audio/red')];

  it('is RED where it is wanted and negotiated', () => {
    expect(redundancyCodec(both, true)).toBe(both[1]);
    expect(redundancyCodec(both, false)).toBe(both[0]);
  });

  it('is none where the other side did not allow it', () => {
    expect(redundancyCodec([codec('audio/opus')], true)).toBeUndefined();
    expect(redundancyCodec([], false)).toBeUndefined();
  });

  it('is found whatever the case of its name', () => {
    const shouted = codec('AUDIO/RED');
    expect(redundancyCodec([shouted], true)).toBe(shouted);
  });
});
