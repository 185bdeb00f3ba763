import { text, utf8, type Bytes } from './bytes';
import { decode, encode, type Reader, type Writer } from './codec';
import { isName } from './certificate';
import { readParty, readRole, writeParty, writeRole, type Party, type Role } from './party';
import { signatureLength, verify, type SignatureLabel, type SigningKey } from './signing';

/** The signed acts that commits carry: tickets, removals, state records (docs/e2ee.md §7). */

export const ticketMaximum = 1024;
export const recordMaximum = 16_384;

/** A ticket is good for this many epochs from the one in which it was signed. */
export const proofEpochs = 16n;

/** A ticket's life, ms. */
export const ticketLife = 120_000;

const issuers = ['member', 'founding', 'organization'] as const;
export type Issuer = (typeof issuers)[number];

/** Leave to add one key package of one device, once. */
export interface Ticket {
  readonly groupId: Bytes;
  readonly issuer: Issuer;
  /** Leaf index, or index of the organisation's key, or 0. */
  readonly signer: number;
  readonly issuingEpoch: bigint;
  readonly certificateHash: Bytes;
  readonly device: Bytes;
  readonly party: Party;
  readonly keyPackageRef: Bytes;
  readonly role: Role;
  /** Meeting time, ms. */
  readonly expiresAt: number;
}

/** A moderator removes a leaf, and takes the return right from its device and its account. */
export interface Removal {
  readonly groupId: Bytes;
  readonly signer: number;
  readonly issuingEpoch: bigint;
  readonly leaf: number;
  readonly device: Bytes;
  readonly party: Party;
  readonly issuedAt: number;
}

export type StateChange =
  | { readonly type: 'recording'; readonly on: boolean }
  | { readonly type: 'label'; readonly label: string; readonly rank: number }
  | { readonly type: 'role'; readonly device: Bytes; readonly role: Role }
  | { readonly type: 'guest'; readonly device: Bytes; readonly name: string }
  /** The host hands over to this party; the last change of its record, since its signer is no host after it. */
  | { readonly type: 'host'; readonly party: Party };

/** What changes during a meeting: number n names record n − 1 by its hash. */
export interface StateRecord {
  readonly groupId: Bytes;
  readonly number: number;
  readonly previous: Bytes;
  readonly signer: number;
  readonly issuingEpoch: bigint;
  readonly issuedAt: number;
  readonly changes: readonly StateChange[];
}

/** A signed act: what it says, and its bytes with the signature. */
export interface Signed<T> {
  readonly content: T;
  readonly bytes: Bytes;
}

interface Form<T> {
  readonly label: SignatureLabel;
  readonly maximum: number;
  write(writer: Writer, content: T): void;
  read(reader: Reader): T;
}

export const ticketForm: Form<Ticket> = {
  label: 'ticket',
  maximum: ticketMaximum,
  write(writer, ticket) {
    writer.vector(ticket.groupId).uint8(issuers.indexOf(ticket.issuer) + 1).uint32(ticket.signer).uint64(ticket.issuingEpoch)
      .fixed(ticket.certificateHash).fixed(ticket.device);
    writeParty(writer, ticket.party);
    writer.vector(ticket.keyPackageRef);
    writeRole(writer, ticket.role);
    writer.uint64(ticket.expiresAt);
  },
  read: reader => ({
    groupId: reader.vector(36, 36),
    issuer: issuers[reader.oneOf(reader.uint8(), [1, 2, 3]) - 1]!,
    signer: reader.uint32(),
    issuingEpoch: reader.uint64(),
    certificateHash: reader.fixed(32),
    device: reader.fixed(32),
    party: readParty(reader),
    keyPackageRef: reader.vector(64, 64),
    role: readRole(reader),
    expiresAt: reader.safe64(),
  }),
};

export const removalForm: Form<Removal> = {
  label: 'removal',
  maximum: ticketMaximum,
  write(writer, removal) {
    writer.vector(removal.groupId).uint32(removal.signer).uint64(removal.issuingEpoch).uint32(removal.leaf).fixed(removal.device);
    writeParty(writer, removal.party);
    writer.uint64(removal.issuedAt);
  },
  read: reader => ({
    groupId: reader.vector(36, 36),
    signer: reader.uint32(),
    issuingEpoch: reader.uint64(),
    leaf: reader.uint32(),
    device: reader.fixed(32),
    party: readParty(reader),
    issuedAt: reader.safe64(),
  }),
};

export const recordForm: Form<StateRecord> = {
  label: 'record',
  maximum: recordMaximum,
  write(writer, record) {
    writer.vector(record.groupId).uint64(record.number).fixed(record.previous).uint32(record.signer).uint64(record.issuingEpoch)
      .uint64(record.issuedAt).list(record.changes, writeChange);
  },
  read(reader) {
    const record = {
      groupId: reader.vector(36, 36),
      number: reader.safe64(),
      previous: reader.fixed(32),
      signer: reader.uint32(),
      issuingEpoch: reader.uint64(),
      issuedAt: reader.safe64(),
      changes: reader.list(readChange, 64),
    };
    reader.ensure(record.changes.length > 0 && record.changes.slice(0, -1).every(change => change.type !== 'host'));
    return record;
  },
};

export async function sign<T>(form: Form<T>, content: T, key: SigningKey): Promise<Signed<T>> {
  const tbs = encode(writer => form.write(writer, content));
  const signature = await key.sign(form.label, tbs);
  return { content, bytes: encode(writer => writer.fixed(tbs).fixed(signature)) };
}

/** Null for what is not of the form. Whether the signature holds is {@link isSigned}: that needs to know who the signer is. */
export function parseSigned<T>(form: Form<T>, bytes: Bytes): Signed<T> | null {
  if (bytes.length > form.maximum) return null;
  const content = decode(bytes, reader => {
    const read = form.read(reader);
    reader.fixed(signatureLength);
    return read;
  });
  return content === null ? null : { content, bytes };
}

export function isSigned<T>(form: Form<T>, signed: Signed<T>, publicKey: Uint8Array): Promise<boolean> {
  const end = signed.bytes.length - signatureLength;
  return verify(publicKey, form.label, signed.bytes.subarray(0, end), signed.bytes.subarray(end));
}

function writeChange(writer: Writer, change: StateChange): void {
  switch (change.type) {
    case 'recording':
      writer.uint8(1).uint8(change.on ? 1 : 0);
      break;
    case 'label':
      writer.uint8(2).vector(utf8(change.label)).uint8(change.rank);
      break;
    case 'role':
      writer.uint8(3).fixed(change.device);
      writeRole(writer, change.role);
      break;
    case 'guest':
      writer.uint8(4).fixed(change.device).vector(utf8(change.name));
      break;
    case 'host':
      writer.uint8(5);
      writeParty(writer, change.party);
      break;
  }
}

function readChange(reader: Reader): StateChange {
  switch (reader.oneOf(reader.uint8(), [1, 2, 3, 4, 5])) {
    case 1:
      return { type: 'recording', on: reader.oneOf(reader.uint8(), [0, 1]) === 1 };
    case 2: {
      const label = text(reader.vector(1, 64)) ?? '';
      reader.ensure(/^[a-z0-9-]+$/.test(label));
      return { type: 'label', label, rank: reader.uint8() };
    }
    case 3:
      return { type: 'role', device: reader.fixed(32), role: readRole(reader) };
    case 5:
      return { type: 'host', party: readParty(reader) };
    default: {
      const device = reader.fixed(32);
      const name = text(reader.vector(1, 320)) ?? '';
      reader.ensure(isName(name));
      return { type: 'guest', device, name };
    }
  }
}
