import { describe, expect, it } from 'vitest';
import { deriveKey, importBaseKey, nonceOf, open, seal } from '../../src/e2ee/frames/cipher';
import { fromHex, sharedVectors, toHex } from './helpers';

const vector = (sharedVectors('test-vectors.json')?.sframe as { cipher_suite: number }[] | undefined)
  ?.find(({ cipher_suite }) => cipher_suite === 5) as unknown as Record<string, string> & { kid: number; ctr: number } | undefined;

describe('AES_256_GCM_SHA512_128', () => {
  it.skipIf(vector === undefined)('derives, seals and opens as the vector has it', async () => {
    const { kid, ctr, base_key, sframe_salt, nonce, aad, pt, ct } = vector!;
    const base = await importBaseKey(fromHex(base_key!));
    const sealing = await deriveKey(base, kid, 'encrypt');
    const opening = await deriveKey(base, kid, 'decrypt');
    expect(toHex(sealing.salt)).toBe(sframe_salt);
    expect(toHex(nonceOf(sealing.salt, ctr))).toBe(nonce);
    const body = ct!.slice(10); // behind the header
    expect(toHex(await seal(sealing, ctr, fromHex(aad!), fromHex(pt!)))).toBe(body);
    expect(toHex((await open(opening, ctr, fromHex(aad!), fromHex(body)))!)).toBe(pt);
    expect(await open(opening, ctr + 1, fromHex(aad!), fromHex(body))).toBeNull();
    expect(await open(opening, ctr, fromHex(aad + '00'), fromHex(body))).toBeNull();
    expect(await open(opening, ctr, fromHex(aad!), fromHex(body.replace(/.$/, last => (last === '0' ? '1' : '0'))))).toBeNull();
  });

  it('keeps its keys where nobody reads them, each for one direction', async () => {
    const base = await importBaseKey(new Uint8Array(32));
    expect(base.extractable).toBe(false);
    const { key } = await deriveKey(base, 1, 'encrypt');
    expect([key.extractable, key.usages]).toEqual([false, ['encrypt']]);
    expect((await deriveKey(base, 1, 'decrypt')).key.usages).toEqual(['decrypt']);
  });

  it('counts in all 8 bytes of the nonce', () => {
    expect(toHex(nonceOf(new Uint8Array(12), 0x1f_ffff_ffff_fffe))).toBe('00000000001ffffffffffffe');
    expect(toHex(nonceOf(fromHex('ffffffffffffffffffffffff'), 0x8000_0001))).toBe('ffffffffffffffff7ffffffe');
  });
});
