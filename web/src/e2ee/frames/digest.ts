import type { Bytes } from './bytes';

/** Hashes of consecutive frames of one key id: what a sender signs every second, so that others can show that a frame was not his. */
export interface FrameDigest {
  readonly epoch: bigint;
  readonly keyId: bigint;
  readonly firstCounter: bigint;
  /** {@link hashFrame} of the frame under each counter from the first on. */
  readonly tags: Bytes;
}

/**
 * Bytes of a frame's hash. Who wants to put a frame of his own in its place has the seconds of the replay window to find one with the same
 * hash: 2^64 trials. The authentication tags of AES-GCM would not do: who knows the key, as every member does, can make as many frames
 * with one tag as he likes.
 */
export const frameHashLength = 8;

/** Frames in one digest at most. */
export const digestCapacity = 1024;

/** The first 8 bytes of SHA-256 of a frame's body: clear bytes, SFrame header, ciphertext, tag. */
export async function hashFrame(body: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', body), 0, frameHashLength);
}
