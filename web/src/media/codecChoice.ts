import type { VideoCodec } from '../signaling/contract';

/** `codec` and `scalabilityMode` (WebRTC extensions) are in Chromium and not yet in TypeScript's DOM types; a browser without them ignores the fields. */
export interface CodecEncoding extends RTCRtpEncodingParameters {
  codec?: RTCRtpCodecParameters;
  scalabilityMode?: string;
}

const videoMimeTypes: Readonly<Record<VideoCodec, string>> = { vp8: 'video/vp8', vp9: 'video/vp9', av1: 'video/av1', h264: 'video/h264' };

/** Codecs without spatial layers within a stream. */
const withoutSpatialLayers: ReadonlySet<string> = new Set([videoMimeTypes.vp8, videoMimeTypes.h264]);

export function videoMimeType(codec: VideoCodec): string {
  return videoMimeTypes[codec];
}

/** How a microphone sends: redundantly (RFC 2198) or plainly. */
export function audioMimeType(redundant: boolean): string {
  return redundant ? 'audio/red' : 'audio/opus';
}

/** The first of the wanted codecs that was negotiated; undefined where none was, or the browser does not say what was. */
export function firstNegotiated(negotiated: readonly RTCRtpCodecParameters[] | undefined, mimeTypes: readonly string[]): RTCRtpCodecParameters | undefined {
  for (const mimeType of mimeTypes) {
    const codec = negotiated?.find(candidate => sameType(candidate, mimeType));
    if (codec !== undefined) return codec;
  }
  return undefined;
}

/** Sets the codec of all encodings, with a mode of scaling that it has; true if anything changed. */
export function switchCodec(encodings: CodecEncoding[], codec: RTCRtpCodecParameters): boolean {
  let changed = false;
  for (const encoding of encodings) {
    if (sends(encoding, codec)) continue;
    encoding.codec = codec;
    const { scalabilityMode } = encoding;
    if (scalabilityMode !== undefined && withoutSpatialLayers.has(codec.mimeType.toLowerCase()) && !scalabilityMode.startsWith('L1')) encoding.scalabilityMode = 'L1T1';
    changed = true;
  }
  return changed;
}

/** The encoding was told to use that codec. */
export function sends(encoding: CodecEncoding, codec: RTCRtpCodecParameters): boolean {
  return encoding.codec !== undefined && sameType(encoding.codec, codec.mimeType);
}

function sameType(codec: RTCRtpCodecParameters, mimeType: string): boolean {
  return codec.mimeType.toLowerCase() === mimeType.toLowerCase();
}
