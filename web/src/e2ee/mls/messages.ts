import type { Capabilities } from 'ts-mls/capabilities.js';
import type { KeyPackage } from 'ts-mls/keyPackage.js';
import type { LeafNode } from 'ts-mls/leafNode.js';
import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from 'ts-mls/message.js';
import type { PublicMessage } from 'ts-mls/publicMessage.js';
import { equal, type Bytes } from './bytes';
import { chainMaximum, type Chain } from './identity';
import { registerExtensionType } from './registerEntry';
import { suiteName } from './suite';

/** Longest messages, bytes (docs/e2ee.md §21). */
export const keyPackageMaximum = 8192;
export const commitMaximum = 400_000;

/** A commit as it stands on the wire, taken apart and not judged. */
export interface ParsedCommit {
  readonly message: PublicMessage;
  readonly bytes: Bytes;
  readonly groupId: Bytes;
  readonly epoch: bigint;
  readonly sender: number;
  readonly data: Bytes;
  /** In order; null: a proposal that is not allowed. */
  readonly removes: readonly number[];
  readonly adds: readonly KeyPackage[];
  readonly pathLeaf: LeafNode | null;
  readonly pathKeys: readonly Bytes[];
}

export type CommitFormFault = 'malformed' | 'notMember' | 'proposalRefused';

/** An MLSMessage that fills the bytes in its one encoding; null for anything else. */
export function parseMessage(bytes: Uint8Array): MLSMessage | null {
  try {
    const decoded = decodeMlsMessage(bytes, 0);
    if (decoded === undefined || decoded[1] !== bytes.length) return null;
    return equal(encodeMlsMessage(decoded[0]), bytes) ? decoded[0] : null;
  } catch {
    // The library's decoders throw on some of what is malformed.
    return null;
  }
}

export function parseKeyPackage(bytes: Uint8Array): KeyPackage | null {
  if (bytes.length > keyPackageMaximum) return null;
  const message = parseMessage(bytes);
  return message?.wireformat === 'mls_key_package' ? message.keyPackage : null;
}

/** Takes a commit apart: a PublicMessage of a member, its proposals inline, Removes before Adds. */
export function parseCommit(bytes: Bytes): ParsedCommit | CommitFormFault {
  const message = bytes.length > commitMaximum ? null : parseMessage(bytes);
  if (message?.wireformat !== 'mls_public_message' || message.publicMessage.content.contentType !== 'commit') return 'malformed';
  const { content } = message.publicMessage;
  if (content.sender.senderType !== 'member') return 'notMember';
  const removes: number[] = [];
  const adds: KeyPackage[] = [];
  for (const item of content.commit.proposals) {
    if (item.proposalOrRefType !== 'proposal') return 'proposalRefused';
    if (item.proposal.proposalType === 'remove' && adds.length === 0) removes.push(item.proposal.remove.removed);
    else if (item.proposal.proposalType === 'add') adds.push(item.proposal.add.keyPackage);
    else return 'proposalRefused';
  }
  return {
    message: message.publicMessage,
    bytes,
    groupId: content.groupId as Bytes,
    epoch: content.epoch,
    sender: content.sender.leafIndex,
    data: content.authenticatedData as Bytes,
    removes,
    adds,
    pathLeaf: content.commit.path?.leafNode ?? null,
    pathKeys: (content.commit.path?.nodes ?? []).map(node => node.hpkePublicKey as Bytes),
  };
}

/** What every leaf of ours can, no more and no less. */
export function leafCapabilities(): Capabilities {
  return { versions: ['mls10'], ciphersuites: [suiteName], extensions: [registerExtensionType], proposals: [], credentials: ['x509'] };
}

/** True for a leaf without extensions that can exactly what ours can, with a chain of certificates as its credential. */
export function isOurKindOfLeaf(leaf: LeafNode): boolean {
  const { capabilities, credential, extensions } = leaf;
  if (extensions.length > 0 || credential.credentialType !== 'x509') return false;
  const { certificates } = credential;
  if (certificates.length < 1 || certificates.length > 2 || certificates.reduce((sum, item) => sum + item.length, 0) > chainMaximum) return false;
  return JSON.stringify(capabilities) === JSON.stringify(leafCapabilities());
}

/** Only for leaves that {@link isOurKindOfLeaf} is true of. */
export function chainOf(leaf: LeafNode): Chain {
  return leaf.credential.credentialType === 'x509' ? leaf.credential.certificates as Bytes[] : [];
}
