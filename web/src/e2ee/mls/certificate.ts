import { concat, equal, hex, text, utf8, type Bytes } from './bytes';
import { decode, encode } from './codec';
import { DerReader, element, readTime, tags, time } from './der';
import { publicKeyLength, signatureLength, verifyRaw, type SigningKey } from './signing';

/** Longest validity of a certificate, s. */
export const validityMaximum = 24 * 3600;

/** Longest certificate, bytes. */
export const certificateMaximum = 2048;

/** Longest names in characters. */
export const nameMaximum = 80;
const organizationMaximum = 120;

interface Fields {
  /** 16 bytes, the first of them 0x01 to 0x7f, so that the DER integer is positive and 16 bytes long. */
  readonly serial: Bytes;
  readonly issuer: string;
  readonly subject: string;
  /** s since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Ed25519. */
  readonly publicKey: Bytes;
}

/** Signed by a device key for one leaf (docs/e2ee.md §5). */
export interface LeafCertificate extends Fields {
  readonly kind: 'leaf';
  readonly statementHash: Bytes;
  readonly deviceKey: Bytes;
  /** When it was made, ms of meeting time. Validity says less: it reaches back, since clocks differ. */
  readonly issuedAt: number;
}

/** Signed by an identity authority for one device of an account. */
export interface DeviceCertificate extends Fields {
  readonly kind: 'device';
  readonly accountId: Bytes;
  readonly organization: string;
}

export type Certificate = LeafCertificate | DeviceCertificate;

/** A certificate as it was received: what it says, what was signed, and the signature. */
export interface ParsedCertificate<T extends Certificate = Certificate> {
  readonly content: T;
  readonly signed: Bytes;
  readonly signature: Bytes;
}

export async function issue(certificate: Certificate, key: SigningKey): Promise<Bytes> {
  const signed = toBeSigned(certificate);
  return element(tags.sequence, signed, ed25519, element(tags.bitString, zero, await key.signRaw(signed)));
}

/**
 * Null unless the bytes are a certificate of our profile in its one encoding. Reading finds the fields; that nothing else is in it is
 * proved by writing them again.
 */
export function parse(bytes: Uint8Array): ParsedCertificate | null {
  if (bytes.length > certificateMaximum) return null;
  const outer = new DerReader(bytes);
  const whole = outer.next(tags.sequence);
  if (whole === null || !outer.done) return null;
  const reader = new DerReader(whole);
  const body = reader.next(tags.sequence);
  const algorithm = reader.next(tags.sequence);
  const bits = reader.next(tags.bitString);
  if (body === null || algorithm === null || bits === null || !reader.done || bits.length !== signatureLength + 1) return null;
  const content = readBody(body);
  if (content === null || !isPlausible(content)) return null;
  const signed = toBeSigned(content);
  const signature = bits.slice(1) as Bytes;
  if (!equal(bytes, element(tags.sequence, signed, ed25519, element(tags.bitString, zero, signature)))) return null;
  return { content, signed, signature };
}

export function isSignedBy(certificate: ParsedCertificate, publicKey: Uint8Array): Promise<boolean> {
  return verifyRaw(publicKey, certificate.signed, certificate.signature);
}

/** A serial number from 16 random bytes. */
export function serialOf(random: Bytes): Bytes {
  const serial = random.slice(0, 16) as Bytes;
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  return serial;
}

/** True for 1 to 80 characters without control, format (joiners excepted) or line-separating characters, trimmed and in NFC. */
export function isName(name: string): boolean {
  return isLine(name, nameMaximum);
}

function isLine(line: string, maximum: number): boolean {
  const length = [...line].length;
  return length >= 1 && length <= maximum && line === line.trim() && line === line.normalize('NFC')
    && !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u.test(line) && !/\p{Cf}/u.test(line.replace(/[\u200c\u200d]/g, ''));
}

const zero = Uint8Array.of(0);
const idEd25519 = element(tags.oid, Uint8Array.of(0x2b, 0x65, 0x70));
const ed25519 = element(tags.sequence, idEd25519);
const idCommonName = element(tags.oid, Uint8Array.of(0x55, 0x04, 0x03));
const idKeyUsage = element(tags.oid, Uint8Array.of(0x55, 0x1d, 0x0f));
const idBasicConstraints = element(tags.oid, Uint8Array.of(0x55, 0x1d, 0x13));
const critical = element(tags.boolean, Uint8Array.of(0xff));

/** 2.25.333327326495318070901834229144023644788, the arc of a UUID (X.667), then 1 for leaves and 2 for devices. */
const arc = Uint8Array.of(
  0x69, 0x83, 0xf5, 0xc4, 0xc1, 0x82, 0x87, 0x95, 0xa2, 0x83, 0xb9, 0x98, 0xf3, 0xc0, 0x87, 0x9a, 0xbc, 0x8a, 0xf4, 0x74);
const idLeaf = element(tags.oid, concat(arc, Uint8Array.of(1)));
const idDevice = element(tags.oid, concat(arc, Uint8Array.of(2)));

const extension = (id: Uint8Array, value: Uint8Array): Bytes => element(tags.sequence, id, critical, element(tags.octetString, value));

/** digitalSignature (bit 0) and keyCertSign (bit 5) as named bit lists. */
const leafUsage = extension(idKeyUsage, element(tags.bitString, Uint8Array.of(7, 0x80)));
const deviceUsage = extension(idKeyUsage, element(tags.bitString, Uint8Array.of(2, 0x04)));
const deviceConstraints = extension(idBasicConstraints,
  element(tags.sequence, critical, element(tags.integer, zero)));

const version3 = element(tags.version, element(tags.integer, Uint8Array.of(2)));

function nameOf(commonName: string): Bytes {
  return element(tags.sequence, element(tags.set, element(tags.sequence, idCommonName, element(tags.utf8String, utf8(commonName)))));
}

function toBeSigned(certificate: Certificate): Bytes {
  const extensions = certificate.kind === 'leaf'
    ? [leafUsage, extension(idLeaf, element(tags.octetString, encode(writer =>
      writer.uint8(1).fixed(certificate.statementHash).fixed(certificate.deviceKey).uint64(certificate.issuedAt))))]
    : [deviceConstraints, deviceUsage, extension(idDevice, element(tags.octetString, encode(writer =>
      writer.uint8(1).fixed(certificate.accountId).vector(utf8(certificate.organization)))))];
  return element(tags.sequence,
    version3,
    element(tags.integer, certificate.serial),
    ed25519,
    nameOf(certificate.issuer),
    element(tags.sequence, time(certificate.notBefore), time(certificate.notAfter)),
    nameOf(certificate.subject),
    element(tags.sequence, ed25519, element(tags.bitString, zero, certificate.publicKey)),
    element(tags.extensions, element(tags.sequence, ...extensions)));
}

function readBody(body: Bytes): Certificate | null {
  const reader = new DerReader(body);
  if (reader.next(tags.version) === null) return null;
  const serial = reader.next(tags.integer);
  if (serial === null || reader.next(tags.sequence) === null) return null;
  const issuer = readName(reader);
  const validity = reader.next(tags.sequence);
  if (issuer === null || validity === null) return null;
  const times = new DerReader(validity);
  const notBefore = readTime(times);
  const notAfter = readTime(times);
  const subject = readName(reader);
  const key = reader.next(tags.sequence);
  const wrapped = reader.next(tags.extensions);
  if (notBefore === null || notAfter === null || subject === null || key === null || wrapped === null) return null;
  const publicKey = key.slice(-publicKeyLength) as Bytes;
  const fields = { serial, issuer, subject, notBefore, notAfter, publicKey };
  const extensions = new DerReader(wrapped).next(tags.sequence);
  return extensions === null ? null : readExtension(new DerReader(extensions), fields);
}

/** Only our own extension bears values; it is the last. */
function readExtension(extensions: DerReader, fields: Fields): Certificate | null {
  let last: Bytes | null = null;
  while (!extensions.done) {
    last = extensions.next(tags.sequence);
    if (last === null) return null;
  }
  if (last === null) return null;
  const reader = new DerReader(last);
  const id = reader.next(tags.oid);
  if (id === null || reader.next(tags.boolean) === null) return null;
  const outer = reader.next(tags.octetString);
  const value = outer === null ? null : new DerReader(outer).next(tags.octetString);
  if (value === null) return null;
  if (equal(element(tags.oid, id), idLeaf)) {
    return decode(value, inner => {
      inner.oneOf(inner.uint8(), [1]);
      return { ...fields, kind: 'leaf' as const, statementHash: inner.fixed(32), deviceKey: inner.fixed(publicKeyLength), issuedAt: inner.safe64() };
    });
  }
  const device = decode(value, inner => {
    inner.oneOf(inner.uint8(), [1]);
    return { accountId: inner.fixed(16), organization: text(inner.vector(0, 480)) };
  });
  if (device === null || device.organization === null) return null;
  return { ...fields, kind: 'device', accountId: device.accountId, organization: device.organization };
}

function readName(reader: DerReader): string | null {
  const name = reader.next(tags.sequence);
  const set = name === null ? null : new DerReader(name).next(tags.set);
  const pair = set === null ? null : new DerReader(set).next(tags.sequence);
  if (pair === null) return null;
  const attribute = new DerReader(pair);
  if (attribute.next(tags.oid) === null) return null;
  const value = attribute.next(tags.utf8String);
  return value === null ? null : text(value);
}

function isPlausible(certificate: Certificate): boolean {
  const { serial, notBefore, notAfter, subject } = certificate;
  const organization = certificate.kind === 'device' ? certificate.organization : '';
  return serial.length === 16 && serial[0]! >= 1 && serial[0]! < 0x80
    && notBefore >= 0 && notAfter > notBefore && notAfter - notBefore <= validityMaximum
    && isName(subject) && (organization === '' || isLine(organization, organizationMaximum));
}

/** Common name of an issuer that is known by its key only. */
export function keyName(hash: Uint8Array): string {
  return hex(hash.subarray(0, 20));
}
