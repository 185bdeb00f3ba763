import { extensionsEqual } from 'ts-mls/extension.js';
import type { KeyPackage } from 'ts-mls/keyPackage.js';
import type { LeafNode } from 'ts-mls/leafNode.js';
import { equal, hex, type Bytes } from './bytes';
import { addsMaximum, parseCommitData, type AddReason, type CommitData } from './commitData';
import { requiredCapabilities, type MlsEngine } from './engine';
import type { Group } from './group';
import { isValidAt, type Identities, type LeafIdentity } from './identity';
import { chainOf, isOurKindOfLeaf, parseCommit, type CommitFormFault, type ParsedCommit } from './messages';
import { sameParty } from './party';
import { ticketLife } from './proofs';
import type { Register, RegisterFault } from './register';
import type { RegisterEntry } from './registerEntry';
import { suiteName } from './suite';

/** Why a commit, a key package or a Welcome is refused (docs/e2ee.md §9). */
export type GuardFault =
  | CommitFormFault | RegisterFault
  | 'foreignGroup' | 'foreignSuite' | 'foreignExtensions' | 'wrongEpoch' | 'pathMissing' | 'identityChanged' | 'keyReused'
  | 'certificateInvalid' | 'lifetimeInvalid' | 'dataMalformed' | 'timeRunsBack' | 'registerMismatch' | 'cryptoFailed';

/** Where a member stands: an epoch, and the register after it. */
export interface GroupView {
  readonly group: Group;
  readonly register: Register;
  /** Of the commit that began the epoch, ms of meeting time. */
  readonly committedAt: number;
}

export interface AppliedCommit {
  readonly before: GroupView;
  readonly after: GroupView;
  readonly commit: ParsedCommit;
  readonly data: CommitData;
}

/** How far commits may run back against each other, ms: clocks of committers differ. */
export const clockSlack = 60_000;

/**
 * Stands before the library and behind it: a commit becomes the state only if everything holds that docs/e2ee.md §9 lists. The library lets much of it
 * through: it accepts every credential, checks no lifetime on receipt, no path where only records change, and remembers no key package.
 * All of it depends on the log alone, so honest members agree.
 */
export class GroupGuard {
  readonly #engine: MlsEngine;
  readonly #identities: Identities;

  constructor(engine: MlsEngine, identities: Identities) {
    this.#engine = engine;
    this.#identities = identities;
  }

  /** Applies a commit of the log. A fault leaves everything as it was. @param own the outcome, where the commit is one's own */
  async apply(view: GroupView, bytes: Bytes, own: Group | null = null): Promise<AppliedCommit | GuardFault> {
    const commit = parseCommit(bytes);
    if (typeof commit === 'string') return commit;
    const judged = await this.judge(view, commit);
    if (typeof judged === 'string') return judged;
    const group = own ?? await this.#engine.process(view.group, commit);
    if (group === null) return 'cryptoFailed';
    const after = { group, register: judged.register, committedAt: judged.data.committedAt };
    const fault = group.isMember ? checkTree(after, view.group.epoch + 1n) : null;
    return fault ?? { before: view, after, commit, data: judged.data };
  }

  /** Everything but cryptography: the register after the commit, or why not. */
  async judge(view: GroupView, commit: ParsedCommit): Promise<{ readonly register: Register; readonly data: CommitData } | GuardFault> {
    const { group, register } = view;
    if (!group.isOwnGroup(commit.groupId)) return 'foreignGroup';
    if (commit.epoch !== group.epoch) return 'wrongEpoch';
    if (!register.members.has(commit.sender)) return 'notMember';
    if (commit.removes.includes(commit.sender) || new Set(commit.removes).size !== commit.removes.length) return 'proposalRefused';
    if (commit.removes.some(leaf => !register.members.has(leaf)) || commit.adds.length > addsMaximum) return 'proposalRefused';
    const data = parseCommitData(commit.data);
    if (data === null || data.adds.length !== commit.adds.length || data.removes.length !== commit.removes.length) return 'dataMalformed';
    if (commit.pathLeaf === null && (commit.adds.length === 0 || commit.removes.length > 0 || data.record !== null)) return 'pathMissing';
    const pathFault = checkPath(group, commit);
    if (pathFault !== null) return pathFault;
    if (data.committedAt < view.committedAt - clockSlack) return 'timeRunsBack';
    if (!equal(data.registerHash, register.hash)) return 'registerMismatch';
    const next = register.clone();
    const fault = await this.#replay(next, view, commit, data);
    if (fault !== null) return fault;
    next.settle();
    return { register: next, data };
  }

  /**
   * What a key package proves, if it could be added now: for moderators before they sign a ticket, and for committers.
   * @param at meeting time, ms
   */
  async inspect(view: GroupView, keyPackage: KeyPackage, at: number): Promise<{ readonly identity: LeafIdentity; readonly reference: Bytes } | GuardFault> {
    return this.#inspect(keyPackage, at, view.register, new Set(view.group.encryptionKeys.map(hex)), signatureKeys(view.group));
  }

  async #replay(next: Register, view: GroupView, commit: ParsedCommit, data: CommitData): Promise<GuardFault | null> {
    const epoch = view.group.epoch + 1n;
    const replaced = commit.removes.filter((_, index) => data.removes[index]!.type === 'replaced');
    const returning = data.adds.flatMap(reason => (reason.type === 'return' && reason.oldLeaf !== null ? [reason.oldLeaf] : []));
    if (replaced.length !== returning.length || replaced.some(leaf => !returning.includes(leaf))) return 'returnInvalid';
    const old = new Map(replaced.map(leaf => [leaf, next.members.get(leaf)!]));
    for (const [index, leaf] of commit.removes.entries()) {
      const reason = data.removes[index]!;
      const entry: RegisterEntry = reason.type === 'removed' ? { type: 'removed', epoch, leaf, removal: reason.removal } : { type: 'departed', epoch, leaf };
      const fault = await next.apply(entry);
      if (fault !== null) return fault;
    }
    if (data.record !== null) {
      const fault = await next.apply({ type: 'recorded', epoch, record: data.record });
      if (fault !== null) return fault;
    }
    const encryptionKeys = new Set([...view.group.encryptionKeys, ...commit.pathKeys].map(hex));
    if (commit.pathLeaf !== null) encryptionKeys.add(hex(commit.pathLeaf.hpkePublicKey));
    const leafKeys = signatureKeys(view.group);
    for (const [index, keyPackage] of commit.adds.entries()) {
      const known = await this.#inspect(keyPackage, data.committedAt, next, encryptionKeys, leafKeys);
      if (typeof known === 'string') return known;
      const { identity, reference } = known;
      const reason = data.adds[index]!;
      if (!isCovered(reason, identity, reference, data.committedAt)) return reason.type === 'ticket' ? 'ticketInvalid' : 'returnInvalid';
      if (reason.type === 'return') {
        const before = reason.oldLeaf === null ? null : old.get(reason.oldLeaf)!;
        if (before !== null && !equal(before.device, identity.device)) return 'returnInvalid';
      }
      const leaf = next.freeLeaf;
      const entry: RegisterEntry = reason.type === 'ticket'
        ? { type: 'admitted', epoch, leaf, ticket: reason.ticket }
        : { type: 'returned', epoch, leaf, certificateHash: identity.certificateHash, device: identity.device, keyPackageRef: reference };
      const fault = await next.apply(entry, identity);
      if (fault !== null) return fault;
    }
    return null;
  }

  async #inspect(
    keyPackage: KeyPackage, at: number, register: Register, encryptionKeys: Set<string>, leafKeys: Set<string>,
  ): Promise<{ readonly identity: LeafIdentity; readonly reference: Bytes } | GuardFault> {
    const { leafNode, initKey } = keyPackage;
    if (keyPackage.version !== 'mls10' || keyPackage.cipherSuite !== suiteName) return 'foreignSuite';
    if (keyPackage.extensions.length > 0 || !isOurKindOfLeaf(leafNode)) return 'foreignExtensions';
    const identity = await this.identityOfLeaf(leafNode, register);
    if (identity === null || !isValidAt(identity, at)) return 'certificateInvalid';
    const { lifetime } = leafNode;
    if (lifetime.notBefore !== BigInt(identity.notBefore) || lifetime.notAfter !== BigInt(identity.notAfter)) return 'lifetimeInvalid';
    // Every key is seen once: as an init key, as an encryption key, as a signature key of a leaf.
    for (const key of [leafNode.hpkePublicKey, initKey].map(hex)) {
      if (encryptionKeys.has(key)) return 'keyReused';
      encryptionKeys.add(key);
    }
    const signatureKey = hex(leafNode.signaturePublicKey);
    if (leafKeys.has(signatureKey)) return 'keyReused';
    leafKeys.add(signatureKey);
    const reference = await this.#engine.referenceOf(keyPackage);
    return register.isUsed(reference) ? 'keyPackageReused' : { identity, reference };
  }

  /** What a leaf's chain proves in this meeting; null if it does not prove the leaf's signature key. */
  async identityOfLeaf(leaf: LeafNode, register: Register): Promise<LeafIdentity | null> {
    const identity = await this.#identities.of(chainOf(leaf));
    if (identity === null || !equal(identity.leafKey, leaf.signaturePublicKey) || !equal(identity.statementHash, register.statement.hash)) return null;
    return identity;
  }
}

/** The group is as founded, and its leaves are those of the register. */
export function checkTree({ group, register }: GroupView, epoch: bigint): GuardFault | null {
  const context = group.state.groupContext;
  if (context.version !== 'mls10' || context.cipherSuite !== suiteName) return 'foreignSuite';
  if (!group.isOwnGroup(register.groupId)) return 'foreignGroup';
  if (!extensionsEqual(context.extensions, [requiredCapabilities])) return 'foreignExtensions';
  if (context.epoch !== epoch) return 'wrongEpoch';
  const { leaves } = group;
  if (leaves.length !== register.members.size) return 'registerMismatch';
  for (const { leaf, node } of leaves) {
    const identity = register.members.get(leaf)?.identity ?? null;
    if (!isOurKindOfLeaf(node)) return 'foreignExtensions';
    const chain = chainOf(node);
    if (identity === null || identity.chain.length !== chain.length || !identity.chain.every((item, index) => equal(item, chain[index]!))) return 'registerMismatch';
    if (!equal(identity.leafKey, node.signaturePublicKey)) return 'identityChanged';
  }
  return null;
}

/** The committer's new leaf is the same person under the same key, with encryption keys that nobody has had. */
function checkPath(group: Group, commit: ParsedCommit): GuardFault | null {
  if (commit.pathLeaf === null) return null;
  const leaf = group.leafAt(commit.sender)!;
  const next = commit.pathLeaf;
  if (!isOurKindOfLeaf(next)) return 'foreignExtensions';
  const [before, after] = [chainOf(leaf), chainOf(next)];
  if (!equal(leaf.signaturePublicKey, next.signaturePublicKey)) return 'identityChanged';
  if (before.length !== after.length || !before.every((item, index) => equal(item, after[index]!))) return 'identityChanged';
  const keys = [next.hpkePublicKey, ...commit.pathKeys].map(hex);
  const known = new Set(group.encryptionKeys.map(hex));
  return new Set(keys).size !== keys.length || keys.some(key => known.has(key)) ? 'keyReused' : null;
}

/** The reason given is for this very key package, and fresh at the commit's time. Who signed it is the register's to judge. */
function isCovered(reason: AddReason, identity: LeafIdentity, reference: Bytes, committedAt: number): boolean {
  if (reason.type === 'return') {
    const age = committedAt - identity.issuedAt;
    return age >= -clockSlack && age <= returnFreshness;
  }
  const { certificateHash, device, party, keyPackageRef, expiresAt } = reason.ticket.content;
  return equal(certificateHash, identity.certificateHash) && equal(device, identity.device) && sameParty(party, identity.party)
    && equal(keyPackageRef, reference) && committedAt <= expiresAt && committedAt >= expiresAt - ticketLife;
}

/** Oldest certificate with which a device may come back, ms: an old key package that the server kept does not do. */
const returnFreshness = 120_000;

function signatureKeys(group: Group): Set<string> {
  return new Set(group.leaves.map(({ node }) => hex(node.signaturePublicKey)));
}
