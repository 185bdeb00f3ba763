import type { Bytes } from './bytes';

/** AES_256_GCM_SHA512_128 (RFC 9605 §4.5), the one suite of encrypted meetings. */
export const cipherSuite = 0x0005;

/** Bytes of the authentication tag. */
export const tagLength = 16;

const hash = 'SHA-512';
const nonceLength = 12;
const noSalt = new Uint8Array(0);
const ascii = new TextEncoder();

/** The key and salt of one key id; the key never leaves WebCrypto. */
export interface DerivedKey {
  key: CryptoKey;
  salt: Bytes;
}

/** Hands an epoch's base key to WebCrypto, which copies it at once; nobody can read it back. */
export function importBaseKey(baseKey: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(baseKey), 'HKDF', false, ['deriveKey', 'deriveBits']);
}

/** RFC 9605 §4.4.2. A key serves one direction only (§4.4.1). */
export async function deriveKey(baseKey: CryptoKey, keyId: number, use: 'encrypt' | 'decrypt'): Promise<DerivedKey> {
  const parameters = (label: string) => ({ name: 'HKDF', hash, salt: noSalt, info: labelled(label, keyId) });
  const [key, salt] = await Promise.all([
    crypto.subtle.deriveKey(parameters('SFrame 1.0 Secret key '), baseKey, { name: 'AES-GCM', length: 256 }, false, [use]),
    crypto.subtle.deriveBits(parameters('SFrame 1.0 Secret salt '), baseKey, nonceLength * 8),
  ]);
  return { key, salt: new Uint8Array(salt) };
}

/** Ciphertext ‖ tag. */
export async function seal({ key, salt }: DerivedKey, counter: number, aad: Bytes, plain: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt(parametersOf(salt, counter, aad), key, plain));
}

/** Null where the ciphertext, the tag or the associated data are not what was sealed. */
export async function open({ key, salt }: DerivedKey, counter: number, aad: Bytes, sealed: Bytes): Promise<Bytes | null> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parametersOf(salt, counter, aad), key, sealed));
  } catch {
    return null;
  }
}

function parametersOf(salt: Bytes, counter: number, additionalData: Bytes): AesGcmParams {
  return { name: 'AES-GCM', iv: nonceOf(salt, counter), additionalData, tagLength: tagLength * 8 };
}

/** The salt XOR the counter as a big-endian integer of the nonce's length (RFC 9605 §4.4.3). */
export function nonceOf(salt: Bytes, counter: number): Bytes {
  const nonce = salt.slice();
  const view = new DataView(nonce.buffer);
  view.setUint32(4, view.getUint32(4) ^ Math.floor(counter / 0x1_0000_0000));
  view.setUint32(8, view.getUint32(8) ^ counter % 0x1_0000_0000);
  return nonce;
}

/** The label, the key id in 8 bytes, the suite in 2. */
function labelled(label: string, keyId: number): Bytes {
  const text = ascii.encode(label);
  const info = new Uint8Array(text.length + 10);
  info.set(text);
  const view = new DataView(info.buffer, text.length);
  view.setBigUint64(0, BigInt(keyId));
  view.setUint16(8, cipherSuite);
  return info;
}
