import { createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { concat, fromBase64Url, hex, toBase64Url, utf8, type Bytes } from '../../src/e2ee/mls/bytes';
import { isSignedBy, issue, keyName, parse, serialOf } from '../../src/e2ee/mls/certificate';
import { decode, encode } from '../../src/e2ee/mls/codec';
import { encodeCommitData, parseCommitData } from '../../src/e2ee/mls/commitData';
import { alarmKinds, encodeContent, parseContent, type WireContent, reactions, type Reaction } from '../../src/e2ee/mls/content';
import { sha256 } from '../../src/e2ee/mls/hashing';
import { certifyLeaf, deviceCertificateOf, identityOf } from '../../src/e2ee/mls/identity';
import { parseSigned, recordForm, sign } from '../../src/e2ee/mls/proofs';
import { parseSignal, signSignal } from '../../src/e2ee/mls/signals';
import { createLeafKey, verify, verifyRaw } from '../../src/e2ee/mls/signing';
import { acceptStatement, groupIdOf } from '../../src/e2ee/mls/statement';
import { account, Authority, found, guest, randomBytes, start } from './people';
import { seeded } from './world';

vi.setConfig({ testTimeout: 60_000 });

/** Changes one byte after another, and cuts at each length: nothing of it may be taken. */
async function everyFlaw(bytes: Bytes, isTaken: (changed: Bytes) => Promise<boolean> | boolean, step = 1): Promise<void> {
  for (let at = 0; at < bytes.length; at += step) {
    const changed = bytes.slice() as Bytes;
    changed[at] = changed[at]! ^ 0x01;
    expect(await isTaken(changed), `byte ${at}`).toBe(false);
    expect(await isTaken(bytes.slice(0, at) as Bytes), `cut at ${at}`).toBe(false);
  }
  expect(await isTaken(concat(bytes, Uint8Array.of(0)))).toBe(false);
}

describe('base64url', () => {
  it('has one form for each byte string', () => {
    for (let length = 0; length < 20; length++) {
      const bytes = randomBytes(length);
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
    }
    for (const wrong of ['A', 'AB', 'AAB', 'AA=', 'A+A', 'AAAAA']) expect(fromBase64Url(wrong), wrong).toBeNull();
  });
});

describe('the presentation language', () => {
  it('knows lengths of 1, 2 and 4 bytes, in their shortest form only', () => {
    for (const length of [0, 63, 64, 16_383, 16_384, 70_000]) {
      const bytes = encode(writer => writer.vector(new Uint8Array(length)));
      expect(bytes.length - length).toBe(length < 64 ? 1 : length < 16_384 ? 2 : 4);
      expect(decode(bytes, reader => reader.vector(0, 100_000))?.length).toBe(length);
    }
    for (const long of [[0x40, 0x00], [0x40, 0x3f], [0x80, 0, 0, 1], [0x80, 0, 0x3f, 0xff], [0xc0, 0, 0, 0, 0, 0, 0, 0]]) {
      expect(decode(Uint8Array.from([...long, ...new Array<number>(0x4000).fill(0)]), reader => [reader.vector(0, 100_000), reader.fixed(reader.left)])).toBeNull();
    }
  });

  it('takes nothing that is cut, too long, or out of bounds', () => {
    expect(decode(Uint8Array.of(2, 1), reader => reader.vector(0, 9))).toBeNull();
    expect(decode(Uint8Array.of(1, 1, 1), reader => reader.vector(0, 9))).toBeNull();
    expect(decode(Uint8Array.of(3, 1, 1, 1), reader => reader.vector(0, 2))).toBeNull();
    expect(decode(Uint8Array.of(2), reader => reader.optional(inner => inner.uint8()))).toBeNull();
    expect(decode(new Uint8Array(8).fill(0xff), reader => reader.safe64())).toBeNull();
    expect(decode(Uint8Array.of(0xff, 0xff, 0xff, 0xff), reader => reader.uint32())).toBe(0xffffffff);
    expect(decode(Uint8Array.of(2, 7, 8), reader => reader.list(inner => inner.uint8(), 1))).toBeNull();
  });
});

describe('signatures', () => {
  it('are for one purpose, and differ from those of MLS', async () => {
    const key = await createLeafKey(randomBytes(32));
    const signature = await key.sign('ticket', utf8('content'));
    expect(await verify(key.publicKey, 'ticket', utf8('content'), signature)).toBe(true);
    expect(await verify(key.publicKey, 'removal', utf8('content'), signature)).toBe(false);
    expect(await verify(key.publicKey, 'ticket', utf8('contend'), signature)).toBe(false);
    expect(await verify(randomBytes(32), 'ticket', utf8('content'), signature)).toBe(false);
  });

  it('agree with RFC 8032, test 2', async () => {
    const key = await createLeafKey(Uint8Array.from(Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex')));
    expect(hex(key.publicKey)).toBe('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    expect(hex(await key.signRaw(Uint8Array.of(0x72)))).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00');
  });

  it('under keys of small order are none', async () => {
    const neutral = new Uint8Array(32);
    neutral[0] = 1;
    const forged = new Uint8Array(64);
    forged[0] = 1;
    expect(await verifyRaw(neutral, utf8('anything'), forged)).toBe(false);
  });
});

describe('certificates', () => {
  it('are certificates to others too', async () => {
    const authority = await Authority.create();
    const { own } = await account(authority, 'Siti Nurhaliza Rahmawati');
    const key = await createLeafKey(randomBytes(32));
    const { chain } = (await certifyLeaf(own, key.publicKey, randomBytes(32), start, randomBytes(16)))!;
    const [leaf, device] = chain.map(der => new X509Certificate(der)) as [X509Certificate, X509Certificate];
    const root = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(authority.root.publicKey) }, format: 'jwk' });
    expect(leaf.subject).toBe('CN=Siti Nurhaliza Rahmawati');
    expect(leaf.verify(device.publicKey)).toBe(true);
    expect(device.verify(root)).toBe(true);
    expect(device.ca).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(device)).toBe(true);
    expect(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)).toBe(24 * 3600_000);
  });

  it('are taken in one encoding only, and prove nothing with a byte changed', async () => {
    const authority = await Authority.create();
    const { own } = await account(authority, 'Siti');
    const key = await createLeafKey(randomBytes(32));
    const { chain } = (await certifyLeaf(own, key.publicKey, randomBytes(32), start, randomBytes(16)))!;
    const roots = [authority.root.publicKey];
    expect(await identityOf(chain, roots)).toMatchObject({ name: 'Siti', organization: 'Sekretariat', leafKey: key.publicKey, party: { type: 'account' } });
    await everyFlaw(chain[0]!, async changed => await identityOf([changed, chain[1]!], roots) !== null);
    await everyFlaw(chain[1]!, async changed => await identityOf([chain[0]!, changed], roots) !== null, 3);
    expect(await identityOf([chain[0]!], roots)).toBeNull();
    expect(await identityOf([chain[1]!, chain[0]!], roots)).toBeNull();
    expect(await identityOf([...chain, chain[1]!], roots)).toBeNull();
    expect(await identityOf(chain, [randomBytes(32)])).toBeNull();
    expect(await identityOf(chain, [])).toBeNull();
  });

  it('of accounts bear the name of the account, within its time', async () => {
    const authority = await Authority.create();
    const person = await account(authority, 'Siti');
    if (!('certificate' in person.own.account)) throw new Error('no account');
    const device = parse(person.own.account.certificate)!.content;
    const key = await createLeafKey(randomBytes(32));
    const leaf = {
      kind: 'leaf', serial: serialOf(randomBytes(16)), issuer: 'Siti', subject: 'Siti', notBefore: device.notBefore, notAfter: device.notAfter,
      publicKey: key.publicKey, statementHash: randomBytes(32), deviceKey: person.own.deviceKey.publicKey, issuedAt: start,
    } as const;
    const roots = [authority.root.publicKey];
    const { certificate } = person.own.account;
    const made = async (change: object): Promise<unknown> => identityOf([await issue({ ...leaf, ...change }, person.own.deviceKey), certificate], roots);
    expect(await made({})).not.toBeNull();
    expect(await made({ subject: 'Retno' })).toBeNull();
    expect(await made({ issuer: 'Retno' })).toBeNull();
    expect(await made({ notAfter: device.notAfter + 1 })).toBeNull();
    expect(await made({ notBefore: device.notBefore - 1 })).toBeNull();
    expect(await made({ deviceKey: key.publicKey })).toBeNull();
  });

  it('bear names that people can read', async () => {
    const { own, device } = await guest('x');
    const key = await createLeafKey(randomBytes(32));
    const named = async (subject: string): Promise<boolean> => {
      const der = await issue({
        kind: 'leaf', serial: serialOf(randomBytes(16)), issuer: keyName(device), subject, notBefore: 1, notAfter: 2, publicKey: key.publicKey,
        statementHash: randomBytes(32), deviceKey: own.deviceKey.publicKey, issuedAt: 1000,
      }, own.deviceKey);
      const parsed = parse(der);
      return parsed !== null && await isSignedBy(parsed, own.deviceKey.publicKey);
    };
    for (const good of ['Budi', 'I Gusti Ayu', 'Ñoño', 'علي', '王小明', 'k'.repeat(80)]) expect(await named(good), good).toBe(true);
    for (const bad of ['', ' Budi', 'Bu\u0000di', 'Bu\u202edi', 'Bu\u200bdi', 'e\u0301', 'k'.repeat(81), 'a\u2028b']) expect(await named(bad), bad).toBe(false);
  });
});

describe('founding statements', () => {
  it('are taken only whole, with their own fragment and id', async () => {
    const authority = await Authority.create();
    for (const founder of [await guest('Budi'), await account(authority, 'Siti')]) {
      const { bytes, meetingId, hash, statement } = await found(founder, authority, { coHosts: [(await guest('x')).party] });
      expect(statement).toMatchObject({ label: 'biasa', succession: 'anybody', membersMaximum: 500 });
      // With a fragment of their own, changed bytes must still fail by form or by signature.
      await everyFlaw(bytes, async changed => typeof await acceptStatement(changed, meetingId, await sha256(changed)) !== 'string', 5);
      expect(await acceptStatement(bytes, meetingId, randomBytes(32))).toBe('statementMismatch');
      const other = await found(founder, authority);
      expect(await acceptStatement(bytes, other.meetingId, hash)).toBe('wrongMeeting');
    }
  });

  it('name no account that their certificate does not prove', async () => {
    const authority = await Authority.create();
    const siti = await account(authority, 'Siti');
    await expect(found({ ...siti, party: { type: 'account', accountId: randomBytes(16) } }, authority)).rejects.toThrow('founderInvalid');
    await expect(found({ ...siti, party: (await guest('x')).party }, authority)).rejects.toThrow('founderInvalid');
    await expect(found(siti, authority, { identityRoots: [randomBytes(32)] })).rejects.toThrow('founderInvalid');
    await expect(found(siti, authority, { coHosts: [siti.party] })).rejects.toThrow('statementMalformed');
    await expect(found(siti, authority, { membersMaximum: 501 })).rejects.toThrow('statementMalformed');
    await expect(found(siti, authority, { label: 'Rahasia!' })).rejects.toThrow('statementMalformed');
  });
});

describe('signed acts and commit data', () => {
  it('come back as they were, and in no other form', async () => {
    const key = await createLeafKey(randomBytes(32));
    const record = await sign(recordForm, {
      groupId: groupIdOf(randomBytes(32), 1), number: 1, previous: randomBytes(32), signer: 0, issuingEpoch: 3n, issuedAt: start,
      changes: [
        { type: 'recording', on: true }, { type: 'label', label: 'rahasia', rank: 3 }, { type: 'role', device: randomBytes(32), role: 'coHost' },
        { type: 'guest', device: randomBytes(32), name: 'Budi' }, { type: 'host', party: { type: 'account', accountId: randomBytes(16) } },
      ],
    }, key);
    const longer = { ...record.content, changes: [...record.content.changes, { type: 'recording', on: false } as const] };
    expect(parseSigned(recordForm, (await sign(recordForm, longer, key)).bytes), 'nothing follows a hand-over').toBeNull();
    expect(parseSigned(recordForm, record.bytes)).toEqual(record);
    const bytes = encodeCommitData({
      committedAt: start, registerHash: randomBytes(32), adds: [{ type: 'return', oldLeaf: 7 }, { type: 'return', oldLeaf: null }],
      removes: [{ type: 'departed' }, { type: 'replaced' }], record,
    });
    const parsed = parseCommitData(bytes)!;
    expect(encodeCommitData(parsed)).toEqual(bytes);
    expect(parsed.adds).toEqual([{ type: 'return', oldLeaf: 7 }, { type: 'return', oldLeaf: null }]);
    expect(parseCommitData(concat(bytes, Uint8Array.of(0)))).toBeNull();
    expect(parseCommitData(concat(Uint8Array.of(2), bytes.slice(1)))).toBeNull();
    for (let at = 0; at < bytes.length; at++) expect(parseCommitData(bytes.slice(0, at)), `cut at ${at}`).toBeNull();
  });

  it('never break a parser, whatever comes', () => {
    const chance = seeded(7);
    for (let round = 0; round < 3000; round++) {
      const bytes = Uint8Array.from({ length: Math.floor(chance() * 120) }, () => Math.floor(chance() * 256));
      bytes[0] = 1;
      for (const read of [parseCommitData, parseContent, parseSignal, parse]) read(bytes);
      parseSigned(recordForm, bytes);
    }
  });
});

describe('signals and content', () => {
  it('come back as they were', async () => {
    const key = await createLeafKey(randomBytes(32));
    const groupId = groupIdOf(randomBytes(32), 1);
    const heartbeat = { type: 'heartbeat', groupId, leaf: 3, sequence: 9, epoch: 5n, transcriptHash: randomBytes(64) } as const;
    expect(parseSignal(await signSignal(heartbeat, key))).toEqual(heartbeat);
    const digest = { type: 'digest', groupId, leaf: 3, sequence: 10, digest: { epoch: 5n, keyId: 0x305n, firstCounter: 77n, tags: randomBytes(80) } } as const;
    expect(parseSignal(await signSignal(digest, key))).toEqual(digest);
    expect(parseSignal(await signSignal({ ...digest, digest: { ...digest.digest, tags: randomBytes(81) } }, key))).toBeNull();
  });

  it('hide their length in steps of 256 bytes', () => {
    const contents: WireContent[] = [
      { type: 'chat', id: randomBytes(16), text: 'halo' }, { type: 'chat', id: randomBytes(16), text: 'a'.repeat(1000) },
      { type: 'hand', raised: true, since: 0 }, { type: 'hand', raised: true, since: 70_000 }, { type: 'hand', raised: false, since: 0 }, ...alarmKinds.map(kind => ({ type: 'alarm', kind, leaf: 4 }) as const), { type: 'alarm', kind: 'fork', leaf: null },
      { type: 'spotlight', leaf: 3, since: 0 }, { type: 'spotlight', leaf: 3, since: 70_000 }, { type: 'spotlight', leaf: null, since: 0 }, ...reactions.map(reaction => ({ type: 'reaction', reaction }) as const),
    ];
    for (const content of contents) {
      const bytes = encodeContent(content)!;
      expect(bytes.length % 256).toBe(0);
      expect(parseContent(bytes)).toEqual(content);
      const noisy = bytes.slice();
      noisy[bytes.length - 1] = 1;
      expect(parseContent(noisy)).toBeNull();
    }
    expect(encodeContent({ type: 'chat', id: randomBytes(16), text: '' })).toBeNull();
    expect(encodeContent({ type: 'chat', id: randomBytes(16), text: 'a'.repeat(8001) })).toBeNull();
    expect(encodeContent({ type: 'hand', raised: false, since: 4 })).toBeNull();
    expect(encodeContent({ type: 'spotlight', leaf: null, since: 4 })).toBeNull();
    expect(encodeContent({ type: 'reaction', reaction: 'other' as Reaction })).toBeNull();
  });
});

interface Certified {
  readonly name: string;
  readonly organization: string;
  readonly accountId: string;
  readonly deviceKey: string;
  readonly certificate: string;
  readonly proof: string;
  /** ms since 1970. */
  readonly at: number;
}

/** Written beside the identity authority. */
const identityVectors = new URL('../../../tests/vectors/identity.json', import.meta.url);

describe.runIf(existsSync(identityVectors))('device certificates of the identity authority', () => {
  it('are those that clients take', async () => {
    const bytes = (value: string): Bytes => fromBase64Url(value)!;
    const { root, cases } = JSON.parse(readFileSync(identityVectors, 'utf8')) as { root: string; cases: Certified[] };
    expect(cases.length).toBeGreaterThan(0);
    for (const { certificate, name, organization, accountId, deviceKey, proof, at } of cases) {
      expect(await deviceCertificateOf(bytes(certificate), [bytes(root)])).toMatchObject({
        subject: name, organization, accountId: bytes(accountId), publicKey: bytes(deviceKey),
      });
      const request = encode(writer => writer.fixed(bytes(accountId)).fixed(bytes(deviceKey)).uint64(at));
      expect(await verify(bytes(deviceKey), 'device', request, bytes(proof))).toBe(true);
    }
  });
});
