import { createCommit } from 'ts-mls/createCommit.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import type { Proposal } from 'ts-mls/proposal.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import type { Bytes } from '../../src/e2ee/mls/bytes';
import { encodeCommitData } from '../../src/e2ee/mls/commitData';
import type { OwnKeyPackage } from '../../src/e2ee/mls/engine';
import type { GroupView } from '../../src/e2ee/mls/guard';
import type { LeafIdentity } from '../../src/e2ee/mls/identity';
import { Register } from '../../src/e2ee/mls/register';
import { groupIdOf } from '../../src/e2ee/mls/statement';
import { createSuite } from '../../src/e2ee/mls/suite';
import { acceptWelcome } from '../../src/e2ee/mls/welcome';
import { Toolkit, type Attempt } from './insider';
import { account, Authority, found, guest, randomBytes, start, type Meeting, type Person } from './people';

/** Which of the three. */
export const [hostIs, budiIs, citraIs] = [0, 1, 2] as const;

/** Host, Budi (co-host) and Citra (participant) in epoch 2. What one commits is judged by Budi, or by who is asked. */
export class Trio {
  views: GroupView[] = [];

  private constructor(
    readonly authority: Authority, readonly meeting: Meeting, readonly tools: Toolkit, readonly people: readonly Person[], readonly owns: readonly OwnKeyPackage[],
  ) {}

  static async create(): Promise<Trio> {
    const authority = await Authority.create();
    const host = await account(authority, 'Retno Wulandari');
    const meeting = await found(host, authority, { recordingAllowed: false });
    const tools = await Toolkit.create(meeting);
    const people = [host, await guest('Budi'), await guest('Citra')];
    const made = await Promise.all(people.map(person => tools.keyPackage(person)));
    const trio = new Trio(authority, meeting, tools, people, made.map(({ own }) => own));
    const { own, identity } = made[hostIs]!;
    const group = await tools.engine.found(groupIdOf(meeting.hash, 1), own);
    const register = await Register.start(meeting.statement, 1);
    const { certificateHash, device, party } = identity;
    await register.apply({ type: 'founded', epoch: 0n, certificateHash, device, party, keyPackageRef: own.reference }, identity);
    trio.views = [{ group, register, committedAt: start }];
    await trio.admit(made[budiIs]!, 'coHost');
    await trio.admit(made[citraIs]!, 'participant');
    return trio;
  }

  leafOf(index: number): number {
    return this.views[index]!.group.ownLeaf;
  }

  /** A commit that holds: everybody takes it. */
  async agree(committer: number, attempt: Attempt): Promise<void> {
    const made = (await this.tools.commit(this.views[committer]!, attempt))!;
    await this.#take(committer, made.commit, made.after);
  }

  async admit(added: { own: OwnKeyPackage; identity: LeafIdentity }, role: 'coHost' | 'participant'): Promise<void> {
    const { tools } = this;
    const view = this.views[hostIs]!;
    const ticket = await tools.ticket(view, this.owns[hostIs]!, added, { role });
    const after = view.register.clone();
    await after.apply({ type: 'admitted', epoch: view.group.epoch + 1n, leaf: after.freeLeaf, ticket }, added.identity);
    const made = (await tools.commit(view, { adds: [{ keyPackage: added.own.keyPackage, reason: { type: 'ticket', ticket } }] }, after))!;
    await this.#take(hostIs, made.commit, made.after);
    const joined = await acceptWelcome(tools.engine, tools.guard, this.meeting.statement, 1, added.own, made.welcome!);
    if (typeof joined === 'string') throw new Error(joined);
    this.views.push(joined);
  }

  /** What a commit comes to that the library makes, rules or no rules. */
  async judged(committer: number, attempt: Attempt): Promise<string> {
    const made = await this.tools.commit(this.views[committer]!, attempt);
    if (made === null) throw new Error('the library refused to make it');
    return this.judgedBytes(made.commit);
  }

  async judgedBytes(commit: Bytes): Promise<string> {
    const outcome = await this.tools.guard.apply(this.views[budiIs]!, commit);
    return typeof outcome === 'string' ? outcome : 'applied';
  }

  /** A commit with proposals that we never make. */
  async raw(committer: number, proposals: Proposal[], state = this.views[committer]!.group.state): Promise<Bytes> {
    const { commit } = await createCommit({ state, cipherSuite: await createSuite(randomBytes), pskIndex: emptyPskIndex }, {
      wireAsPublicMessage: true, extraProposals: proposals, authenticatedData: this.data(committer),
    });
    return encodeMlsMessage(commit) as Bytes;
  }

  /** CommitData of a commit without proposals. */
  data(committer: number): Bytes {
    const { committedAt, register } = this.views[committer]!;
    return encodeCommitData({ committedAt, registerHash: register.hash, adds: [], removes: [], record: null });
  }

  /** An Add of a new guest, with a ticket. */
  async admission(name: string, signer: number = hostIs, change: Parameters<Toolkit['ticket']>[3] = {}): Promise<NonNullable<Attempt['adds']>[number]> {
    const added = await this.tools.keyPackage(await guest(name));
    const ticket = await this.tools.ticket(this.views[signer]!, this.owns[signer]!, added, change);
    return { keyPackage: added.own.keyPackage, reason: { type: 'ticket', ticket } };
  }

  async #take(committer: number, commit: Bytes, own: GroupView['group']): Promise<void> {
    const next: GroupView[] = [];
    for (const [index, view] of this.views.entries()) {
      const outcome = await this.tools.guard.apply(view, commit, index === committer ? own : null);
      if (typeof outcome === 'string') throw new Error(outcome);
      next.push(outcome.after);
    }
    this.views = next;
  }
}
