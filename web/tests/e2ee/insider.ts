import type { KeyPackage } from 'ts-mls/keyPackage.js';
import type { Bytes } from '../../src/e2ee/mls/bytes';
import { encodeCommitData, type AddReason, type RemoveReason } from '../../src/e2ee/mls/commitData';
import { MlsEngine, type OwnKeyPackage } from '../../src/e2ee/mls/engine';
import { GroupGuard, type GroupView } from '../../src/e2ee/mls/guard';
import { certifyLeaf, Identities, type LeafIdentity } from '../../src/e2ee/mls/identity';
import type { MemberAction, MemberEvent } from '../../src/e2ee/mls/memberTypes';
import type { Signed, StateRecord, Ticket } from '../../src/e2ee/mls/proofs';
import { sign, ticketForm, ticketLife } from '../../src/e2ee/mls/proofs';
import { encodeRegister } from '../../src/e2ee/mls/registerEntry';
import { signSignal } from '../../src/e2ee/mls/signals';
import { createLeafKey } from '../../src/e2ee/mls/signing';
import { acceptWelcome } from '../../src/e2ee/mls/welcome';
import { randomBytes, start, type Meeting, type Person } from './people';
import type { Peer, SimulatedServer } from './server';

export interface Attempt {
  readonly adds?: readonly { readonly keyPackage: KeyPackage; readonly reason: AddReason }[];
  readonly removes?: readonly { readonly leaf: number; readonly reason: RemoveReason }[];
  readonly record?: Signed<StateRecord> | null;
  readonly committedAt?: number;
  readonly registerHash?: Bytes;
}

/** Keys, certificates and the library without any guard: what a member has who keeps no rule. */
export class Toolkit {
  private constructor(readonly meeting: Meeting, readonly engine: MlsEngine, readonly guard: GroupGuard, readonly identities: Identities) {}

  static async create(meeting: Meeting, engineRandom = randomBytes): Promise<Toolkit> {
    const identities = new Identities(meeting.statement.identityRoots);
    const engine = await MlsEngine.create(engineRandom, async () => true);
    return new Toolkit(meeting, engine, new GroupGuard(engine, identities), identities);
  }

  async keyPackage(person: Person, at = start, statementHash = this.meeting.hash): Promise<{ own: OwnKeyPackage; identity: LeafIdentity }> {
    const leafKey = await createLeafKey(randomBytes(32));
    const certified = (await certifyLeaf(person.own, leafKey.publicKey, statementHash, at, randomBytes(16)))!;
    const own = await this.engine.createKeyPackage(certified.chain, leafKey, certified.certificate);
    return { own, identity: (await this.identities.of(certified.chain))! };
  }

  async ticket(view: GroupView, signer: OwnKeyPackage, added: { own: OwnKeyPackage; identity: LeafIdentity }, change: Partial<Ticket> = {}): Promise<Signed<Ticket>> {
    const { certificateHash, device, party } = added.identity;
    return sign(ticketForm, {
      groupId: view.group.groupId, issuer: 'member', signer: view.group.ownLeaf, issuingEpoch: view.group.epoch, certificateHash, device, party,
      keyPackageRef: added.own.reference, role: 'participant', expiresAt: view.committedAt + ticketLife - 10_000, ...change,
    }, signer.leafKey);
  }

  /** @param told the register that joiners get */
  async commit(view: GroupView, attempt: Attempt, told = view.register): Promise<{ commit: Bytes; welcome: Bytes | null; after: GroupView['group'] } | null> {
    const { adds = [], removes = [], record = null, committedAt = view.committedAt, registerHash = view.register.hash } = attempt;
    const data = encodeCommitData({ committedAt, registerHash, adds: adds.map(add => add.reason), removes: removes.map(remove => remove.reason), record });
    const change = { adds: adds.map(add => add.keyPackage), removes: removes.map(remove => remove.leaf) };
    return this.engine.commit(view.group, change, data, encodeRegister(told.extension(committedAt)));
  }
}

/** A member who was admitted rightly and then does what he likes. */
export class Insider implements Peer {
  isOnline = true;
  isAsleep = false;
  view: GroupView | null = null;
  own: OwnKeyPackage | null = null;
  #sequence = 0;

  private constructor(readonly person: Person, readonly tools: Toolkit, readonly server: SimulatedServer) {}

  static async knock(server: SimulatedServer, meeting: Meeting, person: Person): Promise<Insider> {
    const insider = new Insider(person, await Toolkit.create(meeting), server);
    server.connected(insider);
    insider.own = (await insider.tools.keyPackage(person)).own;
    insider.post({ type: 'knock', keyPackage: insider.own.bytes, ticket: null });
    return insider;
  }

  post(action: MemberAction): void {
    this.server.post(this, action);
  }

  async receive(event: MemberEvent): Promise<void> {
    if (event.type === 'welcomed') {
      const view = await acceptWelcome(this.tools.engine, this.tools.guard, this.tools.meeting.statement, event.generation, this.own!, event.welcome);
      if (typeof view !== 'string') this.view = view;
    } else if (event.type === 'logAppended' && event.entry.kind === 'commit' && this.view !== null) {
      const outcome = await this.tools.guard.apply(this.view, event.entry.bytes);
      if (typeof outcome !== 'string') this.view = outcome.after;
    }
  }

  /** Posts a commit that no rule allows, as far as the library makes it. */
  async attempt(attempt: Attempt): Promise<void> {
    const made = (await this.tools.commit(this.view!, attempt))!;
    this.post({
      type: 'postCommit', generation: this.view!.register.generation, epoch: this.view!.group.epoch, commit: made.commit, welcome: made.welcome, workIds: [],
    });
  }

  async beat(transcriptHash: Bytes, epoch = this.view!.group.epoch): Promise<void> {
    const { groupId, ownLeaf } = this.view!.group;
    const signal = await signSignal({ type: 'heartbeat', groupId, leaf: ownLeaf, sequence: ++this.#sequence, epoch, transcriptHash }, this.own!.leafKey);
    this.post({ type: 'sendSignal', signal });
  }
}
