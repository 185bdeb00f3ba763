import { concat, utf8, type Bytes } from './bytes';

/** SHA-256 over the parts in a row: the H of docs/e2ee.md. */
export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)));
}

export async function sha512(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-512', concat(...parts)));
}

/** HKDF-Extract of RFC 5869 §2.2 with SHA-512. An empty salt is one of zeros, which HMAC makes the same. */
export async function extract512(salt: Uint8Array, material: Uint8Array): Promise<Bytes> {
  return hmac512(await hmacKey(salt.length === 0 ? new Uint8Array(64) : salt), material);
}

/** HKDF-Expand of RFC 5869 §2.3 with SHA-512. */
export async function expand512Blocks(key: Uint8Array, info: Uint8Array, length: number): Promise<Bytes> {
  const mac = await hmacKey(key);
  let whole: Bytes = new Uint8Array();
  let block: Bytes = new Uint8Array();
  for (let counter = 1; whole.length < length; counter++) {
    if (counter > 255) throw new RangeError('too long');
    block = await hmac512(mac, concat(block, info, Uint8Array.of(counter)));
    whole = concat(whole, block);
  }
  return whole.slice(0, length);
}

/** Expand with a label of ours. */
export function expand512(key: Uint8Array, label: string, length: number): Promise<Bytes> {
  return expand512Blocks(key, utf8(label), length);
}

function hmacKey(key: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key as Bytes, { name: 'HMAC', hash: 'SHA-512' }, false, ['sign']);
}

async function hmac512(key: CryptoKey, data: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, data as Bytes));
}
