import type { Bytes } from './bytes';
import { certificateMaximum } from './certificate';
import { decode, encode, type Reader, type Writer } from './codec';
import type { Chain } from './identity';
import { readParty, writeParty, type Party } from './party';
import { parseSigned, recordForm, recordMaximum, removalForm, ticketForm, ticketMaximum, type Removal, type Signed, type StateRecord, type Ticket } from './proofs';

/** One fact of a generation, in the log's order (docs/e2ee.md §8). */
export type RegisterEntry = { /** The epoch that the commit began; 0 for the founding. */ readonly epoch: bigint } & (
  | { readonly type: 'founded'; readonly certificateHash: Bytes; readonly device: Bytes; readonly party: Party; readonly keyPackageRef: Bytes }
  | { readonly type: 'admitted'; readonly leaf: number; readonly ticket: Signed<Ticket> }
  | { readonly type: 'returned'; readonly leaf: number; readonly certificateHash: Bytes; readonly device: Bytes; readonly keyPackageRef: Bytes }
  | { readonly type: 'departed'; readonly leaf: number }
  | { readonly type: 'removed'; readonly leaf: number; readonly removal: Signed<Removal> }
  | { readonly type: 'recorded'; readonly record: Signed<StateRecord> });

/** What joiners get in the GroupInfo: every entry, and the chains of those gone who signed something. */
export interface RegisterExtension {
  /** Of the commit that began the epoch, ms. */
  readonly committedAt: number;
  readonly entries: readonly RegisterEntry[];
  readonly chains: readonly Chain[];
}

/** GroupInfo extension type, of the private range. */
export const registerExtensionType = 0xf0e1;

export const entriesMaximum = 100_000;

export function encodeEntry(entry: RegisterEntry): Bytes {
  return encode(writer => writeEntry(writer, entry));
}

export function encodeRegister(register: RegisterExtension): Bytes {
  return encode(writer => writer
    .uint64(register.committedAt)
    .list(register.entries, writeEntry)
    .list(register.chains, (inner, chain) => inner.list(chain, (deepest, certificate) => deepest.vector(certificate))));
}

export function parseRegister(bytes: Uint8Array): RegisterExtension | null {
  return decode(bytes, reader => ({
    committedAt: reader.safe64(),
    entries: reader.list(readEntry, entriesMaximum),
    chains: reader.list(inner => inner.list(deepest => deepest.vector(1, certificateMaximum), 2), entriesMaximum),
  }));
}

function writeEntry(writer: Writer, entry: RegisterEntry): void {
  const types = { founded: 1, admitted: 2, returned: 3, departed: 4, removed: 5, recorded: 6 } as const;
  writer.uint8(types[entry.type]).uint64(entry.epoch);
  switch (entry.type) {
    case 'founded':
      writer.uint32(0).fixed(entry.certificateHash).fixed(entry.device);
      writeParty(writer, entry.party);
      writer.vector(entry.keyPackageRef);
      break;
    case 'admitted':
      writer.uint32(entry.leaf).vector(entry.ticket.bytes);
      break;
    case 'returned':
      writer.uint32(entry.leaf).fixed(entry.certificateHash).fixed(entry.device).vector(entry.keyPackageRef);
      break;
    case 'departed':
      writer.uint32(entry.leaf);
      break;
    case 'removed':
      writer.uint32(entry.leaf).vector(entry.removal.bytes);
      break;
    case 'recorded':
      writer.vector(entry.record.bytes);
      break;
  }
}

function readEntry(reader: Reader): RegisterEntry {
  const type = reader.oneOf(reader.uint8(), [1, 2, 3, 4, 5, 6]);
  const epoch = reader.uint64();
  const signed = <T>(value: Signed<T> | null): Signed<T> => {
    reader.ensure(value !== null);
    return value!;
  };
  switch (type) {
    case 1:
      reader.oneOf(reader.uint32(), [0]);
      return {
        type: 'founded', epoch, certificateHash: reader.fixed(32), device: reader.fixed(32), party: readParty(reader), keyPackageRef: reader.vector(64, 64),
      };
    case 2:
      return { type: 'admitted', epoch, leaf: reader.uint32(), ticket: signed(parseSigned(ticketForm, reader.vector(1, ticketMaximum))) };
    case 3:
      return {
        type: 'returned', epoch, leaf: reader.uint32(), certificateHash: reader.fixed(32), device: reader.fixed(32), keyPackageRef: reader.vector(64, 64),
      };
    case 4:
      return { type: 'departed', epoch, leaf: reader.uint32() };
    case 5:
      return { type: 'removed', epoch, leaf: reader.uint32(), removal: signed(parseSigned(removalForm, reader.vector(1, ticketMaximum))) };
    default:
      return { type: 'recorded', epoch, record: signed(parseSigned(recordForm, reader.vector(1, recordMaximum))) };
  }
}
