import { Aes256Gcm, CipherSuite, HkdfSha512 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js';
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js';
import type { Bytes } from './bytes';
import { expand512Blocks, extract512, sha512 } from './hashing';
import { createLeafKey, verifyRaw, type LeafKey } from './signing';

/** Suite 83 of docs/e2ee.md §6: the only one there is. Unlike the library's own provider it bears no others, so the worker stays small. */
export const suiteName = 'MLS_256_XWING_AES256GCM_SHA512_Ed25519';

export type RandomBytes = (length: number) => Bytes;

export async function createSuite(random: RandomBytes): Promise<CiphersuiteImpl> {
  /** Importing a key costs as much as signing with it. */
  const leafKeys = new WeakMap<Uint8Array, Promise<LeafKey>>();
  const kem = new XWing();
  const algorithm = { kem: 'X-Wing', kdf: 'HKDF-SHA512', aead: 'AES256GCM' } as const;
  const hpke = await makeGenericHpke(
    algorithm,
    {
      encrypt: async (key, nonce, aad, plaintext) =>
        new Uint8Array(await crypto.subtle.encrypt(gcm(nonce, aad), await aesKey(key), plaintext as Bytes)),
      decrypt: async (key, nonce, aad, ciphertext) =>
        new Uint8Array(await crypto.subtle.decrypt(gcm(nonce, aad), await aesKey(key), ciphertext as Bytes)),
    },
    new CipherSuite({ kem, kdf: new HkdfSha512(), aead: new Aes256Gcm() }));
  return {
    name: suiteName,
    hpke,
    hash: {
      digest: data => sha512(data),
      mac: async (key, data) => new Uint8Array(await crypto.subtle.sign('HMAC', await macKey(key), data as Bytes)),
      verifyMac: async (key, mac, data) => crypto.subtle.verify('HMAC', await macKey(key), mac as Bytes, data as Bytes),
    },
    kdf: { extract: extract512, expand: expand512Blocks, size: 64 },
    signature: {
      sign: async (seed, message) => {
        const key = leafKeys.get(seed) ?? createLeafKey(seed as Bytes);
        leafKeys.set(seed, key);
        return (await key).signRaw(message);
      },
      verify: verifyRaw,
      keygen: async () => {
        const key = await createLeafKey(random(32));
        return { publicKey: key.publicKey, signKey: key.seed };
      },
    },
    rng: { randomBytes: random },
  };
}

function gcm(iv: Uint8Array, additionalData: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: iv as Bytes, additionalData: additionalData as Bytes };
}

function aesKey(key: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key as Bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function macKey(key: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key as Bytes, { name: 'HMAC', hash: 'SHA-512' }, false, ['sign', 'verify']);
}
