import { concat, equal, hex, nameOf, utf8, type Bytes } from '../../e2ee/mls/bytes';
import { certificateMaximum } from '../../e2ee/mls/certificate';
import { decode, encode, type Reader, type Writer } from '../../e2ee/mls/codec';
import { sha256 } from '../../e2ee/mls/hashing';
import type { Chain, Identities } from '../../e2ee/mls/identity';
import { partyKey, readRole, writeRole, type Role } from '../../e2ee/mls/party';
import { signatureLength } from '../../e2ee/mls/signing';
import { actMaximum, isSittingSigned, pieceMaximum } from '../../e2ee/mls/sittingContent';
import { bytesOf, parseAct } from './acts';
import { minutesHash } from './minutes';
import { reduceSitting } from './reduce';
import type { SittingFault, SittingState } from './state';

/** An act that counted, with what proves it, and what the register said of its author then. */
export interface ActRecord {
  /** Of the group's log. */
  readonly entry: number;
  readonly role: Role;
  /** False: a guest whose name could be taken for another's. */
  readonly isNamed: boolean;
  readonly chain: Chain;
  readonly act: Bytes;
  readonly signature: Bytes;
}

/** The acts of one sitting, and what follows from them. */
export interface SittingLog {
  /** Chosen by whoever called it; empty before. */
  readonly sitting: string;
  readonly records: readonly ActRecord[];
  /** Head of the chain after so many acts. */
  readonly heads: readonly string[];
  readonly state: SittingState | null;
}

/** The generation in which a sitting is held. */
export interface Hall {
  readonly groupId: Bytes;
  /** Of the founding statement. */
  readonly statementHash: Bytes;
  readonly identities: Identities;
}

export type ActFault = SittingFault | 'malformed' | 'otherSitting' | 'identityInvalid' | 'signatureInvalid' | 'outOfOrder';

/** Most acts of one sitting. */
export const recordMaximum = 20_000;

export async function emptyLog({ groupId }: Pick<Hall, 'groupId'>): Promise<SittingLog> {
  return { sitting: '', records: [], heads: [hex(await sha256(utf8('Pendopo 1.0 sitting'), groupId))], state: null };
}

export interface Appended {
  readonly log: SittingLog;
  /** False: its author had another history before his eyes. It counts all the same: what counts is the log's. */
  readonly agrees: boolean;
}

/** Takes the next act, or says why it counts for nobody. A new sitting begins a new chain. */
export async function appendAct(log: SittingLog, record: ActRecord, hall: Hall): Promise<Appended | ActFault> {
  const signed = parseAct(record.act);
  if (signed === null) return 'malformed';
  const isOpening = signed.act.type === 'open';
  if (!isOpening && signed.sitting !== log.sitting) return 'otherSitting';
  const last = log.records[log.records.length - 1];
  if (last !== undefined && record.entry <= last.entry) return 'outOfOrder';
  if (!isOpening && log.records.length >= recordMaximum) return 'full';
  const identity = await hall.identities.of(record.chain);
  if (identity === null || !equal(identity.statementHash, hall.statementHash)) return 'identityInvalid';
  if (!await isSittingSigned(identity.leafKey, hall.groupId, identity.certificateHash, record.act, record.signature)) return 'signatureInvalid';
  const minutes = signed.act.type === 'fix' && log.state !== null ? await minutesHash(log.state) : null;
  const author = {
    person: partyKey(identity.party), name: record.isNamed ? identity.name : null, organization: identity.organization, isGuest: identity.party.type === 'device', role: record.role,
  };
  const state = reduceSitting(log.state, { entry: record.entry, hash: hex(await sha256(record.act)), at: signed.at, author, act: signed.act, minutes });
  if (typeof state === 'string') return state;
  const before = isOpening ? await emptyLog(hall) : log;
  const head = await headAfter(before.heads[before.heads.length - 1]!, record, identity.certificateHash);
  return {
    log: { sitting: signed.sitting, records: [...before.records, record], heads: [...before.heads, head], state },
    agrees: before.heads[signed.seen] === signed.head,
  };
}

async function headAfter(head: string, { entry, role, isNamed, act, signature }: ActRecord, certificateHash: Bytes): Promise<string> {
  return hex(await sha256(bytesOf(head), encode(writer =>
    writeFacts(writer, { entry, role, isNamed }).fixed(certificateHash).vector(act).fixed(signature))));
}

function writeFacts(writer: Writer, { entry, role, isNamed }: Pick<ActRecord, 'entry' | 'role' | 'isNamed'>): Writer {
  writeRole(writer.uint32(entry), role);
  return writer.uint8(isNamed ? 1 : 0);
}

/** A sitting's acts for those who came later. */
export interface History {
  /** Entry up to which it tells all that counted. */
  readonly through: number;
  readonly records: readonly ActRecord[];
}

export function encodeHistory({ through, records }: History): Bytes {
  const chains = new Map(records.map(({ chain }) => [chain.map(nameOf).join(), chain]));
  const places = new Map([...chains.keys()].map((name, index) => [name, index]));
  return encode(writer => writer.uint8(1).uint32(through)
    .list([...chains.values()], (inner, chain) => inner.list(chain, (one, certificate) => one.vector(certificate)))
    .list(records, (inner, record) =>
      writeFacts(inner, record).uint16(places.get(record.chain.map(nameOf).join())!).vector(record.act).fixed(record.signature)));
}

export function parseHistory(bytes: Uint8Array): History | null {
  return decode(bytes, reader => {
    reader.oneOf(reader.uint8(), [1]);
    const through = reader.uint32();
    const chains = reader.list(inner => inner.list(one => one.vector(1, certificateMaximum), 2), 0xffff);
    return { through, records: reader.list(inner => readRecord(inner, chains), recordMaximum) };
  });
}

function readRecord(reader: Reader, chains: readonly Chain[]): ActRecord {
  const entry = reader.uint32();
  const role = readRole(reader);
  const isNamed = reader.oneOf(reader.uint8(), [0, 1]) === 1;
  const chain = chains[reader.uint16()];
  reader.ensure(chain !== undefined);
  return { entry, role, isNamed, chain: chain!, act: reader.vector(1, actMaximum), signature: reader.fixed(signatureLength) };
}

/** Replays records from the first one; null unless each of them counts. */
export async function replay(records: readonly ActRecord[], hall: Hall): Promise<SittingLog | null> {
  let log = await emptyLog(hall);
  for (const record of records) {
    const appended = await appendAct(log, record, hall);
    // A second opening would forget what was before it.
    if (typeof appended === 'string' || appended.log.records.length !== log.records.length + 1) return null;
    log = appended.log;
  }
  return log;
}

export interface Piece {
  readonly whole: Bytes;
  readonly part: number;
  readonly parts: number;
  readonly bytes: Bytes;
}

const partsMaximum = 255;

/** Cuts a history into what fits a message; null where it is too long. */
export async function piecesOf(history: Bytes): Promise<readonly Piece[] | null> {
  const parts = Math.ceil(history.length / pieceMaximum);
  if (parts > partsMaximum) return null;
  const whole = await sha256(history);
  return Array.from({ length: parts }, (_, part) => ({ whole, part, parts, bytes: history.slice(part * pieceMaximum, (part + 1) * pieceMaximum) }));
}

/** Gathers the pieces of one history: whoever begins another one anew gives the first up. */
export class PieceGatherer {
  #whole: Bytes = new Uint8Array();
  #parts: (Bytes | undefined)[] = [];

  /** @returns the history when its last piece came and all are as its hash says */
  async take({ whole, part, parts, bytes }: Piece): Promise<Bytes | null> {
    if (!equal(whole, this.#whole) || parts !== this.#parts.length) {
      this.#whole = whole;
      this.#parts = Array.from({ length: parts }, () => undefined);
    }
    this.#parts[part] = bytes;
    if (this.#parts.some(piece => piece === undefined)) return null;
    const history = concat(...this.#parts as Bytes[]);
    this.#parts = [];
    return equal(await sha256(history), whole) ? history : null;
  }
}
