import { describe, expect, it } from 'vitest';
import { headerLength, readHeader, writeHeader } from '../../src/e2ee/frames/header';
import { composeKeyId, splitKeyId } from '../../src/e2ee/frames/keyId';
import { fromHex, sharedVectors, toHex } from './helpers';

const vectors = sharedVectors('test-vectors.json');

describe('the SFrame header', () => {
  it.skipIf(vectors === null)('is written and read as the vectors have it, and refused beyond 32 and 53 bits', () => {
    let refused = 0;
    // JSON.parse rounds numbers above 2^53, but not to below.
    for (const vector of vectors!.header as unknown as { kid: number; ctr: number; encoded: string }[]) {
      const { kid, ctr, encoded } = vector;
      if (kid > 0xffff_ffff || ctr > Number.MAX_SAFE_INTEGER) {
        expect(readHeader(fromHex(encoded))).toBeNull();
        refused++;
        continue;
      }
      const bytes = new Uint8Array(20);
      const length = writeHeader(bytes, 2, kid, ctr);
      expect(toHex(bytes.subarray(2, 2 + length))).toBe(encoded);
      expect(headerLength(kid, ctr)).toBe(length);
      expect(readHeader(bytes, 2)).toEqual({ keyId: kid, counter: ctr, length });
      for (let cut = 0; cut < length; cut++) expect(readHeader(bytes.subarray(2, 2 + cut))).toBeNull();
    }
    expect(refused).toBeLessThan(vectors!.header!.length);
  });

  it.each(['8007', '0807', '90000900', '0900ff', 'a0000001', '8f01'])('that is not the shortest is refused: %s', hex => {
    expect(readHeader(fromHex(hex))).toBeNull();
  });
});

describe('a key id', () => {
  it.each([
    [0, 0, 0n, 0],
    [0, 300, 0x102n, 0x012c02],
    [255, 65535, 255n, 0xffff_ffff],
    [1, 0, 256n, 0x0100_0000],
  ])('of context %i, leaf %i, epoch %i', (context, leaf, epoch, keyId) => {
    expect(composeKeyId(context, leaf, epoch)).toBe(keyId);
    expect(splitKeyId(keyId)).toEqual({ context, leaf, epochBits: Number(epoch & 0xffn) });
  });

  it.each([[256, 0], [-1, 0], [0, 65536], [0, 1.5]])('has no room for context %d, leaf %d', (context, leaf) => {
    expect(() => composeKeyId(context, leaf, 0n)).toThrow(RangeError);
  });
});
