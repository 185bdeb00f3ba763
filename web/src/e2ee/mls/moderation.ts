import { hex, type Bytes } from './bytes';
import { isName } from './certificate';
import type { GroupView, GroupGuard, GuardFault } from './guard';
import { KnownKeys } from './inspect';
import type { LeafIdentity } from './identity';
import type { KnockView, MemberAction, MemberCommand } from './memberTypes';
import { parseKeyPackage } from './messages';
import { TakenNames } from './names';
import type { Role } from './party';
import { personOf } from './person';
import { recordForm, removalForm, sign, ticketForm, ticketLife, type StateChange } from './proofs';
import type { LeafKey, SigningKey } from './signing';

/** A ticket lapses a little before its time could be over for others: clocks differ, ms. */
const ticketSlack = 10_000;

type ModeratorCommand = Extract<MemberCommand, { readonly type: 'admit' | 'deny' | 'remove' | 'change' | 'setRole' | 'handOver' | 'confirmGuest' }>;

interface Knocker {
  readonly keyPackage: Bytes;
  readonly since: number;
  readonly view: KnockView;
}

/** What a moderator does: who waits, and the signed acts. What is not his to sign gives null. */
export class Moderation {
  readonly #guard: GroupGuard;
  readonly #knockers = new Map<string, Knocker>();

  constructor(guard: GroupGuard) {
    this.#guard = guard;
  }

  get knocks(): readonly KnockView[] {
    return [...this.#knockers.values()].map(({ view }) => view);
  }

  /** @param institution what the server says that a guest says of himself */
  async knocked(view: GroupView, participantId: string, keyPackage: Bytes, since: number, at: number, institution: string | null = null): Promise<void> {
    const found = await this.#inspect(view, keyPackage, at);
    const isKnown = typeof found !== 'string';
    const isGuest = !isKnown || found.identity.party.type === 'device';
    this.#knockers.set(participantId, {
      keyPackage,
      since,
      view: {
        participantId, since, person: isKnown ? hex(personOf(found.identity.party)) : '', name: isKnown ? found.identity.name : null, organization: isKnown ? found.identity.organization : '',
        claimed: isGuest && institution !== null && isName(institution) ? institution : '', isGuest, fault: isKnown ? null : found,
        wasRemoved: isKnown && view.register.wasRemoved(found.identity.device, found.identity.party),
      },
    });
  }

  gone(participantId: string): void {
    this.#knockers.delete(participantId);
  }

  forget(): void {
    this.#knockers.clear();
  }

  /** What a moderator's word comes to; null where it comes to nothing. @param at meeting time, ms */
  async run(view: GroupView, key: LeafKey, command: ModeratorCommand, at: number): Promise<MemberAction | null> {
    switch (command.type) {
      case 'admit': return this.#admit(view, key, command.participantId, command.role, at);
      case 'deny': return command;
      case 'remove': return this.#remove(view, key, command.leaf, at);
      case 'change': return this.#change(view, key, command.changes, at);
      case 'setRole': {
        const member = view.register.members.get(command.leaf);
        return member === undefined ? null : this.#change(view, key, [{ type: 'role', device: member.device, role: command.role }], at);
      }
      case 'handOver': {
        const member = view.register.members.get(command.leaf);
        return member === undefined || view.register.roleOf(view.group.ownLeaf) !== 'host' ? null : this.#change(view, key, [{ type: 'host', party: member.party }], at);
      }
      case 'confirmGuest': {
        const identity = view.register.members.get(command.leaf)?.identity ?? null;
        if (identity === null || identity.party.type !== 'device' || takenNames(view, command.leaf).isConfusable(identity.name)) return null;
        const { device, name } = identity;
        return isConfirmed(view, device, name) ? null : this.#change(view, key, [{ type: 'guest', device, name }], at);
      }
    }
  }

  /** A ticket for who waits, as the certificate says who that is. */
  async #admit(view: GroupView, key: LeafKey, participantId: string, role: Role, at: number): Promise<MemberAction | null> {
    const knocker = this.#knockers.get(participantId);
    const found = knocker === undefined ? null : await this.#inspect(view, knocker.keyPackage, at);
    if (found === null || typeof found === 'string') return null;
    const { identity, reference } = found;
    const { certificateHash, device, party } = identity;
    const ticket = await sign(ticketForm, {
      ...proof(view), issuer: 'member', certificateHash, device, party, keyPackageRef: reference, role, expiresAt: at + ticketLife - ticketSlack,
    }, key);
    return { type: 'admit', participantId, ticket: ticket.bytes };
  }

  async #remove(view: GroupView, key: LeafKey, leaf: number, at: number): Promise<MemberAction | null> {
    const member = view.register.members.get(leaf);
    if (member === undefined || leaf === view.group.ownLeaf) return null;
    const { device, party } = member;
    const removal = await sign(removalForm, { ...proof(view), leaf, device, party, issuedAt: at }, key);
    return { type: 'removeMember', leaf, removal: removal.bytes };
  }

  async #change(view: GroupView, key: LeafKey, changes: readonly StateChange[], at: number): Promise<MemberAction> {
    const { number, head } = view.register.record;
    const record = await sign(recordForm, { ...proof(view), number: number + 1, previous: head, issuedAt: at, changes }, key);
    return { type: 'offerRecord', record: record.bytes };
  }

  async #inspect(view: GroupView, bytes: Bytes, at: number): Promise<{ readonly identity: LeafIdentity; readonly reference: Bytes } | GuardFault> {
    const keyPackage = parseKeyPackage(bytes);
    return keyPackage === null ? 'malformed' : this.#guard.inspector.inspect(keyPackage, at, view.register, KnownKeys.of(view.group));
  }
}

/** A founding ticket, by which founder and co-hosts of the statement enter a living group. */
export async function foundingTicket(
  groupId: Bytes, identity: LeafIdentity, reference: Bytes, role: 'host' | 'coHost', key: SigningKey, at: number,
): Promise<Bytes> {
  const { certificateHash, device, party } = identity;
  const ticket = await sign(ticketForm, {
    groupId, issuer: 'founding', signer: 0, issuingEpoch: 0n, certificateHash, device, party, keyPackageRef: reference, role,
    expiresAt: at + ticketLife - ticketSlack,
  }, key);
  return ticket.bytes;
}

/** Names that guests in this meeting must not bear. @param except the leaf that is asked about */
export function takenNames(view: GroupView, except: number | null = null): TakenNames {
  const names = [...view.register.members.values()].filter(member => member.leaf !== except).flatMap(member => {
    const isTrusted = member.party.type === 'account' || view.register.roleOf(member.leaf) !== 'participant';
    return member.identity !== null && isTrusted ? [member.identity.name] : [];
  });
  return new TakenNames(names);
}

/** True where a moderator confirmed this guest under this very name. */
export function isConfirmed(view: GroupView, device: Bytes, name: string): boolean {
  return view.register.facts.guests.get(hex(device)) === name;
}

function proof(view: GroupView): { readonly groupId: Bytes; readonly signer: number; readonly issuingEpoch: bigint } {
  return { groupId: view.group.groupId, signer: view.group.ownLeaf, issuingEpoch: view.group.epoch };
}
