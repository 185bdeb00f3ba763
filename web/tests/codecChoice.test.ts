import { describe, expect, it } from 'vitest';
import { audioMimeType, firstNegotiated, sends, switchCodec, videoMimeType, type CodecEncoding } from '../src/media/codecChoice';

const codec = (mimeType: string): RTCRtpCodecParameters => ({ mimeType, clockRate: 90_000, payloadType: 0 });

describe('the codec to send', () => {
  const negotiated = [codec('video/H264'), codec('video/VP8'), codec('video/rtx')];

  it('is the first wanted one that was negotiated, whatever the case of its name', () => {
    expect(firstNegotiated(negotiated, [videoMimeType('vp8'), videoMimeType('h264')])).toBe(negotiated[1]);
    expect(firstNegotiated(negotiated, [videoMimeType('av1'), videoMimeType('h264')])).toBe(negotiated[0]);
  });

  it('is none where none was negotiated or the browser does not say', () => {
    expect(firstNegotiated(negotiated, [videoMimeType('vp9')])).toBeUndefined();
    expect(firstNegotiated(undefined, [videoMimeType('vp8')])).toBeUndefined();
  });

  it('of a microphone is RED only where it is wanted and negotiated', () => {
    const both = [codec('audio/opus'), codec('audio/red')];
    expect(firstNegotiated(both, [audioMimeType(true)])).toBe(both[1]);
    expect(firstNegotiated(both, [audioMimeType(false)])).toBe(both[0]);
    expect(firstNegotiated([both[0]!], [audioMimeType(true)])).toBeUndefined();
  });
});

describe('switchCodec', () => {
  it('changes every encoding once', () => {
    const encodings: CodecEncoding[] = [{ rid: 'q' }, { rid: 'f' }];
    const vp8 = codec('video/VP8');
    expect(switchCodec(encodings, vp8)).toBe(true);
    expect(encodings.every(encoding => sends(encoding, vp8))).toBe(true);
    expect(switchCodec(encodings, vp8)).toBe(false);
    expect(switchCodec(encodings, codec('video/H264'))).toBe(true);
  });

  it('takes spatial layers back for a codec that has none, and leaves the others', () => {
    const encodings: CodecEncoding[] = [{ scalabilityMode: 'L3T3_KEY' }, { scalabilityMode: 'L1T2' }, {}];
    switchCodec(encodings, codec('video/VP8'));
    expect(encodings.map(encoding => encoding.scalabilityMode)).toEqual(['L1T1', 'L1T2', undefined]);
    const layered: CodecEncoding[] = [{ scalabilityMode: 'L3T3_KEY' }];
    switchCodec(layered, codec('video/VP9'));
    expect(layered[0]!.scalabilityMode).toBe('L3T3_KEY');
  });
});
