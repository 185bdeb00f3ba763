/** `codec` (WebRTC extensions) is in Chromium and not yet in TypeScript's DOM types; a browser without it ignores the field. */
export interface CodecEncoding extends RTCRtpEncodingParameters {
  codec?: RTCRtpCodecParameters;
}

/** The negotiated codec that sends sound redundantly (RFC 2198) or plainly; undefined where there is none. */
export function redundancyCodec(codecs: readonly RTCRtpCodecParameters[], wanted: boolean): RTCRtpCodecParameters | undefined {
  const mimeType = wanted ? 'audio/red' : 'audio/opus';
  return codecs.find(codec => codec.mimeType.toLowerCase() === mimeType);
}
