import { equal, fromBase64Url, hex, nameOf, toBase64Url, utf8, type Bytes } from '../../e2ee/mls/bytes';
import { sha256 } from '../../e2ee/mls/hashing';
import { Identities, type Chain } from '../../e2ee/mls/identity';
import { partyKey, ranks, type Role } from '../../e2ee/mls/party';
import { acceptStatement, groupIdOf } from '../../e2ee/mls/statement';
import { parseAct, type SignedAct } from './acts';
import { appendAct, emptyLog, type ActRecord } from './chain';
import { minutesHash, minutesOf, minutesText, type Minutes } from './minutes';
import type { SittingState } from './state';

/** The signed record of a sitting, as a file: docs/sitting.schema.json. Bytes are in base64url, hashes in hexadecimal. */
export interface SittingRecord {
  readonly format: 'pendopo-sitting';
  readonly version: 1;
  readonly meetingId: string;
  readonly generation: number;
  /** The founding statement: it names the authorities under which the certificates stand. */
  readonly statement: string;
  readonly certificates: readonly (readonly string[])[];
  readonly acts: readonly {
    readonly entry: number;
    readonly role: Role;
    readonly isNamed: boolean;
    /** Index of its author's chain in `certificates`. */
    readonly certificate: number;
    readonly hash: string;
    /** For readers; what counts is `bytes`. */
    readonly content: SignedAct;
    readonly bytes: string;
    readonly signature: string;
  }[];
  readonly head: string;
  readonly minutes: Minutes;
  readonly minutesHash: string;
  /** The chair has fixed the minutes. */
  readonly isFixed: boolean;
}

export interface Venue {
  readonly meetingId: string;
  readonly generation: number;
  readonly statement: Bytes;
}

/** The file of a sitting that its acts prove. */
export async function recordOf(venue: Venue, records: readonly ActRecord[], head: string, state: SittingState): Promise<SittingRecord> {
  const chains = new Map<string, number>();
  const certificates: string[][] = [];
  const placeOf = (chain: Chain): number => {
    const name = chain.map(nameOf).join();
    if (!chains.has(name)) chains.set(name, certificates.push(chain.map(toBase64Url)) - 1);
    return chains.get(name)!;
  };
  const acts: SittingRecord['acts'][number][] = [];
  for (const { entry, role, isNamed, chain, act, signature } of records) {
    acts.push({
      entry, role, isNamed, certificate: placeOf(chain), hash: hex(await sha256(act)), content: parseAct(act)!, bytes: toBase64Url(act), signature: toBase64Url(signature),
    });
  }
  return {
    format: 'pendopo-sitting', version: 1, meetingId: venue.meetingId, generation: venue.generation, statement: toBase64Url(venue.statement),
    certificates, acts, head, minutes: minutesOf(state), minutesHash: await minutesHash(state), isFixed: state.phase === 'fixed',
  };
}

export type RecordFault =
  | 'malformed' | 'statementInvalid' | 'actInvalid'
  /** Its minutes, results or hashes are not those that follow from its acts. */
  | 'minutesDiffer'
  /** An author signed that he saw another history. */
  | 'historyContradicted';

/** Somebody whose signatures are in a record, by his certificate. */
export interface Signer {
  readonly name: string;
  readonly organization: string;
  readonly isGuest: boolean;
  /** How many acts he signed. */
  readonly acts: number;
}

export interface VerifiedSitting {
  /** In the order of their first act. */
  readonly signers: readonly Signer[];
  readonly minutesHash: string;
  readonly state: SittingState;
  readonly minutes: Minutes;
  readonly isFixed: boolean;
}

/**
 * Verifies a record with nothing else at hand: certificates under the statement's authorities, every signature, the chain of acts, and that minutes and
 * results are what the acts make them.
 * @param statementHash of the meeting's link, where it is known; else the statement vouches for itself only
 */
export async function verifyRecord(file: string, statementHash: Bytes | null = null): Promise<VerifiedSitting | RecordFault> {
  const read = readRecord(file);
  if (read === null) return 'malformed';
  const { record, statement: bytes, acts } = read;
  const statement = await acceptStatement(bytes, record.meetingId, statementHash ?? await sha256(bytes));
  if (typeof statement === 'string') return 'statementInvalid';
  const hall = { groupId: groupIdOf(statement.hash, record.generation), statementHash: statement.hash, identities: new Identities(statement.identityRoots) };
  let log = await emptyLog(hall);
  for (const act of acts) {
    const appended = await appendAct(log, act, hall);
    if (typeof appended === 'string' || appended.log.records.length !== log.records.length + 1) return 'actInvalid';
    if (!appended.agrees) return 'historyContradicted';
    log = appended.log;
  }
  const { state } = log;
  if (state === null) return 'malformed';
  const expected = await recordOf({ meetingId: record.meetingId, generation: record.generation, statement: bytes }, log.records, log.heads[log.heads.length - 1]!, state);
  // One text for one record: whatever differs, differs in what people read.
  if (!equal(utf8(JSON.stringify(expected)), utf8(JSON.stringify(record)))) return 'minutesDiffer';
  return {
    signers: await signersOf(log.records, hall.identities), minutesHash: expected.minutesHash, state, minutes: JSON.parse(minutesText(state)) as Minutes, isFixed: state.phase === 'fixed',
  };
}

/** @param records whose chains were verified */
async function signersOf(records: readonly ActRecord[], identities: Identities): Promise<readonly Signer[]> {
  const found = new Map<string, Signer>();
  for (const { chain } of records) {
    const identity = await identities.of(chain);
    if (identity === null) continue;
    const { party, name, organization } = identity;
    found.set(partyKey(party), { name, organization, isGuest: party.type === 'device', acts: (found.get(partyKey(party))?.acts ?? 0) + 1 });
  }
  return [...found.values()];
}

/** What is needed to replay; the rest is compared with what the replay gives. */
function readRecord(file: string): { readonly record: SittingRecord; readonly statement: Bytes; readonly acts: readonly ActRecord[] } | null {
  try {
    const record = JSON.parse(file) as SittingRecord;
    if (record.format !== 'pendopo-sitting' || record.version !== 1 || !Number.isInteger(record.generation) || record.generation < 0) return null;
    const chains = record.certificates.map(chain => chain.map(bytesIn));
    const acts = record.acts.map(({ entry, role, isNamed, certificate, bytes, signature }): ActRecord => {
      if (!Number.isInteger(entry) || entry < 0 || !(role in ranks) || typeof isNamed !== 'boolean') throw new SyntaxError();
      return { entry, role, isNamed, chain: chains[certificate]!.slice(), act: bytesIn(bytes), signature: bytesIn(signature) };
    });
    return { record, statement: bytesIn(record.statement), acts };
  } catch {
    // A file of another kind: JSON.parse and whatever is not where it should be throw.
    return null;
  }
}

function bytesIn(text: string): Bytes {
  const bytes = fromBase64Url(text);
  if (bytes === null) throw new SyntaxError();
  return bytes;
}
