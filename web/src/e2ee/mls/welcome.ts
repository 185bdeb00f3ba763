import { equal, hex, nameOf, type Bytes } from './bytes';
import type { MlsEngine, OwnKeyPackage } from './engine';
import type { Group } from './group';
import { checkTree, type GroupGuard, type GroupView, type GuardFault } from './guard';
import { identityOf, type LeafIdentity } from './identity';
import { isOurKindOfLeaf } from './messages';
import { Register } from './register';
import { parseRegister, type RegisterEntry } from './registerEntry';
import type { SignedStatement } from './statement';

/**
 * Enters a group by its Welcome: only if the register that comes with it, played from the founding statement by the rules that members keep, leads to
 * exactly the tree that is there, and ends with oneself. So a committer can tell joiners no other story than he can tell members.
 */
export async function acceptWelcome(
  engine: MlsEngine, guard: GroupGuard, statement: SignedStatement, generation: number, own: OwnKeyPackage, welcome: Bytes,
): Promise<GroupView | GuardFault> {
  const joined = await engine.join(welcome, own);
  if (joined === null) return 'cryptoFailed';
  const { group } = joined;
  const told = parseRegister(joined.register);
  if (told === null) return 'dataMalformed';
  const register = await Register.start(statement, generation);
  if (!group.isOwnGroup(register.groupId)) return 'foreignGroup';
  const present = await presentIdentities(guard, group, register);
  if (typeof present === 'string') return present;
  const known = new Map([...present.values()].map(identity => [hex(identity.certificateHash), identity]));
  for (const chain of told.chains) {
    const identity = await identityOf(chain, statement.identityRoots);
    if (identity === null || !equal(identity.statementHash, statement.hash)) return 'certificateInvalid';
    known.set(hex(identity.certificateHash), identity);
  }
  const fault = await play(register, told.entries, known, group.epoch);
  if (fault !== null) return fault;
  const view = { group, register, committedAt: told.committedAt };
  return checkTree(view, group.epoch) ?? checkOwn(view, own) ?? view;
}

async function presentIdentities(guard: GroupGuard, group: Group, register: Register): Promise<ReadonlyMap<number, LeafIdentity> | GuardFault> {
  const present = new Map<number, LeafIdentity>();
  for (const { leaf, node } of group.leaves) {
    if (!isOurKindOfLeaf(node)) return 'foreignExtensions';
    const identity = await guard.inspector.identityOf(node, register.statement);
    if (identity === null) return 'certificateInvalid';
    present.set(leaf, identity);
  }
  const keys = [...group.encryptionKeys, ...[...present.values()].map(identity => nameOf(identity.leafKey))];
  return new Set(keys).size === keys.length ? present : 'keyReused';
}

async function play(
  register: Register, entries: readonly RegisterEntry[], known: ReadonlyMap<string, LeafIdentity>, last: bigint,
): Promise<GuardFault | null> {
  let epoch = 0n;
  for (const [index, entry] of entries.entries()) {
    if (entry.epoch < epoch || entry.epoch > last) return 'registerMismatch';
    if ((entry.type === 'founded') !== (index === 0) || (entry.type === 'founded') !== (entry.epoch === 0n)) return 'registerMismatch';
    if (entry.epoch > epoch) register.settle();
    epoch = entry.epoch;
    const fault = await register.apply(entry, identityIn(entry, known));
    if (fault !== null) return fault;
  }
  register.settle();
  return null;
}

function identityIn(entry: RegisterEntry, known: ReadonlyMap<string, LeafIdentity>): LeafIdentity | null {
  switch (entry.type) {
    case 'founded':
    case 'returned': return known.get(hex(entry.certificateHash)) ?? null;
    case 'admitted': return known.get(hex(entry.ticket.content.certificateHash)) ?? null;
    default: return null;
  }
}

/** The leaf that the Welcome gives is the one that the register's last word about it gives to this very key package. */
function checkOwn({ group, register }: GroupView, own: OwnKeyPackage): GuardFault | null {
  const last = register.entries.findLast(entry => (entry.type === 'admitted' || entry.type === 'returned') && entry.leaf === group.ownLeaf);
  const reference = last?.type === 'admitted' ? last.ticket.content.keyPackageRef : last?.type === 'returned' ? last.keyPackageRef : null;
  return reference !== null && equal(reference, own.reference) && last?.epoch === group.epoch ? null : 'registerMismatch';
}
