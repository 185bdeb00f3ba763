import type { KeyPackage } from 'ts-mls/keyPackage.js';
import { equal, type Bytes } from './bytes';
import type { AddReason, RemoveReason } from './commitData';
import { KnownKeys, type Inspector } from './inspect';
import type { GroupView, GuardFault } from './guard';
import type { LeafIdentity } from './identity';
import { sameParty } from './party';
import { ticketLife, type Signed, type StateRecord } from './proofs';
import type { Member, Register } from './register';

/** How far clocks of members may differ, ms. */
export const clockSlack = 60_000;

/** Oldest certificate with which a device may come back, ms: an old key package that the server kept does not do. */
const returnFreshness = 120_000;

/** What a commit does to the register, step by step: for the guard, and for who makes one. Removes first, then the record, then Adds. */
export class CommitReplay {
  readonly #inspector: Inspector;
  readonly #committedAt: number;
  readonly #epoch: bigint;
  readonly #replaced = new Map<number, Member>();
  #register: Register;
  #keys: KnownKeys;

  constructor(inspector: Inspector, view: GroupView, committedAt: number, pathKeys: readonly Uint8Array[]) {
    this.#inspector = inspector;
    this.#committedAt = committedAt;
    this.#epoch = view.group.epoch + 1n;
    this.#register = view.register.clone();
    this.#keys = KnownKeys.of(view.group, pathKeys);
  }

  /** After the steps taken. */
  get register(): Register {
    return this.#register;
  }

  async remove(leaf: number, reason: RemoveReason): Promise<GuardFault | null> {
    const member = this.#register.members.get(leaf);
    if (member === undefined) return 'leafInvalid';
    if (reason.type === 'replaced') this.#replaced.set(leaf, member);
    return this.#register.apply(reason.type === 'removed'
      ? { type: 'removed', epoch: this.#epoch, leaf, removal: reason.removal }
      : { type: 'departed', epoch: this.#epoch, leaf });
  }

  async change(record: Signed<StateRecord>): Promise<GuardFault | null> {
    return this.#register.apply({ type: 'recorded', epoch: this.#epoch, record });
  }

  async add(keyPackage: KeyPackage, reason: AddReason): Promise<GuardFault | null> {
    const known = await this.#inspector.inspect(keyPackage, this.#committedAt, this.#register, this.#keys);
    if (typeof known === 'string') return known;
    const { identity, reference } = known;
    const leaf = this.#register.freeLeaf;
    if (reason.type === 'ticket') {
      if (!this.#covers(reason, identity, reference)) return 'ticketInvalid';
      return this.#register.apply({ type: 'admitted', epoch: this.#epoch, leaf, ticket: reason.ticket }, identity);
    }
    const age = this.#committedAt - identity.issuedAt;
    if (age < -clockSlack || age > returnFreshness || !this.#takeReplaced(reason.oldLeaf, identity)) return 'returnInvalid';
    const { certificateHash, device } = identity;
    return this.#register.apply({ type: 'returned', epoch: this.#epoch, leaf, certificateHash, device, keyPackageRef: reference }, identity);
  }

  /** Takes a step only if it can be: the register stays as it was after a fault. */
  async attempt(step: () => Promise<GuardFault | null>): Promise<GuardFault | null> {
    const [register, keys] = [this.#register, this.#keys];
    this.#register = register.clone();
    this.#keys = keys.clone();
    const fault = await step();
    if (fault !== null) [this.#register, this.#keys] = [register, keys];
    return fault;
  }

  /** The end of the commit: whoever was replaced is back, and a moderator is found where none is left. */
  finish(): GuardFault | null {
    if (this.#replaced.size > 0) return 'returnInvalid';
    this.#register.settle();
    return null;
  }

  /** Is the ticket for this very key package, and its time not over? Who signed it is the register's to judge. */
  #covers(reason: AddReason & { readonly type: 'ticket' }, identity: LeafIdentity, reference: Bytes): boolean {
    const { certificateHash, device, party, keyPackageRef, expiresAt } = reason.ticket.content;
    return equal(certificateHash, identity.certificateHash) && equal(device, identity.device) && sameParty(party, identity.party)
      && equal(keyPackageRef, reference) && this.#committedAt <= expiresAt && this.#committedAt >= expiresAt - ticketLife;
  }

  #takeReplaced(oldLeaf: number | null, identity: LeafIdentity): boolean {
    if (oldLeaf === null) return true;
    const member = this.#replaced.get(oldLeaf);
    return member !== undefined && equal(member.device, identity.device) && this.#replaced.delete(oldLeaf);
  }
}
