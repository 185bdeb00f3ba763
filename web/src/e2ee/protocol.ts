import type { FileFault } from './files/fileCipher';
import type { ProofState } from './frames/digestVerifier';
import type { SlotSender } from './frames/slotSenders';
import type { FrameCounts } from './frames/transforms';
import type { PayloadTypesMessage, ReportSlotsMessage } from './frames/transformOptions';
import type { MemberAction, MemberCommand, MemberEvent, MemberView, SaidAction } from './mls/memberTypes';
import type { Bytes } from './mls/bytes';
import type { Content } from './mls/content';
import type { VerificationCode } from './mls/codes';
import type { Succession } from './mls/statement';

/**
 * What the page and the worker say to each other. The worker owns every key; what crosses here is public, or encrypted, or for people to see.
 * The page does the talking to the server: it turns {@link NetworkAction}s into calls and their answers into {@link MemberEvent}s.
 */
export type NetworkAction = Extract<MemberAction, {
  readonly type: 'knock' | 'foundGroup' | 'readLog' | 'takeWork' | 'refuseWork' | 'postCommit' | 'postMessage' | 'reportEntry' | 'sendSignal' | 'listKnocks'
    | 'admit' | 'deny' | 'removeMember' | 'offerRecord';
}>;

/** What the server says. The person's words and time have ways of their own. */
export type NetworkEvent = Exclude<MemberEvent, { readonly type: 'command' | 'time' | 'digestReady' }>;

/** Who the person is in this meeting. */
export type SpokenIdentity = { readonly type: 'guest'; readonly name: string } | { readonly type: 'account'; readonly certificate: Bytes };

/** What the founder decides; the rest of the statement is the worker's to fill in. */
export interface FoundingWish {
  readonly label: string;
  readonly labelRank: number;
  readonly guestsAllowed: boolean;
  readonly recordingAllowed: boolean;
  readonly succession: Succession;
  readonly membersMaximum: number;
  /** Account ids. */
  readonly coHosts: readonly Bytes[];
  readonly identityRoots: readonly Bytes[];
}

export type ToWorker =
  /** Opens a link. The statement follows as an event. */
  | { readonly type: 'open'; readonly meetingId: string; readonly fragment: Bytes; readonly identity: SpokenIdentity }
  | { readonly type: 'event'; readonly event: NetworkEvent }
  | { readonly type: 'command'; readonly command: MemberCommand }
  /** Gives the meeting up: all keys of it are dropped. */
  | { readonly type: 'close' }
  | { readonly type: 'ask'; readonly number: number; readonly question: Question };

/** What the page's peer connections tell the worker's transforms, beside {@link ToWorker}. */
export type ToTransforms = PayloadTypesMessage | ReportSlotsMessage;

/** What the page asks the worker for, with one answer each. */
export type Question =
  | { readonly type: 'found'; readonly wish: FoundingWish; readonly identity: SpokenIdentity; readonly at: number }
  /** Founds a breakout room of the meeting that is open, under its rules. @property persons those who may enter it by themselves (`personOf`, hexadecimal), beside moderators */
  | { readonly type: 'foundRoom'; readonly persons: readonly string[]; readonly identity: SpokenIdentity; readonly at: number }
  /** The device key, and proof that it is held, for a device certificate. */
  | { readonly type: 'device'; readonly accountId: Bytes; readonly at: number }
  | { readonly type: 'codes' }
  /** Encrypts a file that the message of this id is going to give. */
  | { readonly type: 'sealFile'; readonly id: Bytes; readonly file: Blob }
  /** Opens a file that was said. @property file the server's name for it */
  | { readonly type: 'openFile'; readonly file: Bytes; readonly ciphertext: Blob }
  /** Counters of frames, for support and tests. */
  | { readonly type: 'counts' };

export interface Answers {
  readonly found: { readonly meetingId: string; readonly statement: Bytes; readonly statementHash: Bytes };
  readonly foundRoom: Answers['found'];
  readonly device: { readonly deviceKey: Bytes; readonly proof: Bytes };
  readonly codes: { readonly epoch: VerificationCode; readonly roster: VerificationCode } | null;
  readonly counts: FrameCounts;
  /** The ciphertext. */
  readonly sealFile: Blob;
  readonly openFile: Blob | FileFault;
}

export type FromWorker =
  | { readonly type: 'action'; readonly action: NetworkAction }
  | { readonly type: 'view'; readonly view: MemberView }
  | SaidAction
  | { readonly type: 'unsaid'; readonly content: Content }
  /** Receive slots that show somebody else now, by the keys of their frames. */
  | { readonly type: 'slots'; readonly changes: readonly SlotSender[] }
  /** Whether a leaf's own digests name what was received under its keys. */
  | { readonly type: 'proof'; readonly leaf: number; readonly state: ProofState }
  /** Null: the worker could not. */
  | { readonly type: 'answer'; readonly number: number; readonly answer: Answers[keyof Answers] | null }
  /** A bug in the worker: nothing is sent from here on. It says no more than a name, since texts may hold secrets. */
  | { readonly type: 'failed'; readonly name: string };
