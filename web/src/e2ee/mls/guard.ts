import { extensionsEqual } from 'ts-mls/extension.js';
import { equal, nameOf, type Bytes } from './bytes';
import { addsMaximum, parseCommitData, type CommitData } from './commitData';
import { requiredCapabilities, type MlsEngine } from './engine';
import type { Group } from './group';
import { Inspector } from './inspect';
import type { Identities } from './identity';
import { chainOf, isOurKindOfLeaf, parseCommit, type CommitFormFault, type ParsedCommit } from './messages';
import { clockSlack, CommitReplay } from './replay';
import type { Register, RegisterFault } from './register';
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

/**
 * Stands before the library and behind it: a commit becomes the state only if everything holds that docs/e2ee.md §9 lists. The library lets much of it
 * through: it accepts every credential, checks no lifetime on receipt, no path where only records change, and remembers no key package.
 * All of it depends on the log alone, so honest members agree.
 */
export class GroupGuard {
  readonly inspector: Inspector;
  readonly #engine: MlsEngine;

  constructor(engine: MlsEngine, identities: Identities) {
    this.#engine = engine;
    this.inspector = new Inspector(engine, identities);
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
    if (commit.adds.length > addsMaximum) return 'proposalRefused';
    const data = parseCommitData(commit.data);
    if (data === null || data.adds.length !== commit.adds.length || data.removes.length !== commit.removes.length) return 'dataMalformed';
    if (commit.pathLeaf === null && (commit.adds.length === 0 || commit.removes.length > 0 || data.record !== null)) return 'pathMissing';
    const pathFault = checkPath(group, commit);
    if (pathFault !== null) return pathFault;
    if (data.committedAt < view.committedAt - clockSlack) return 'timeRunsBack';
    if (!equal(data.registerHash, register.hash)) return 'registerMismatch';
    const replay = new CommitReplay(this.inspector, view, data.committedAt, pathKeys(commit));
    const fault = await steps(replay, commit, data);
    return fault ?? { register: replay.register, data };
  }
}

async function steps(replay: CommitReplay, commit: ParsedCommit, data: CommitData): Promise<GuardFault | null> {
  for (const [index, leaf] of commit.removes.entries()) {
    const fault = await replay.remove(leaf, data.removes[index]!);
    if (fault !== null) return fault;
  }
  const recordFault = data.record === null ? null : await replay.change(data.record);
  if (recordFault !== null) return recordFault;
  for (const [index, keyPackage] of commit.adds.entries()) {
    const fault = await replay.add(keyPackage, data.adds[index]!);
    if (fault !== null) return fault;
  }
  return replay.finish();
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
    if (identity === null || !sameChain(identity.chain, chainOf(node))) return 'registerMismatch';
    if (!equal(identity.leafKey, node.signaturePublicKey)) return 'identityChanged';
  }
  return null;
}

/** The committer's new leaf is the same person under the same key, with encryption keys that nobody has. */
function checkPath(group: Group, commit: ParsedCommit): GuardFault | null {
  if (commit.pathLeaf === null) return null;
  const leaf = group.leafAt(commit.sender)!;
  const next = commit.pathLeaf;
  if (!isOurKindOfLeaf(next)) return 'foreignExtensions';
  if (!equal(leaf.signaturePublicKey, next.signaturePublicKey) || !sameChain(chainOf(leaf), chainOf(next))) return 'identityChanged';
  const keys = pathKeys(commit).map(nameOf);
  const known = new Set(group.encryptionKeys);
  return new Set(keys).size !== keys.length || keys.some(key => known.has(key)) ? 'keyReused' : null;
}

function pathKeys(commit: ParsedCommit): Uint8Array[] {
  return commit.pathLeaf === null ? [] : [commit.pathLeaf.hpkePublicKey, ...commit.pathKeys];
}

function sameChain(a: readonly Bytes[], b: readonly Bytes[]): boolean {
  return a.length === b.length && a.every((item, index) => equal(item, b[index]!));
}
