import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { deviceCertificateOf } from '../src/e2ee/mls/identity';
import { verify as verifySigned } from '../src/e2ee/mls/signing';

interface Vectors {
  root: string;
  issuer: string;
  cases: { title: string; name: string; organization: string; accountId: string; deviceKey: string; at: number; proof: string; notBefore: number; notAfter: number; certificate: string }[];
}

/** What the server's identity authority is tested against; browsers have to agree with it. */
const vectors = JSON.parse(readFileSync(fileURLToPath(new URL('../../tests/vectors/identity.json', import.meta.url)), 'utf8')) as Vectors;
const bytes = (text: string) => Buffer.from(text, 'base64url');
const keyOf = (raw: string) => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw }, format: 'jwk' });

describe('device certificates', () => {
  it.each(vectors.cases.map(vector => [vector.title, vector] as const))('of the vectors verify: %s', (_, vector) => {
    const certificate = new X509Certificate(bytes(vector.certificate));
    expect(certificate.verify(keyOf(vectors.root))).toBe(true);
    expect(certificate.issuer).toBe(`CN=${vectors.issuer}`);
    expect(vectors.issuer).toBe(createHash('sha256').update(bytes(vectors.root)).digest('hex').slice(0, 40));
    expect(certificate.ca).toBe(true);
    expect(certificate.publicKey.export({ format: 'jwk' }).x).toBe(vector.deviceKey);
    expect([certificate.validFrom, certificate.validTo].map(time => Date.parse(time) / 1000)).toEqual([vector.notBefore, vector.notAfter]);
  });

  it.each(vectors.cases.map(vector => [vector.title, vector] as const))('are what the worker takes, field by field, and under this root only: %s', async (_, vector) => {
    const der = new Uint8Array(bytes(vector.certificate));
    const root = new Uint8Array(bytes(vectors.root));
    expect(await deviceCertificateOf(der, [root])).toMatchObject({
      kind: 'device', issuer: vectors.issuer, subject: vector.name, organization: vector.organization, notBefore: vector.notBefore, notAfter: vector.notAfter,
      accountId: new Uint8Array(bytes(vector.accountId)), publicKey: new Uint8Array(bytes(vector.deviceKey)),
    });
    expect(await deviceCertificateOf(der, [new Uint8Array(bytes(vector.deviceKey))])).toBeNull();
    for (let at = 0; at < der.length; at += 7) {
      const changed = der.slice();
      changed[at]! ^= 1;
      expect(await deviceCertificateOf(changed, [root])).toBeNull();
    }
  });

  it.each(vectors.cases.map(vector => [vector.title, vector] as const))('are asked for with a proof that verifies: %s', (_, vector) => {
    const at = Buffer.alloc(8);
    at.writeBigUInt64BE(BigInt(vector.at));
    const label = Buffer.from('Pendopo 1.0 device');
    const content = Buffer.concat([bytes(vector.accountId), bytes(vector.deviceKey), at]);
    const signed = Buffer.concat([Buffer.from([label.length]), label, Buffer.from([content.length]), content]);
    expect(verify(null, signed, keyOf(vector.deviceKey), bytes(vector.proof))).toBe(true);
    const [key, proof] = [new Uint8Array(bytes(vector.deviceKey)), new Uint8Array(bytes(vector.proof))];
    return expect(verifySigned(key, 'device', new Uint8Array(content), proof)).resolves.toBe(true);
  });
});
