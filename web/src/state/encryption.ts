import type { Alarm, Badge, Counter } from '../e2ee/mls/badge';
import type { MemberEntry, MemberView } from '../e2ee/mls/memberTypes';
import type { Role } from '../e2ee/mls/party';
import type { LinkKind } from '../e2ee/link';
import type { Answers } from '../e2ee/protocol';
import type { ErrorCode, Participant } from '../signaling/contract';
import type { Admissions } from './admissions';
import type { Conversation } from './conversation';

/** Why nothing leaves this device: nobody confirms the group's history, two histories contradict each other, the log is being replayed, a new leaf is awaited. */
export type PauseCause = 'silence' | 'fork' | 'replaying' | 'comingBack';

/** What the frames of a tile prove: `mismatch`: they are another leaf's than the server's binding says; the others as docs/e2ee.md §16. */
export type TileProof = 'proved' | 'unproved' | 'contradicted' | 'mismatch';

export type Codes = NonNullable<Answers['codes']>;

/**
 * What the room shows of its encryption: the worker's word and nothing that the page works out itself. The server has its say in two places only,
 * the counter and {@link EncryptionView.leafOf}, and in both a lie is found out by the keys.
 */
export interface EncryptionView extends Pick<MemberView, 'badge' | 'alarms' | 'counter' | 'generation' | 'ownLeaf' | 'members' | 'hands' | 'spotlight' | 'knocks'> {
  /** Id of the classification label that holds now; null outside of a group. */
  readonly label: string | null;
  /** Null outside of a group. */
  readonly codes: Codes | null;
  /** Null while this device sends, or may. */
  readonly pause: PauseCause | null;
  /** Leaf of a participant: that of the frames where there are any, else the one that the server names. */
  readonly leafOf: ReadonlyMap<string, number>;
  /** By participant; who is not named has sent nothing yet. */
  readonly proofs: ReadonlyMap<string, TileProof>;
  /** A moderator's side of the door: what became of those decided about, and what those who wait are told. */
  readonly lobby: { readonly admissions: Admissions; readonly notice: string | null };
}

/** What a person asks of the encryption; each is a {@link import('../e2ee/mls/memberTypes').MemberCommand}. */
export interface EncryptionActions {
  admit(participantIds: readonly string[]): void;
  deny(participantIds: readonly string[]): void;
  /** Says something to those who wait, which the server reads; null takes it back. @returns `unavailable` where nothing was asked */
  tellWaiting(notice: string | null): Promise<ErrorCode>;
  remove(leaf: number): void;
  setRole(leaf: number, role: Exclude<Role, 'host'>): void;
  /** The host alone. */
  handOver(leaf: number): void;
  confirmGuest(leaf: number): void;
  /** @param roster digits of the roster's code that was compared */
  confirmCode(roster: string): void;
  comeBack(): void;
}

/**
 * The room's view of the worker's.
 * @param told what comes from elsewhere: the codes by a question to the worker, leaves and proofs from seats and frames
 */
export function encryptionView(member: MemberView, told: Pick<EncryptionView, 'codes' | 'leafOf' | 'proofs' | 'lobby'>): EncryptionView {
  const { badge, alarms, counter, generation, ownLeaf, members, hands, spotlight, knocks, facts } = member;
  return { badge, alarms, counter, generation, ownLeaf, members, hands, spotlight, knocks, label: facts?.label ?? null, ...told, pause: pauseOf(member) };
}

/** A room is open, so whoever is not active in it has been, and comes back. */
function pauseOf({ phase, badge, alarms }: MemberView): PauseCause | null {
  if (phase === 'replaying') return 'replaying';
  if (phase !== 'active') return phase === 'closed' ? null : 'comingBack';
  if (badge !== 'paused') return null;
  return alarms.some(alarm => alarm.kind === 'fork') ? 'fork' : 'silence';
}

/** Badge of a room: the worker's, and without one only what the link itself says. */
export function roomBadge(link: LinkKind | null, view: EncryptionView | null): Badge {
  if (link === 'openBroadcast') return 'broadcast';
  return view?.badge ?? 'none';
}

/** The own hand as the person wants it, which the group may not have heard yet. */
export function handIsUp(view: EncryptionView | null, conversation: Pick<Conversation, 'handWish'> | null): boolean {
  return conversation?.handWish ?? (view !== null && view.ownLeaf !== null && view.hands.includes(view.ownLeaf));
}

/** Place of a leaf in the queue of raised hands, from 1 on; null where its hand is down. */
export function turnOf(view: EncryptionView | null, leaf: number | null): number | null {
  const index = view === null || leaf === null ? -1 : view.hands.indexOf(leaf);
  return index < 0 ? null : index + 1;
}

export function memberAt(view: EncryptionView, leaf: number | null): MemberEntry | null {
  return leaf === null ? null : view.members.find(member => member.leaf === leaf) ?? null;
}

/** Host and co-hosts admit, remove and confirm. */
export function moderates(view: EncryptionView | null): boolean {
  const own = view === null ? null : memberAt(view, view.ownLeaf);
  return own !== null && own.role !== 'participant';
}

export type MemberAct = 'makeCoHost' | 'makeParticipant' | 'makeHost' | 'confirmGuest' | 'remove';

const rank: Readonly<Record<Role, number>> = { host: 1, coHost: 2, participant: 3 };

/**
 * Who came and who left, for the announcer: by name, since who comes back does so under another leaf. Nobody while one's own roster is not known, or
 * was not before.
 */
export function membersChanged(before: readonly MemberEntry[] | null, now: readonly MemberEntry[] | null): { readonly came: readonly MemberEntry[]; readonly left: readonly MemberEntry[] } {
  if (before === null || now === null || before.length === 0 || now.length === 0) return { came: [], left: [] };
  const key = ({ name, leaf, isGuest }: MemberEntry) => `${name ?? leaf}:${isGuest}`;
  const [old, present] = [new Set(before.map(key)), new Set(now.map(key))];
  return { came: now.filter(member => !old.has(key(member))), left: before.filter(member => !present.has(key(member))) };
}

/** What the rules of docs/e2ee.md §7 let one member do with another. The guard decides; this only spares people buttons that would be refused. */
export function actsOf(own: MemberEntry | null, other: MemberEntry): readonly MemberAct[] {
  if (own === null || own.leaf === other.leaf || own.role === 'participant') return [];
  const acts: MemberAct[] = [];
  if (own.role === 'host' && other.role === 'participant') acts.push('makeCoHost');
  if (own.role === 'host' && other.role === 'coHost') acts.push('makeParticipant');
  if (mayHandOver(own, other)) acts.push('makeHost');
  if (other.isGuest && !other.isConfirmed && other.name !== null) acts.push('confirmGuest');
  if (rank[own.role] < rank[other.role]) acts.push('remove');
  return acts;
}

/** Whether one is host and the other is somebody else, whose name can be shown: nobody hands over to a name that imitates another. */
function mayHandOver(own: MemberEntry, other: MemberEntry): boolean {
  return own.role === 'host' && other.role !== 'host' && other.party !== own.party && other.name !== null;
}

/** Whom the host may hand over to: co-hosts first, then who is in longest by the leaf's number. Empty for who is no host. */
export function heirs(view: EncryptionView): readonly MemberEntry[] {
  const own = memberAt(view, view.ownLeaf);
  if (own === null) return [];
  const found = view.members.filter(other => mayHandOver(own, other)).sort((a, b) => rank[a.role] - rank[b.role] || a.leaf - b.leaf);
  return found.filter((member, index) => found.findIndex(({ party }) => party === member.party) === index);
}

/** Oneself, then moderators, then the others by name; hidden names last. */
export function orderMembers(members: readonly MemberEntry[], ownLeaf: number | null, language: string): readonly MemberEntry[] {
  const collator = new Intl.Collator(language, { sensitivity: 'base', numeric: true });
  const group = (member: MemberEntry) => (member.leaf === ownLeaf ? 0 : rank[member.role]);
  return [...members].sort((a, b) => group(a) - group(b)
    || Number(a.name === null) - Number(b.name === null)
    || collator.compare(a.name ?? '', b.name ?? '') || a.leaf - b.leaf);
}

/** Who a tile shows. */
export interface TileIdentity {
  /** From the certificate; null: a guest whose name must not be shown. */
  readonly name: string | null;
  readonly leaf: number | null;
  readonly isGuest: boolean;
  readonly isConfirmed: boolean;
  /** `stranger`: no leaf of the group stands behind this place. */
  readonly mark: Exclude<TileProof, 'proved'> | 'stranger' | 'conflict' | null;
}

/** The label of a participant's tile; without encryption it is the server's word. */
export function identityOf(view: EncryptionView | null, participant: Participant): TileIdentity {
  if (view === null) return { name: participant.displayName, leaf: null, isGuest: false, isConfirmed: false, mark: null };
  const leaf = view.leafOf.get(participant.id) ?? null;
  const member = memberAt(view, leaf);
  if (member === null) return { name: null, leaf: null, isGuest: false, isConfirmed: false, mark: 'stranger' };
  const proof = view.proofs.get(participant.id) ?? 'proved';
  const conflict = member.isMarked || view.alarms.some(alarm => alarm.kind === 'memberConflict' && alarm.leaf === leaf);
  return {
    name: member.name, leaf, isGuest: member.isGuest, isConfirmed: member.isConfirmed,
    mark: proof !== 'proved' ? proof : conflict ? 'conflict' : null,
  };
}

export function counterDiffers({ present, keys, receivers }: Counter): boolean {
  return present !== keys || keys !== receivers;
}

/** Gravest first: what may be an attack on the whole meeting, then what concerns one person, then what may be a mere fault. */
const gravity: readonly Alarm['kind'][] = [
  'fork', 'entryRefused', 'countMismatch', 'frameContradiction', 'tileMismatch', 'memberConflict', 'rootsChanged', 'clockJump',
];

export function gravestFirst(alarms: readonly Alarm[]): readonly Alarm[] {
  return [...alarms].sort((a, b) => gravity.indexOf(a.kind) - gravity.indexOf(b.kind) || (a.leaf ?? -1) - (b.leaf ?? -1));
}

export function alarmKey(alarm: Alarm): string {
  return `${alarm.kind}:${alarm.leaf ?? ''}`;
}
