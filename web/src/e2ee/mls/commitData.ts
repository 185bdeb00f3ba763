import type { Bytes } from './bytes';
import { decode, encode, type Reader, type Writer } from './codec';
import { parseSigned, recordForm, recordMaximum, removalForm, ticketForm, ticketMaximum, type Removal, type Signed, type StateRecord, type Ticket } from './proofs';

/** Why each Add of a commit is allowed. */
export type AddReason =
  | { readonly type: 'ticket'; readonly ticket: Signed<Ticket> }
  /** The device was admitted before; its old leaf goes in the same commit, or null: is gone. */
  | { readonly type: 'return'; readonly oldLeaf: number | null };

/** Why each Remove of a commit is allowed. */
export type RemoveReason =
  | { readonly type: 'departed' | 'replaced' }
  | { readonly type: 'removed'; readonly removal: Signed<Removal> };

/** The authenticated data of a commit (docs/e2ee.md §7). */
export interface CommitData {
  /** Meeting time, ms. */
  readonly committedAt: number;
  /** Of the register before this commit. */
  readonly registerHash: Bytes;
  readonly adds: readonly AddReason[];
  readonly removes: readonly RemoveReason[];
  readonly record: Signed<StateRecord> | null;
}

export const commitDataMaximum = 65_536;

/** Most Adds of one commit. */
export const addsMaximum = 50;

const gone = 0xffffffff;

export function encodeCommitData(data: CommitData): Bytes {
  return encode(writer => writer
    .uint8(1).uint64(data.committedAt).fixed(data.registerHash)
    .list(data.adds, writeAdd).list(data.removes, writeRemove)
    .optional(data.record, (inner, record) => inner.vector(record.bytes)));
}

export function parseCommitData(bytes: Uint8Array): CommitData | null {
  if (bytes.length > commitDataMaximum) return null;
  return decode(bytes, reader => {
    reader.oneOf(reader.uint8(), [1]);
    return {
      committedAt: reader.safe64(),
      registerHash: reader.fixed(32),
      adds: reader.list(readAdd, addsMaximum),
      removes: reader.list(readRemove, 1024),
      record: reader.optional(inner => required(inner, parseSigned(recordForm, inner.vector(1, recordMaximum)))),
    };
  });
}

function writeAdd(writer: Writer, reason: AddReason): void {
  if (reason.type === 'ticket') writer.uint8(1).vector(reason.ticket.bytes);
  else writer.uint8(2).uint32(reason.oldLeaf ?? gone);
}

function readAdd(reader: Reader): AddReason {
  if (reader.oneOf(reader.uint8(), [1, 2]) === 1) {
    return { type: 'ticket', ticket: required(reader, parseSigned(ticketForm, reader.vector(1, ticketMaximum))) };
  }
  const oldLeaf = reader.uint32();
  return { type: 'return', oldLeaf: oldLeaf === gone ? null : oldLeaf };
}

function writeRemove(writer: Writer, reason: RemoveReason): void {
  if (reason.type === 'removed') writer.uint8(3).vector(reason.removal.bytes);
  else writer.uint8(reason.type === 'departed' ? 1 : 2);
}

function readRemove(reader: Reader): RemoveReason {
  switch (reader.oneOf(reader.uint8(), [1, 2, 3])) {
    case 1: return { type: 'departed' };
    case 2: return { type: 'replaced' };
    default: return { type: 'removed', removal: required(reader, parseSigned(removalForm, reader.vector(1, ticketMaximum))) };
  }
}

function required<T>(reader: Reader, value: T | null): T {
  reader.ensure(value !== null);
  return value!;
}
