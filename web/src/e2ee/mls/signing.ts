import { concat, hex, utf8, type Bytes } from './bytes';
import { encode } from './codec';

/** What a signature of ours is for; none can be taken for another, nor for one of MLS (docs/e2ee.md §2). */
export type SignatureLabel = 'founding' | 'ticket' | 'removal' | 'record' | 'signal' | 'device' | 'sitting';

export const signatureLength = 64;
export const publicKeyLength = 32;

/** A private Ed25519 key that signs, wherever it is kept. */
export interface SigningKey {
  readonly publicKey: Bytes;
  sign(label: SignatureLabel, content: Uint8Array): Promise<Bytes>;
  /** A bare Ed25519 signature, for certificates. */
  signRaw(message: Uint8Array): Promise<Bytes>;
}

/** A leaf key: made in the worker for one leaf, and gone with it. MLS needs its bytes. */
export interface LeafKey extends SigningKey {
  /** RFC 8032 seed. */
  readonly seed: Bytes;
}

/** Encodings of points of order 1, 2, 4 and 8: signatures under them prove nothing, and libraries differ about them. */
const smallOrder = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
]);

/** Imported verification keys: importing costs as much as verifying, and a meeting verifies under few keys again and again. */
const imported = new Map<string, Promise<CryptoKey>>();
const importedMaximum = 2048;

/** True only for a valid signature by a key of full order; malformed input is false. */
export async function verifyRaw(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (publicKey.length !== publicKeyLength || signature.length !== signatureLength) return false;
  const name = hex(publicKey);
  if (smallOrder.has(name)) return false;
  let key = imported.get(name);
  if (key === undefined) {
    if (imported.size >= importedMaximum) imported.clear();
    key = crypto.subtle.importKey('raw', publicKey as Bytes, 'Ed25519', false, ['verify']);
    imported.set(name, key);
  }
  try {
    return await crypto.subtle.verify('Ed25519', await key, signature as Bytes, message as Bytes);
  } catch {
    return false;
  }
}

export function verify(publicKey: Uint8Array, label: SignatureLabel, content: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return verifyRaw(publicKey, labelled(label, content), signature);
}

/** A new leaf key from 32 random bytes. */
export async function createLeafKey(seed: Bytes): Promise<LeafKey> {
  const pkcs8 = concat(pkcs8Prefix, seed);
  const exportable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const jwk = await crypto.subtle.exportKey('jwk', exportable);
  pkcs8.fill(0);
  const publicKey = Uint8Array.from(atob(jwk.x!.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0));
  return { seed, ...signingKey(exportable, publicKey) };
}

/** A key that WebCrypto keeps: the device key, which never leaves the browser. */
export function signingKey(privateKey: CryptoKey, publicKey: Bytes): SigningKey {
  const signRaw = async (message: Uint8Array): Promise<Bytes> => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, message as Bytes));
  return { publicKey, signRaw, sign: (label, content) => signRaw(labelled(label, content)) };
}

/** A device key: WebCrypto never gives its private half out again. */
export async function createDeviceKey(): Promise<{ pair: CryptoKeyPair; key: SigningKey }> {
  const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']) as CryptoKeyPair;
  return { pair, key: await deviceKeyOf(pair) };
}

export async function deviceKeyOf(pair: CryptoKeyPair): Promise<SigningKey> {
  return signingKey(pair.privateKey, new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
}

/** RFC 8410 §7: PrivateKeyInfo of Ed25519 up to the seed. */
const pkcs8Prefix = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20);

function labelled(label: SignatureLabel, content: Uint8Array): Bytes {
  return encode(writer => writer.vector(utf8(`Pendopo 1.0 ${label}`)).vector(content));
}
