/**
 * Simulcast layers of a camera (720p): quarter, half, full. L1T1 is said so that VP9 and AV1 send three streams too
 * instead of one spatially scalable stream: single streams can be switched off one by one when nobody watches them.
 */
export const cameraEncodings: RTCRtpEncodingParameters[] = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T1' },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T1' },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_500_000, scalabilityMode: 'L1T1' },
] as (RTCRtpEncodingParameters & { scalabilityMode: string })[];

/** Of these, what goes out while data is saved. */
export const lowestCamera: readonly string[] = ['q'];

/** A shared screen is read, so sharpness goes before motion: one layer, more bits. */
export const screenEncodings: RTCRtpEncodingParameters[] = [{ maxBitrate: 2_500_000 }];

/** Speech in Opus; 40 kb/s is transparent for a voice. */
export const microphoneEncodings: RTCRtpEncodingParameters[] = [{ maxBitrate: 40_000, priority: 'high', networkPriority: 'high' }];
