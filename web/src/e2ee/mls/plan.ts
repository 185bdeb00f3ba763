import type { KeyPackage } from 'ts-mls/keyPackage.js';
import { addsMaximum, encodeCommitData, type AddReason, type RemoveReason } from './commitData';
import type { MlsEngine, PendingCommit } from './engine';
import type { GroupGuard, GroupView, GuardFault } from './guard';
import type { WorkItem } from './memberTypes';
import { parseCommit, parseKeyPackage } from './messages';
import { parseSigned, recordForm, removalForm, ticketForm, type Signed, type StateRecord } from './proofs';
import { clockSlack, CommitReplay } from './replay';
import { encodeRegister } from './registerEntry';

export interface PlannedCommit {
  readonly pending: PendingCommit | null;
  /** Work that the commit does. */
  readonly done: readonly string[];
  readonly refused: readonly { readonly id: string; readonly fault: GuardFault }[];
}

/** Work of one kind after another: the order in which a commit's entries take effect. Returns bring a Remove and an Add, which come apart. */
const beforeAdds = ['departure', 'removal', 'return', 'record'] as const;

/**
 * Makes one commit of as much of the work as may be, and none where nothing may. What the guard would refuse is left out and named, so one bad key
 * package does not hold up the others. What concerns the committer's own leaf is left to others.
 * @param at meeting time, ms
 */
export async function planCommit(engine: MlsEngine, guard: GroupGuard, view: GroupView, work: readonly WorkItem[], at: number): Promise<PlannedCommit> {
  const committedAt = Math.max(Math.floor(at), view.committedAt - clockSlack);
  const plan = new Plan(guard, view, committedAt);
  for (const kind of beforeAdds) {
    for (const item of work) if (item.kind === kind) await plan.take(item);
  }
  const spoilt = await plan.takeReturns();
  if (spoilt !== null) {
    // Its Remove is in the plan already: once more without it.
    const rest = await planCommit(engine, guard, view, work.filter(item => item.id !== spoilt.id), at);
    return { ...rest, refused: [...rest.refused, spoilt] };
  }
  for (const item of work) if (item.kind === 'admission') await plan.take(item);
  const { adds, removes, record } = plan;
  if (work.length > 0 && plan.done.length === 0) return { pending: null, done: [], refused: plan.refused };
  plan.replay.finish();
  const data = encodeCommitData({
    committedAt, registerHash: view.register.hash, adds: adds.map(add => add.reason), removes: removes.map(remove => remove.reason), record,
  });
  const register = encodeRegister(plan.replay.register.extension(committedAt));
  const change = { adds: adds.map(add => add.keyPackage), removes: removes.map(remove => remove.leaf) };
  const pending = await engine.commit(view.group, change, data, register);
  // The last word is the guard's: nothing is posted that others would refuse.
  const parsed = pending === null ? 'malformed' : parseCommit(pending.commit);
  if (pending === null || typeof parsed === 'string' || typeof await guard.judge(view, parsed) === 'string') {
    return { pending: null, done: [], refused: plan.refused };
  }
  return { pending, done: plan.done, refused: plan.refused };
}

class Plan {
  readonly replay: CommitReplay;
  readonly adds: { readonly keyPackage: KeyPackage; readonly reason: AddReason }[] = [];
  readonly removes: { readonly leaf: number; readonly reason: RemoveReason }[] = [];
  readonly done: string[] = [];
  readonly refused: { readonly id: string; readonly fault: GuardFault }[] = [];
  readonly #guard: GroupGuard;
  readonly #view: GroupView;
  readonly #at: number;
  readonly #returns: { readonly item: WorkItem; readonly keyPackage: KeyPackage; readonly oldLeaf: number | null }[] = [];
  record: Signed<StateRecord> | null = null;

  constructor(guard: GroupGuard, view: GroupView, at: number) {
    this.#guard = guard;
    this.#view = view;
    this.#at = at;
    this.replay = new CommitReplay(guard.inspector, view, at, []);
  }

  async take(item: WorkItem): Promise<void> {
    switch (item.kind) {
      case 'departure': return this.#remove(item, item.leaf ?? -1, { type: 'departed' });
      case 'removal': {
        const removal = item.proof === null ? null : parseSigned(removalForm, item.proof);
        return removal === null ? this.#refuse(item, 'removalInvalid') : this.#remove(item, removal.content.leaf, { type: 'removed', removal });
      }
      case 'return': return this.#noteReturn(item);
      case 'record': return this.#change(item);
      case 'admission': {
        const ticket = item.proof === null ? null : parseSigned(ticketForm, item.proof);
        const keyPackage = item.keyPackage === null ? null : parseKeyPackage(item.keyPackage);
        if (ticket === null || keyPackage === null) return this.#refuse(item, ticket === null ? 'ticketInvalid' : 'malformed');
        // A record needs a path, and the library gives none to a commit that only adds besides.
        if (this.record !== null && this.removes.length === 0) return;
        return this.#add(item, keyPackage, { type: 'ticket', ticket });
      }
    }
  }

  /** After all Removes and the record. @returns what cannot be added although its Remove is planned */
  async takeReturns(): Promise<{ readonly id: string; readonly fault: GuardFault } | null> {
    if (this.record !== null && this.removes.length === 0) return null;
    for (const { item, keyPackage, oldLeaf } of this.#returns) {
      const refusedBefore = this.refused.length;
      await this.#add(item, keyPackage, { type: 'return', oldLeaf });
      if (this.refused.length > refusedBefore) return this.refused.at(-1)!;
    }
    return null;
  }

  async #remove(item: WorkItem, leaf: number, reason: RemoveReason): Promise<void> {
    if (leaf === this.#view.group.ownLeaf) return;
    const fault = await this.replay.attempt(() => this.replay.remove(leaf, reason));
    if (fault !== null) return this.#refuse(item, fault);
    this.removes.push({ leaf, reason });
    this.done.push(item.id);
  }

  /** The leaf that a returning device still has goes with the other Removes, if its Add will hold. */
  async #noteReturn(item: WorkItem): Promise<void> {
    const keyPackage = item.keyPackage === null ? null : parseKeyPackage(item.keyPackage);
    if (keyPackage === null) return this.#refuse(item, 'malformed');
    const trial = new CommitReplay(this.#guard.inspector, this.#view, this.#at, []);
    const identity = await this.#guard.inspector.identityOf(keyPackage.leafNode, this.#view.register.statement);
    if (identity === null) return this.#refuse(item, 'certificateInvalid');
    const member = this.replay.register.memberOf(identity.device);
    const oldLeaf = member?.leaf ?? null;
    if (oldLeaf === this.#view.group.ownLeaf || this.#returns.length >= addsMaximum) return;
    if (oldLeaf !== null && this.#returns.some(other => other.oldLeaf === oldLeaf)) return;
    if (oldLeaf !== null) await trial.remove(oldLeaf, { type: 'replaced' });
    const fault = await trial.add(keyPackage, { type: 'return', oldLeaf });
    if (fault !== null) return this.#refuse(item, fault);
    if (oldLeaf !== null) {
      await this.replay.remove(oldLeaf, { type: 'replaced' });
      this.removes.push({ leaf: oldLeaf, reason: { type: 'replaced' } });
    }
    this.#returns.push({ item, keyPackage, oldLeaf });
  }

  async #change(item: WorkItem): Promise<void> {
    const record = item.proof === null ? null : parseSigned(recordForm, item.proof);
    if (record === null) return this.#refuse(item, 'recordInvalid');
    if (this.record !== null) return;
    const fault = await this.replay.attempt(() => this.replay.change(record));
    if (fault !== null) return this.#refuse(item, fault);
    this.record = record;
    this.done.push(item.id);
  }

  async #add(item: WorkItem, keyPackage: KeyPackage, reason: AddReason): Promise<void> {
    if (this.adds.length >= addsMaximum) return;
    const fault = await this.replay.attempt(() => this.replay.add(keyPackage, reason));
    if (fault !== null) return this.#refuse(item, fault);
    this.adds.push({ keyPackage, reason });
    this.done.push(item.id);
  }

  #refuse(item: WorkItem, fault: GuardFault): void {
    this.refused.push({ id: item.id, fault });
  }
}
