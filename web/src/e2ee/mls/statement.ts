import { meetingIdBytes } from '../link';
import { equal, text, utf8, type Bytes } from './bytes';
import { decode, encode, type Reader, type Writer } from './codec';
import { certificateMaximum } from './certificate';
import { sha256 } from './hashing';
import { deviceCertificateOf, isValidAt } from './identity';
import { partyKey, readParty, sameParty, writeParty, type Party } from './party';
import { publicKeyLength, signatureLength, verify, type SigningKey } from './signing';

/** MLS cipher suite: X-Wing, AES-256-GCM, SHA-512, Ed25519 (private number of ts-mls 1.6.4). */
export const suiteNumber = 83;

export const statementMaximum = 8192;

/** Who may become co-host when no moderator is left (docs/e2ee.md §7). */
export const successions = ['none', 'accounts', 'confirmed', 'anybody'] as const;
export type Succession = (typeof successions)[number];

/** What the founder signed, once and for all (docs/e2ee.md §4). */
export interface FoundingStatement {
  readonly meetingId: Bytes;
  /** ms since 1970. */
  readonly foundedAt: number;
  /** Id of the classification label. */
  readonly label: string;
  readonly labelRank: number;
  readonly guestsAllowed: boolean;
  readonly recordingAllowed: boolean;
  readonly succession: Succession;
  readonly membersMaximum: number;
  readonly founder: Party;
  readonly coHosts: readonly Party[];
  readonly founderKey: Bytes;
  /** Ed25519 keys of identity authorities. */
  readonly identityRoots: readonly Bytes[];
  readonly policyRoots: readonly Bytes[];
  /** Organisation keys that may admit. */
  readonly ticketKeys: readonly Bytes[];
}

export interface SignedStatement extends FoundingStatement {
  /** H of all its bytes: what the link's fragment says. */
  readonly hash: Bytes;
}

export type StatementFault = 'statementMissing' | 'statementMismatch' | 'statementMalformed' | 'wrongMeeting' | 'founderInvalid';

/** Founds: the statement's bytes, to be given to the server. @param certificate device certificate; null for a guest */
export async function signStatement(statement: FoundingStatement, key: SigningKey, certificate: Bytes | null): Promise<Bytes> {
  const tbs = encode(writer => writeBody(writer, statement));
  const signature = await key.sign('founding', tbs);
  return encode(writer => writer.fixed(tbs).vector(certificate ?? new Uint8Array()).fixed(signature));
}

/** Accepts what the server gave as the statement, or says why not. Only this function makes a {@link SignedStatement}. */
export async function acceptStatement(bytes: Uint8Array | null, meetingId: string, fragment: Uint8Array): Promise<SignedStatement | StatementFault> {
  if (bytes === null) return 'statementMissing';
  const hash = await sha256(bytes);
  if (!equal(hash, fragment)) return 'statementMismatch';
  const read = bytes.length > statementMaximum ? null : decode(bytes, reader => {
    const statement = readBody(reader);
    const body = bytes.slice(0, bytes.length - reader.left);
    return { statement, body, certificate: reader.vector(0, certificateMaximum), signature: reader.fixed(signatureLength) };
  });
  if (read === null) return 'statementMalformed';
  const { statement, body, certificate, signature } = read;
  const expected = meetingIdBytes(meetingId);
  if (expected === null || !equal(expected, statement.meetingId)) return 'wrongMeeting';
  if (!await verify(statement.founderKey, 'founding', body, signature)) return 'founderInvalid';
  if (!await isFounder(statement, certificate)) return 'founderInvalid';
  return { ...statement, hash };
}

async function isFounder(statement: FoundingStatement, certificate: Bytes): Promise<boolean> {
  const { founder, founderKey, foundedAt, identityRoots } = statement;
  if (founder.type === 'device') return certificate.length === 0 && equal(await sha256(founderKey), founder.device);
  const device = await deviceCertificateOf(certificate, identityRoots);
  return device !== null && equal(device.publicKey, founderKey) && equal(device.accountId, founder.accountId) && isValidAt(device, foundedAt);
}

/** The rank that the statement itself gives. */
export function foundingRole(statement: FoundingStatement, party: Party): 'host' | 'coHost' | null {
  if (sameParty(statement.founder, party)) return 'host';
  return statement.coHosts.some(coHost => sameParty(coHost, party)) ? 'coHost' : null;
}

/** Group id of a generation: pins the statement (docs/e2ee.md §6). */
export function groupIdOf(statementHash: Uint8Array, generation: number): Bytes {
  return encode(writer => writer.fixed(statementHash).uint32(generation));
}

function writeBody(writer: Writer, statement: FoundingStatement): void {
  const keys = (list: readonly Bytes[]): Writer => writer.list(list, (inner, key) => inner.fixed(key));
  writer.uint8(1).fixed(statement.meetingId).uint8(1).uint16(suiteNumber).uint64(statement.foundedAt)
    .vector(utf8(statement.label)).uint8(statement.labelRank)
    .uint8((statement.guestsAllowed ? 1 : 0) | (statement.recordingAllowed ? 2 : 0))
    .uint8(successions.indexOf(statement.succession)).uint16(statement.membersMaximum);
  writeParty(writer, statement.founder);
  writer.list(statement.coHosts, writeParty).fixed(statement.founderKey);
  keys(statement.identityRoots);
  keys(statement.policyRoots);
  keys(statement.ticketKeys);
}

function readBody(reader: Reader): FoundingStatement {
  const keys = (maximum: number): Bytes[] => reader.list(inner => inner.fixed(publicKeyLength), maximum);
  reader.oneOf(reader.uint8(), [1]);
  const meetingId = reader.fixed(18);
  reader.oneOf(reader.uint8(), [1]);
  reader.oneOf(reader.uint16(), [suiteNumber]);
  const foundedAt = reader.safe64();
  const label = text(reader.vector(1, 64)) ?? '';
  reader.ensure(/^[a-z0-9-]+$/.test(label));
  const labelRank = reader.uint8();
  const rules = reader.oneOf(reader.uint8(), [0, 1, 2, 3]);
  const succession = successions[reader.oneOf(reader.uint8(), [0, 1, 2, 3])]!;
  const membersMaximum = reader.uint16();
  reader.ensure(membersMaximum >= 1 && membersMaximum <= 500);
  const founder = readParty(reader);
  const coHosts = reader.list(readParty, 32);
  reader.ensure(new Set([founder, ...coHosts].map(partyKey)).size === coHosts.length + 1);
  const founderKey = reader.fixed(publicKeyLength);
  return {
    meetingId, foundedAt, label, labelRank, guestsAllowed: (rules & 1) !== 0, recordingAllowed: (rules & 2) !== 0, succession, membersMaximum,
    founder, coHosts, founderKey, identityRoots: keys(8), policyRoots: keys(8), ticketKeys: keys(4),
  };
}
