import type { Bytes } from './bytes';
import type { MlsEngine, OwnKeyPackage } from './engine';
import type { GroupView } from './guard';
import { certifyLeaf, type Identities, type LeafIdentity, type OwnIdentity } from './identity';
import { foundingTicket } from './moderation';
import { Register } from './register';
import { createLeafKey } from './signing';
import { foundingRole, groupIdOf, type SignedStatement } from './statement';
import type { RandomBytes } from './suite';

/** What somebody has in hand who stands at the door: a leaf key and a key package, made for this knock and no other. */
export class Doorway {
  private constructor(
    readonly own: OwnKeyPackage, readonly identity: LeafIdentity, readonly statement: SignedStatement, readonly engine: MlsEngine, readonly person: OwnIdentity,
  ) {}

  /** Null where the device certificate is not good in this meeting, or no longer. @param at meeting time, ms */
  static async prepare(
    statement: SignedStatement, engine: MlsEngine, identities: Identities, person: OwnIdentity, random: RandomBytes, at: number,
  ): Promise<Doorway | null> {
    const leafKey = await createLeafKey(random(32));
    const certified = await certifyLeaf(person, leafKey.publicKey, statement.hash, at, random(16));
    const identity = certified === null ? null : await identities.of(certified.chain);
    if (certified === null || identity === null) return null;
    const own = await engine.createKeyPackage(certified.chain, leafKey, certified.certificate);
    return new Doorway(own, identity, statement, engine, person);
  }

  /** The rank that the statement gives, which lets one found, and enter without anybody. */
  get role(): 'host' | 'coHost' | null {
    return foundingRole(this.statement, this.identity.party);
  }

  /** Whether the statement lets such a person in at all: guests may be excluded, but for a guest who founds. Members refuse them too (docs/e2ee.md §8). */
  get isWelcome(): boolean {
    return this.statement.guestsAllowed || this.identity.party.type === 'account' || this.role !== null;
  }

  /** A founding ticket for a living generation; null where the statement gives none. @param at meeting time, ms */
  async ticket(generation: number, at: number): Promise<Bytes | null> {
    const groupId = groupIdOf(this.statement.hash, generation);
    return this.role === null ? null : foundingTicket(groupId, this.identity, this.own.reference, this.role, this.person.deviceKey, at);
  }

  /** A generation of which one is the first leaf; null for somebody who may not. */
  async found(generation: number): Promise<GroupView | null> {
    const { certificateHash, device, party } = this.identity;
    const register = await Register.start(this.statement, generation);
    const founded = { type: 'founded', epoch: 0n, certificateHash, device, party, keyPackageRef: this.own.reference } as const;
    if (await register.apply(founded, this.identity) !== null) return null;
    return { group: await this.engine.found(register.groupId, this.own), register, committedAt: 0 };
  }
}
