import { equal, hex, utf8, type Bytes } from './bytes';
import { sha256 } from './hashing';
import type { LeafIdentity } from './identity';
import { isModerator, partyKey, ranks, sameParty, type Party, type Role } from './party';
import { isSigned, proofEpochs, recordForm, removalForm, ticketForm, type Issuer, type Removal, type Signed, type StateRecord, type Ticket } from './proofs';
import { encodeEntry, entriesMaximum, type RegisterEntry, type RegisterExtension } from './registerEntry';
import { foundingRole, groupIdOf, type SignedStatement } from './statement';
import { successor } from './succession';

/** Why an entry is refused. */
export type RegisterFault =
  | 'ticketInvalid' | 'returnInvalid' | 'removalInvalid' | 'recordInvalid' | 'leafInvalid' | 'duplicateIdentity' | 'keyPackageReused'
  | 'guestsNotAllowed' | 'full';

/** Who holds a leaf. */
export interface Member {
  readonly leaf: number;
  readonly device: Bytes;
  readonly party: Party;
  readonly certificateHash: Bytes;
  /** Null where the register tells of somebody gone whose certificates nobody needs. */
  readonly identity: LeafIdentity | null;
}

/** A device that was ever admitted in this generation. */
export interface Admission {
  readonly device: Bytes;
  readonly party: Party;
  readonly role: Role;
  readonly issuer: Issuer | 'founder';
  /** Epoch of its first admission: the smaller, the longer in. */
  readonly since: bigint;
}

/** State that records change. */
export interface MeetingFacts {
  readonly recording: boolean;
  readonly label: string;
  readonly labelRank: number;
  /** Names of guests that moderators confirmed, by device. */
  readonly guests: ReadonlyMap<string, string>;
}

/**
 * What members know of a generation: a deterministic machine, fed with entries in the log's order. Members feed it what commits carry, joiners what
 * they are told; both pass the same rules, so a joiner accepts no history that members would have refused (docs/e2ee.md §8). Times are not judged
 * here: the guard does that for commits, at the commit's time.
 */
export class Register {
  readonly statement: SignedStatement;
  readonly generation: number;
  readonly groupId: Bytes;
  #hash: Bytes;
  #facts: MeetingFacts;
  #record: { readonly number: number; readonly head: Bytes };
  #host: Party;
  readonly #entries: RegisterEntry[] = [];
  readonly #members = new Map<number, Member>();
  readonly #admissions = new Map<string, Admission>();
  /** Parties and devices that a removal names, with the epoch that it began. */
  readonly #removed = new Map<string, bigint>();
  readonly #references = new Set<string>();
  /** Certificates that signed something; who goes from among them is kept in {@link #gone}. */
  readonly #signers = new Set<string>();
  readonly #gone = new Map<string, LeafIdentity>();
  readonly #removals = new Set<string>();

  private constructor(statement: SignedStatement, generation: number, hash: Bytes) {
    this.statement = statement;
    this.generation = generation;
    this.groupId = groupIdOf(statement.hash, generation);
    this.#hash = hash;
    this.#facts = { recording: false, label: statement.label, labelRank: statement.labelRank, guests: new Map() };
    this.#record = { number: 0, head: statement.hash };
    this.#host = statement.founder;
  }

  static async start(statement: SignedStatement, generation: number): Promise<Register> {
    return new Register(statement, generation, await sha256(utf8('Pendopo 1.0 register'), groupIdOf(statement.hash, generation)));
  }

  get hash(): Bytes {
    return this.#hash;
  }

  get entries(): readonly RegisterEntry[] {
    return this.#entries;
  }

  get members(): ReadonlyMap<number, Member> {
    return this.#members;
  }

  get facts(): MeetingFacts {
    return this.#facts;
  }

  /** Number and hash of the last state record; 0 and the statement's hash before the first. */
  get record(): { readonly number: number; readonly head: Bytes } {
    return this.#record;
  }

  /** Who is host: the founder, or whom the host before handed over to. */
  get host(): Party {
    return this.#host;
  }

  admissionOf(device: Uint8Array): Admission | null {
    return this.#admissions.get(hex(device)) ?? null;
  }

  memberOf(device: Uint8Array): Member | null {
    for (const member of this.#members.values()) if (equal(member.device, device)) return member;
    return null;
  }

  roleOf(leaf: number): Role | null {
    const member = this.#members.get(leaf);
    return member === undefined ? null : this.admissionOf(member.device)?.role ?? null;
  }

  get moderators(): number[] {
    return [...this.#members.keys()].filter(leaf => isModerator(this.roleOf(leaf)!));
  }

  isUsed(keyPackageRef: Uint8Array): boolean {
    return this.#references.has(hex(keyPackageRef));
  }

  /** True for a device that may come back without a ticket. */
  mayReturn(device: Uint8Array): boolean {
    const admission = this.admissionOf(device);
    return admission !== null && this.#removedAt(admission.device, admission.party) === null;
  }

  /** True for whom somebody removed in this generation, whatever was said of him since: only a person lets him in again. */
  wasRemoved(device: Bytes, party: Party): boolean {
    return this.#removedAt(device, party) !== null;
  }

  /** Leaf index that the next Add takes (RFC 9420 §7.7). */
  get freeLeaf(): number {
    let leaf = 0;
    while (this.#members.has(leaf)) leaf++;
    return leaf;
  }

  /** What joiners are told. @param committedAt of the commit that adds them */
  extension(committedAt: number): RegisterExtension {
    return { committedAt, entries: this.#entries, chains: [...this.#gone.values()].map(identity => identity.chain) };
  }

  clone(): Register {
    const copy = new Register(this.statement, this.generation, this.#hash);
    copy.#facts = this.#facts;
    copy.#record = this.#record;
    copy.#host = this.#host;
    copy.#entries.push(...this.#entries);
    for (const [key, value] of this.#members) copy.#members.set(key, value);
    for (const [key, value] of this.#admissions) copy.#admissions.set(key, value);
    for (const [key, value] of this.#removed) copy.#removed.set(key, value);
    for (const key of this.#references) copy.#references.add(key);
    for (const key of this.#removals) copy.#removals.add(key);
    for (const key of this.#signers) copy.#signers.add(key);
    for (const [key, value] of this.#gone) copy.#gone.set(key, value);
    return copy;
  }

  /**
   * Takes the next entry, or says why not; after a fault the register is not to be used any more.
   * @param identity of the leaf that the entry adds; null where it is gone since and signed nothing
   */
  async apply(entry: RegisterEntry, identity: LeafIdentity | null = null): Promise<RegisterFault | null> {
    if (this.#entries.length >= entriesMaximum) return 'full';
    const fault = await this.#take(entry, identity);
    if (fault !== null) return fault;
    this.#entries.push(entry);
    this.#hash = await sha256(this.#hash, await sha256(encodeEntry(entry)));
    return null;
  }

  /** To be called at the end of each commit's entries: where no moderator is left, the statement's rule finds one. */
  settle(): void {
    const next = successor(this);
    if (next !== null) this.#admissions.set(hex(next.device), { ...next, role: 'coHost' });
  }

  async #take(entry: RegisterEntry, identity: LeafIdentity | null): Promise<RegisterFault | null> {
    switch (entry.type) {
      case 'founded': {
        const role = foundingRole(this.statement, entry.party);
        if (role === null || this.#entries.length > 0) return 'leafInvalid';
        return this.#add(0, entry, { role, issuer: 'founder', since: entry.epoch }, identity);
      }
      case 'admitted': {
        const fault = await this.#checkTicket(entry.ticket, entry.epoch, identity);
        if (fault !== null) return fault;
        const { issuer, device, party } = entry.ticket.content;
        // The statement's word made the founder host; who has handed over comes in by it as co-host.
        const role = entry.ticket.content.role === 'host' && !sameParty(party, this.#host) ? 'coHost' : entry.ticket.content.role;
        // Who is admitted anew starts anew: a removal before this ticket counts no more.
        this.#removed.delete(partyKey({ type: 'device', device }));
        this.#removed.delete(partyKey(party));
        return this.#add(entry.leaf, entry.ticket.content, { role, issuer, since: this.admissionOf(device)?.since ?? entry.epoch }, identity);
      }
      case 'returned': {
        const admission = this.admissionOf(entry.device);
        if (admission === null || !this.mayReturn(entry.device)) return 'returnInvalid';
        return this.#add(entry.leaf, { ...entry, party: admission.party }, admission, identity);
      }
      case 'departed':
        return this.#drop(entry.leaf) ? null : 'leafInvalid';
      case 'removed':
        return this.#remove(entry.leaf, entry.removal, entry.epoch);
      case 'recorded':
        return this.#change(entry.record, entry.epoch);
    }
  }

  #add(
    leaf: number, added: { readonly device: Bytes; readonly party: Party; readonly certificateHash: Bytes; readonly keyPackageRef: Bytes },
    admission: Pick<Admission, 'role' | 'issuer' | 'since'>, identity: LeafIdentity | null,
  ): RegisterFault | null {
    const { device, party, certificateHash, keyPackageRef } = added;
    if (leaf !== this.freeLeaf) return 'leafInvalid';
    if (this.#members.size >= this.statement.membersMaximum) return 'full';
    if (party.type === 'device' && (!this.statement.guestsAllowed && foundingRole(this.statement, party) === null)) return 'guestsNotAllowed';
    if (this.memberOf(device) !== null) return 'duplicateIdentity';
    if (this.isUsed(keyPackageRef)) return 'keyPackageReused';
    if (identity !== null && !(equal(identity.certificateHash, certificateHash) && equal(identity.device, device) && partyKey(identity.party) === partyKey(party))) {
      return 'leafInvalid';
    }
    this.#references.add(hex(keyPackageRef));
    this.#members.set(leaf, { leaf, device, party, certificateHash, identity });
    const { role, issuer, since } = admission;
    this.#admissions.set(hex(device), { device, party, role, issuer, since });
    return null;
  }

  async #checkTicket(ticket: Signed<Ticket>, epoch: bigint, identity: LeafIdentity | null): Promise<RegisterFault | null> {
    const { groupId, issuer, signer, issuingEpoch, party, device, role } = ticket.content;
    if (!equal(groupId, this.groupId)) return 'ticketInvalid';
    if (party.type === 'device' && !equal(party.device, device)) return 'ticketInvalid';
    const removedAt = this.#removedAt(device, party);
    if (removedAt !== null && !(issuer === 'member' && issuingEpoch >= removedAt)) return 'ticketInvalid';
    if (issuer === 'organization') {
      const key = this.statement.ticketKeys[signer];
      return key !== undefined && role === 'participant' && issuingEpoch === 0n && await isSigned(ticketForm, ticket, key) ? null : 'ticketInvalid';
    }
    if (issuer === 'founding') {
      if (signer !== 0 || issuingEpoch !== 0n || role !== foundingRole(this.statement, party)) return 'ticketInvalid';
      // Of somebody gone the device key is not known any more, and without its chain he can neither return nor have signed anything.
      return identity === null || await isSigned(ticketForm, ticket, identity.deviceKey) ? null : 'ticketInvalid';
    }
    const signerRole = this.#proofSigner(signer, issuingEpoch, epoch);
    if (signerRole === null || role === 'host' || (role === 'coHost' && signerRole !== 'host')) return 'ticketInvalid';
    return await this.#isSignedBy(signer, key => isSigned(ticketForm, ticket, key)) ? null : 'ticketInvalid';
  }

  async #remove(leaf: number, removal: Signed<Removal>, epoch: bigint): Promise<RegisterFault | null> {
    const { groupId, signer, issuingEpoch, device, party } = removal.content;
    const member = this.#members.get(leaf);
    const signerRole = this.#proofSigner(signer, issuingEpoch, epoch);
    const role = this.roleOf(leaf);
    if (member === undefined || role === null || signerRole === null || ranks[signerRole] >= ranks[role]) return 'removalInvalid';
    if (!equal(groupId, this.groupId) || removal.content.leaf !== leaf) return 'removalInvalid';
    if (!equal(device, member.device) || partyKey(party) !== partyKey(member.party)) return 'removalInvalid';
    const name = hex(await sha256(removal.bytes));
    if (this.#removals.has(name) || !await this.#isSignedBy(signer, key => isSigned(removalForm, removal, key))) return 'removalInvalid';
    this.#removals.add(name);
    this.#drop(leaf);
    this.#removed.set(partyKey({ type: 'device', device }), epoch);
    this.#removed.set(partyKey(party), epoch);
    return null;
  }

  async #change(record: Signed<StateRecord>, epoch: bigint): Promise<RegisterFault | null> {
    const { groupId, number, previous, signer, issuingEpoch, changes } = record.content;
    const signerRole = this.#proofSigner(signer, issuingEpoch, epoch);
    if (signerRole === null || !equal(groupId, this.groupId)) return 'recordInvalid';
    if (number !== this.#record.number + 1 || !equal(previous, this.#record.head)) return 'recordInvalid';
    if (!await this.#isSignedBy(signer, key => isSigned(recordForm, record, key))) return 'recordInvalid';
    for (const change of changes) {
      switch (change.type) {
        case 'recording':
          if (change.on && !this.statement.recordingAllowed) return 'recordInvalid';
          this.#facts = { ...this.#facts, recording: change.on };
          break;
        case 'label':
          if (change.rank <= this.#facts.labelRank) return 'recordInvalid';
          this.#facts = { ...this.#facts, label: change.label, labelRank: change.rank };
          break;
        case 'role': {
          const admission = this.admissionOf(change.device);
          if (signerRole !== 'host' || admission === null || admission.role === 'host' || change.role === 'host') return 'recordInvalid';
          this.#admissions.set(hex(change.device), { ...admission, role: change.role });
          break;
        }
        case 'guest':
          if (this.admissionOf(change.device)?.party.type !== 'device') return 'recordInvalid';
          this.#facts = { ...this.#facts, guests: new Map(this.#facts.guests).set(hex(change.device), change.name) };
          break;
        case 'host':
          if (signerRole !== 'host' || !this.#handOver(change.party)) return 'recordInvalid';
          break;
      }
    }
    this.#record = { number, head: await sha256(record.bytes) };
    return null;
  }

  /** All devices of the next host rise, and those of the last one become co-hosts. False: nobody of that party is in, or it is host already. */
  #handOver(party: Party): boolean {
    if (sameParty(party, this.#host) || ![...this.#members.values()].some(member => sameParty(member.party, party))) return false;
    for (const [key, admission] of this.#admissions) {
      if (sameParty(admission.party, party)) this.#admissions.set(key, { ...admission, role: 'host' });
      else if (admission.role === 'host') this.#admissions.set(key, { ...admission, role: 'coHost' });
    }
    this.#host = party;
    return true;
  }

  /** The rank of a moderator who signed within the last epochs; null for anybody else. @param epoch the one that the commit began */
  #proofSigner(signer: number, issuingEpoch: bigint, epoch: bigint): Role | null {
    const role = this.roleOf(signer);
    const age = epoch - 1n - issuingEpoch;
    return role !== null && isModerator(role) && age >= 0n && age < proofEpochs ? role : null;
  }

  async #isSignedBy(leaf: number, check: (key: Bytes) => Promise<boolean>): Promise<boolean> {
    const identity = this.#members.get(leaf)?.identity ?? null;
    if (identity === null || !await check(identity.leafKey)) return false;
    this.#signers.add(hex(identity.certificateHash));
    return true;
  }

  #drop(leaf: number): boolean {
    const identity = this.#members.get(leaf)?.identity ?? null;
    if (identity !== null) {
      const name = hex(identity.certificateHash);
      if (this.#signers.has(name)) this.#gone.set(name, identity);
    }
    return this.#members.delete(leaf);
  }

  #removedAt(device: Bytes, party: Party): bigint | null {
    const byDevice = this.#removed.get(partyKey({ type: 'device', device })) ?? null;
    const byParty = this.#removed.get(partyKey(party)) ?? null;
    if (byDevice === null || byParty === null) return byDevice ?? byParty;
    return byDevice > byParty ? byDevice : byParty;
  }
}
