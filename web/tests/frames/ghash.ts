import type { Bytes } from '../../src/e2ee/frames/bytes';

/** What anybody who knows an AES-GCM key can do: make a ciphertext of his own that has the tag of another (NIST SP 800-38D). */
export async function forgeWithTag(rawKey: Bytes, nonce: Bytes, aad: Bytes, plain: Bytes, tag: Bytes): Promise<Bytes> {
  const block = await blockCipher(rawKey);
  const subkey = toInteger(await block(new Uint8Array(16)));
  const counterBlock = new Uint8Array([...nonce, 0, 0, 0, 1]);
  const mask = toInteger(await block(counterBlock));
  const key = await crypto.subtle.importKey('raw', rawKey, 'AES-GCM', false, ['encrypt']);
  // His content, and one block at the end that makes the hash come out right.
  const padded = new Uint8Array(Math.ceil(plain.length / 16) * 16 + 16);
  padded.set(plain);
  const cipher = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: aad }, key, padded)).slice(0, padded.length);
  const blocks = [...blocksOf(aad), ...blocksOf(cipher)];
  const last = blocks.length - 1;
  const lengths = (BigInt(aad.length * 8) << 64n) | BigInt(cipher.length * 8);
  // tag = mask XOR GHASH, and GHASH = (… XOR last) · H² XOR lengths · H.
  let before = 0n;
  for (const value of blocks.slice(0, last)) before = multiply(before ^ value, subkey);
  const wanted = toInteger(tag) ^ mask ^ multiply(lengths, subkey);
  const inverse = invert(multiply(subkey, subkey));
  cipher.set(toBytes(multiply(wanted, inverse) ^ before), cipher.length - 16);
  return cipher;
}

/** AES on one block, as the keystream of counter mode shows it. */
async function blockCipher(rawKey: Bytes): Promise<(input: Bytes) => Promise<Bytes>> {
  const key = await crypto.subtle.importKey('raw', rawKey, 'AES-CTR', false, ['encrypt']);
  return async input => new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CTR', counter: input, length: 128 }, key, new Uint8Array(16)));
}

function blocksOf(bytes: Bytes): bigint[] {
  const blocks = [];
  for (let i = 0; i < bytes.length; i += 16) {
    const block = new Uint8Array(16);
    block.set(bytes.subarray(i, i + 16));
    blocks.push(toInteger(block));
  }
  return blocks;
}

function toInteger(bytes: Bytes): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function toBytes(value: bigint): Bytes {
  return Uint8Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * (15 - i))) & 0xffn));
}

/** In GF(2^128) with the bit order of GCM. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let i = 127n; i >= 0n; i--) {
    if ((a >> i) & 1n) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ (0xe1n << 120n) : factor >> 1n;
  }
  return product;
}

/** a^(2^128 − 2). */
function invert(a: bigint): bigint {
  let result = 1n << 127n;
  let power = a;
  for (let i = 1; i < 128; i++) {
    power = multiply(power, power);
    result = multiply(result, power);
  }
  return result;
}
