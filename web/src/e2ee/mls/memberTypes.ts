import type { FrameDigest } from '../frames/digest';
import type { LinkKind } from '../link';
import type { StatementFault } from './statement';
import type { Alarm, Badge, Counter } from './badge';
import type { Bytes } from './bytes';
import type { Content, ContentKind } from './content';
import type { GuardFault } from './guard';
import type { Chain } from './identity';
import type { Role } from './party';
import type { MeetingFacts } from './register';
import type { StateChange } from './proofs';

/** How far a member is (docs/e2ee.md §23). */
export type MemberPhase = 'checking' | 'knocking' | 'founding' | 'waiting' | 'joining' | 'replaying' | 'active' | 'closed';

export type CloseReason = StatementFault | 'kindMismatch' | 'certificateInvalid' | 'accountsOnly' | 'knockRefused' | 'denied' | 'welcomeRefused' | 'removed' | 'replaced' | 'ended';

export type KnockState = 'foundGroup' | 'waiting' | 'returning' | 'admitted' | 'denied' | 'expired';
export type Verdict = 'accepted' | 'stale' | 'refused';
export type WorkKind = 'admission' | 'return' | 'departure' | 'removal' | 'record';

export interface WorkHeadline {
  readonly id: string;
  readonly kind: WorkKind;
  readonly leaf: number | null;
}

export interface WorkItem extends WorkHeadline {
  readonly keyPackage: Bytes | null;
  /** Ticket, removal or record. */
  readonly proof: Bytes | null;
}

export interface LogEntry {
  readonly generation: number;
  readonly entry: number;
  readonly kind: 'commit' | ContentKind;
  readonly bytes: Bytes;
  /** The server's clock, ms. */
  readonly at: number;
}

/** What happens to a member: answers and news of the server, words of the person, time. */
export type MemberEvent =
  | { readonly type: 'statement'; readonly bytes: Bytes | null }
  | { readonly type: 'connected' } | { readonly type: 'disconnected' }
  /** @property generation the one that lives, or the last that lived; 0: none */
  | { readonly type: 'knockAnswered'; readonly state: KnockState; readonly generation: number; readonly at: number }
  | { readonly type: 'knockRefused' }
  | { readonly type: 'foundAnswered'; readonly verdict: Verdict }
  | { readonly type: 'knockChanged'; readonly state: KnockState }
  | { readonly type: 'welcomed'; readonly generation: number; readonly entry: number; readonly welcome: Bytes }
  | { readonly type: 'logAppended'; readonly entry: LogEntry }
  /** @property last the number of the log's last entry; null: too far behind, or the generation is closed. @property at the server's clock, ms */
  | { readonly type: 'logRead'; readonly entries: readonly LogEntry[]; readonly last: number | null; readonly at: number }
  | { readonly type: 'entryVoided'; readonly generation: number; readonly entry: number }
  | { readonly type: 'workOffered'; readonly work: readonly WorkHeadline[] }
  | { readonly type: 'workWithdrawn'; readonly ids: readonly string[] }
  | { readonly type: 'workTaken'; readonly work: readonly WorkItem[] }
  | { readonly type: 'commitAnswered'; readonly verdict: Verdict }
  | { readonly type: 'messageAnswered'; readonly number: number; readonly verdict: Verdict }
  | { readonly type: 'knocked'; readonly participantId: string; readonly keyPackage: Bytes; readonly since: number; readonly institution?: string | null }
  | { readonly type: 'knockGone'; readonly participantId: string }
  | { readonly type: 'signalReceived'; readonly bytes: Bytes }
  /** The server's roster: how many places, which leaves are not connected, how many receivers the media server has. */
  | { readonly type: 'presence'; readonly present: number; readonly away: ReadonlySet<number>; readonly receivers: number }
  | { readonly type: 'outOfStep' }
  /** The server's word on the kind of the meeting: it must be that of the link. */
  | { readonly type: 'kindTold'; readonly kind: LinkKind }
  | { readonly type: 'ended'; readonly reason: 'ended' | 'removed' | 'replaced' }
  /** Something that the frames, the page or the clock have noticed, or that is over. */
  | { readonly type: 'noticed'; readonly alarm: Alarm; readonly isOver?: boolean }
  /** The frames' digest of what was sent, to be signed. */
  | { readonly type: 'digestReady'; readonly digest: FrameDigest }
  | { readonly type: 'command'; readonly command: MemberCommand }
  | { readonly type: 'time' };

/** What the person asks for. */
export type MemberCommand =
  | { readonly type: 'admit'; readonly participantId: string; readonly role: Exclude<Role, 'host'> }
  | { readonly type: 'deny'; readonly participantId: string }
  | { readonly type: 'remove'; readonly leaf: number }
  | { readonly type: 'change'; readonly changes: readonly StateChange[] }
  | { readonly type: 'setRole'; readonly leaf: number; readonly role: Exclude<Role, 'host'> }
  /** The host alone, to somebody who is in. */
  | { readonly type: 'handOver'; readonly leaf: number }
  | { readonly type: 'confirmGuest'; readonly leaf: number }
  | { readonly type: 'say'; readonly content: Content }
  /** @property roster the digits of the roster's code that people compared: who came since was not compared */
  | { readonly type: 'confirmCode'; readonly roster: string }
  /** After a fork: as a new leaf. */
  | { readonly type: 'comeBack' };

/** What is to be done in the world outside. */
export type MemberAction =
  | { readonly type: 'knock'; readonly keyPackage: Bytes; readonly ticket: Bytes | null }
  | { readonly type: 'foundGroup'; readonly expectedGeneration: number; readonly groupId: Bytes; readonly keyPackage: Bytes }
  | { readonly type: 'readLog'; readonly generation: number; readonly after: number }
  | { readonly type: 'takeWork'; readonly generation: number; readonly epoch: bigint }
  | { readonly type: 'refuseWork'; readonly id: string; readonly fault: GuardFault }
  | {
    readonly type: 'postCommit'; readonly generation: number; readonly epoch: bigint; readonly commit: Bytes; readonly welcome: Bytes | null;
    readonly workIds: readonly string[];
  }
  | { readonly type: 'postMessage'; readonly number: number; readonly generation: number; readonly epoch: bigint; readonly message: Bytes; readonly kind: ContentKind }
  | { readonly type: 'reportEntry'; readonly generation: number; readonly entry: number; readonly fault: GuardFault }
  | { readonly type: 'sendSignal'; readonly signal: Bytes }
  /** All who wait, as `knocked`. */
  | { readonly type: 'listKnocks' }
  | { readonly type: 'admit'; readonly participantId: string; readonly ticket: Bytes }
  | { readonly type: 'deny'; readonly participantId: string }
  | { readonly type: 'removeMember'; readonly leaf: number; readonly removal: Bytes }
  | { readonly type: 'offerRecord'; readonly record: Bytes }
  | FrameAction
  | SaidAction
  /** Content of one's own that is not said: the server refused it, or the leaf is given up. */
  | { readonly type: 'unsaid'; readonly content: Content }
  /** {@link MemberView} is another now. */
  | { readonly type: 'changed' };

/** Somebody said something, in the order of the log. */
export interface SaidAction {
  readonly type: 'said';
  readonly generation: number;
  readonly entry: number;
  /** Who, as the group had him then: his leaf may be another's later. */
  readonly by: MemberEntry;
  readonly isOwn: boolean;
  /** His certificates: what he signs within the content can be verified later. */
  readonly chain: Chain;
  readonly content: Content;
}

/** What the frames' keys are to do: the calls of `FrameKeys`. */
export type FrameAction =
  | { readonly type: 'addEpoch'; readonly epoch: bigint; readonly baseKey: Bytes }
  | { readonly type: 'sendAs'; readonly leaf: number; readonly epoch: bigint; readonly context: number }
  | { readonly type: 'stopSending' }
  /** @property at on the clock of `receive`, ms */
  | { readonly type: 'retireEpoch'; readonly epoch: bigint; readonly at: number }
  | { readonly type: 'setLeaves'; readonly leaves: ReadonlySet<number> }
  /** A digest that the leaf has signed. */
  | { readonly type: 'acceptDigest'; readonly leaf: number; readonly digest: FrameDigest };

/** A person in the meeting, as the tree has it. */
export interface MemberEntry {
  readonly leaf: number;
  /** Who it is under any leaf, in hexadecimal (`personOf`). */
  readonly person: string;
  /** The same as sittings name it: `partyKey` of the account, or of a guest's device. */
  readonly party: string;
  /** H of the leaf certificate, hexadecimal: another one each time that somebody comes. */
  readonly certificate: string;
  /** From the certificate; null: a guest's name that must not be shown. */
  readonly name: string | null;
  readonly organization: string;
  readonly isGuest: boolean;
  /** A moderator confirmed that the guest bears this name rightly. */
  readonly isConfirmed: boolean;
  readonly role: Role;
  /** Admitted by the institution's key, not by a person. */
  readonly byOrganization: boolean;
  /** Contradicts the others' history, or is silent where it should speak. */
  readonly isMarked: boolean;
}

export interface KnockView {
  readonly participantId: string;
  /** Who it is under any leaf, in hexadecimal (`personOf`); empty where the key package cannot be read. */
  readonly person: string;
  /** From the certificate; null where the key package cannot be admitted. */
  readonly name: string | null;
  readonly organization: string;
  /** Where a guest says that he comes from, by the server's word; empty: he says nothing. Nothing proves it. */
  readonly claimed: string;
  readonly isGuest: boolean;
  readonly fault: GuardFault | null;
  /** A moderator removed him in this generation. */
  readonly wasRemoved: boolean;
  readonly since: number;
}

/** What the page may know: no key and nothing that leads to one. */
export interface MemberView {
  readonly phase: MemberPhase;
  readonly closed: CloseReason | null;
  readonly generation: number;
  readonly epoch: bigint;
  readonly ownLeaf: number | null;
  readonly members: readonly MemberEntry[];
  readonly knocks: readonly KnockView[];
  /** Leaves with a raised hand, whoever raised it first at the front. */
  readonly hands: readonly number[];
  /** Leaf that a moderator has put on everybody's stage; null: none. */
  readonly spotlight: number | null;
  readonly facts: MeetingFacts | null;
  readonly alarms: readonly Alarm[];
  readonly counter: Counter;
  readonly badge: Badge;
}

/** When time alone changes something, and why. */
export interface MemberDeadline {
  readonly at: number;
  readonly reason: 'heartbeat' | 'commit' | 'answer' | 'update' | 'switch' | 'welcome' | 'renewal' | 'counter';
}
