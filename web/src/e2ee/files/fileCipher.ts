import { concat, equal, type Bytes } from '../mls/bytes';

/** Bytes of a file that are encrypted together. */
export const chunkLength = 65_536;

const tagLength = 16;
const sealedLength = chunkLength + tagLength;

/** Most chunks that the counter in a nonce can tell apart, with room to spare. */
const chunksMaximum = 2 ** 24;

export type FileFault =
  /** Cut short, put in another order, changed, or another file than was meant. */
  | 'broken';

/** Length of a file's ciphertext, bytes. The last chunk is filled up, so it tells the size in steps of 64 KiB. */
export function ciphertextLength(size: number): number {
  return Math.max(1, Math.ceil(size / chunkLength)) * sealedLength;
}

/**
 * Encrypts under a key that was made for this file and is used for nothing else (docs/e2ee.md §17): chunk by chunk, each under a nonce of its number and
 * whether it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár), so nothing can be cut off, added or moved unseen.
 */
export async function encryptFile(file: Blob, rawKey: Bytes): Promise<Blob> {
  const key = await importKey(rawKey, 'encrypt');
  const count = ciphertextLength(file.size) / sealedLength;
  const parts: Bytes[] = [];
  for (let index = 0; index < count; index++) {
    const plain = new Uint8Array(chunkLength);
    plain.set(new Uint8Array(await file.slice(index * chunkLength, (index + 1) * chunkLength).arrayBuffer()));
    parts.push(new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce(index, index === count - 1) }, key, plain)));
  }
  return new Blob(parts);
}

/** @param size what the file's giver says, bytes */
export async function decryptFile(ciphertext: Blob, rawKey: Bytes, size: number): Promise<Blob | FileFault> {
  const count = ciphertext.size / sealedLength;
  if (ciphertext.size !== ciphertextLength(size) || count > chunksMaximum) return 'broken';
  const key = await importKey(rawKey, 'decrypt');
  const parts: Bytes[] = [];
  for (let index = 0; index < count; index++) {
    const plain = await openChunk(key, ciphertext, index, index === count - 1);
    if (plain === null) return 'broken';
    const used = Math.min(chunkLength, size - index * chunkLength);
    if (plain.subarray(used).some(byte => byte !== 0)) return 'broken';
    parts.push(plain.subarray(0, used));
  }
  // Of no type: nobody renders it.
  return new Blob(parts, { type: 'application/octet-stream' });
}

/** SHA-256 of a blob. */
export async function hashOf(blob: Blob): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
}

export async function isHashOf(blob: Blob, hash: Uint8Array): Promise<boolean> {
  return equal(await hashOf(blob), hash);
}

async function openChunk(key: CryptoKey, ciphertext: Blob, index: number, isLast: boolean): Promise<Bytes | null> {
  const sealed = await ciphertext.slice(index * sealedLength, (index + 1) * sealedLength).arrayBuffer();
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce(index, isLast) }, key, sealed));
  } catch {
    return null;
  }
}

/** 7 zeros, the chunk's number, and 1 for the last one. */
function nonce(index: number, isLast: boolean): Bytes {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, index);
  return concat(new Uint8Array(7), number, Uint8Array.of(isLast ? 1 : 0));
}

function importKey(raw: Bytes, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, [use]);
}
