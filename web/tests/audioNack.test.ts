import { describe, expect, it } from 'vitest';
import { withAudioNack } from '../src/media/audioNack';

const lines = (...text: string[]): string => text.map(line => `${line}\r\n`).join('');

const session = lines('v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1 2');
const audio = (mid: string, payloadType: number, ...feedback: string[]): string => lines(
  `m=audio 9 UDP/TLS/RTP/SAVPF ${payloadType} 63 9`, `a=mid:${mid}`, `a=rtpmap:${payloadType} opus/48000/2`, ...feedback,
  `a=fmtp:${payloadType} minptime=10;useinbandfec=1`, 'a=rtpmap:63 red/48000/2', 'a=rtpmap:9 G722/8000');
const video = lines('m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:1', 'a=rtpmap:96 VP8/90000', 'a=rtcp-fb:96 nack');

describe('NACK for sound', () => {
  it('is added to the Opus of each audio line, right behind its name', () => {
    const offered = withAudioNack(session + audio('0', 111) + video + audio('2', 109));
    expect(offered).toBe(session + audio('0', 111, 'a=rtcp-fb:111 nack') + video + audio('2', 109, 'a=rtcp-fb:109 nack'));
  });

  it('is added beside other feedback and never twice', () => {
    const once = withAudioNack(session + audio('0', 111, 'a=rtcp-fb:111 transport-cc'));
    expect(once).toBe(session + audio('0', 111, 'a=rtcp-fb:111 nack', 'a=rtcp-fb:111 transport-cc'));
    expect(withAudioNack(once)).toBe(once);
    const all = session + audio('0', 111, 'a=rtcp-fb:* nack');
    expect(withAudioNack(all)).toBe(all);
  });

  it('does not take the one for lost pictures or of another codec for it', () => {
    const offer = session + audio('0', 111, 'a=rtcp-fb:63 nack', 'a=rtcp-fb:111 nack pli');
    expect(withAudioNack(offer)).toContain('a=rtcp-fb:111 nack\r\n');
  });

  it('leaves a description without Opus as it is', () => {
    expect(withAudioNack(session + video)).toBe(session + video);
    expect(withAudioNack('')).toBe('');
  });
});
