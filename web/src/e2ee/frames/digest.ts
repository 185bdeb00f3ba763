import { concat, type Bytes } from './bytes';

/** Hashes of consecutive frames of one key id: what a sender signs every second, so that others can show that a frame was not his. */
export interface FrameDigest {
  epoch: bigint;
  keyId: number;
  firstCounter: number;
  /** 8 bytes for each counter from the first on. */
  hashes: Bytes;
}

/**
 * Bytes of a frame's hash. Who wants to put a frame of his own in its place has the seconds of the replay window to find one with the same
 * hash: 2^64 trials. Authentication tags would not do: who knows the key, as every member does, can make as many frames with one tag as he
 * likes (AES-GCM).
 */
export const frameHashLength = 8;

/** Frames in one digest at most. */
export const digestCapacity = 1024;

const fixedLength = 24;

/** The first 8 bytes of SHA-256 of a frame's body: clear bytes, SFrame header, ciphertext, tag. */
export async function hashFrame(body: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', body), 0, frameHashLength);
}

/** uint64 epoch, uint64 key_id, uint64 first_counter, opaque hashes<V>, in the presentation language of RFC 9420 §2.1.2. */
export function encodeDigest(digest: FrameDigest): Bytes {
  const fixed = new Uint8Array(fixedLength);
  const view = new DataView(fixed.buffer);
  view.setBigUint64(0, digest.epoch);
  view.setBigUint64(8, BigInt(digest.keyId));
  view.setBigUint64(16, BigInt(digest.firstCounter));
  const { length } = digest.hashes;
  const vector = length < 0x40 ? [length] : [0x40 | (length >> 8), length & 0xff];
  return concat(fixed, new Uint8Array(vector), digest.hashes);
}

/** Null unless the bytes are exactly one digest, of at least one frame. */
export function decodeDigest(bytes: Uint8Array): FrameDigest | null {
  if (bytes.length < fixedLength + 1) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const keyId = view.getBigUint64(8);
  const firstCounter = view.getBigUint64(16);
  if (keyId > 0xffff_ffffn || firstCounter > BigInt(Number.MAX_SAFE_INTEGER - digestCapacity)) return null;
  const first = bytes[fixedLength]!;
  const isShort = first < 0x40;
  if (first >= 0x80 || (!isShort && bytes.length < fixedLength + 2)) return null;
  const length = isShort ? first : ((first & 0x3f) << 8) | bytes[fixedLength + 1]!;
  if (!isShort && length < 0x40) return null;
  const start = fixedLength + (isShort ? 1 : 2);
  if (length === 0 || length % frameHashLength !== 0 || length > digestCapacity * frameHashLength || bytes.length !== start + length) return null;
  return { epoch: view.getBigUint64(0), keyId: Number(keyId), firstCounter: Number(firstCounter), hashes: new Uint8Array(bytes.subarray(start)) };
}
