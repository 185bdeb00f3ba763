// Generated from src/Pendopo.Signaling by `make contract`. Do not edit.

/**
 * Why a request about accounts was refused: `error` of the problem document.
 * - `invalidRequest`: A field is missing or out of bounds.
 * - `notSignedIn`: Nobody is signed in here.
 * - `notAllowed`: For administrators only.
 * - `wrongOrigin`: People sign in at one origin, and this is another; `origin` of the problem document names the right one.
 * - `linkInvalid`: The one-time link is unknown, used or past its time.
 * - `passkeyRefused`: The passkey is unknown here or its answer does not hold; begin anew.
 * - `notFound`: There is no such account, session or link.
 * - `lastWayIn`: Nothing else would be left to sign in with.
 * - `clockOff`: The device's clock is more than 5 minutes off.
 * - `proofRefused`: The device key is unsound, or the signature does not prove its possession.
 */
export type AccountError = 'invalidRequest' | 'notSignedIn' | 'notAllowed' | 'wrongOrigin' | 'linkInvalid' | 'passkeyRefused' | 'notFound' | 'tooManyRequests' | 'lastWayIn' | 'clockOff' | 'proofRefused';

export interface AccountInfo {
  /** 16 bytes in base64url. */
  readonly id: string;
  readonly name: string;
  readonly role: AccountRole;
}

/** Answer of `GET /api/account`: who is signed in here. */
export interface AccountResponse {
  /** Null: nobody. */
  readonly account: AccountInfo | null;
  /** The one origin at which people sign in, in the form of the Origin header. */
  readonly origin: string;
  /** False: there is no administrator yet, so nobody can sign in. */
  readonly founded: boolean;
  /** Whoever asks may found meetings. Guests may where there is no administrator yet, or where the institution lets them. */
  readonly mayFound: boolean;
  /** Name of the institution's OpenID provider, by which people can sign in too; null: there is none. */
  readonly provider?: string | null;
}

/** - `administrator`: May invite people and give them new links. */
export type AccountRole = 'member' | 'administrator';

/** Answer of `GET /api/accounts`: a page in the order in which accounts were made. */
export interface AccountsResponse {
  readonly accounts: readonly AccountInfo[];
  /** Value of `after` for the next page; null: this is the last. */
  readonly next: string | null;
}

export interface AdmitRequest {
  readonly participantId: string;
  /** Signed by the caller's leaf for the key package that the participant knocked with last. */
  readonly ticket: string;
}

/** A WebAuthn ceremony that has begun. */
export interface CeremonyResponse {
  /** Names it in the request that ends it; good once, for this browser, for 5 minutes. */
  readonly ceremony: string;
  /** PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON (WebAuthn Level 3), as text. */
  readonly options: string;
}

/** Body of `PUT /api/schedule/{id}`; If-Match names the version that was seen. */
export interface ChangeMeetingRequest {
  readonly title: string;
  readonly agenda: string;
  readonly times: ScheduleTimes;
  readonly people: readonly InviteeRequest[];
}

export interface CommitRequest {
  readonly generation: number;
  readonly epoch: number;
  /** MLSMessage (mls_public_message). */
  readonly commit: string;
  /** MLSMessage (mls_welcome) for those added, where it is short; else WelcomeId. */
  readonly welcome: string | null;
  /** Answer of `POST /api/meetings/{id}/welcomes`. */
  readonly welcomeId: string | null;
  /** What the commit is meant to do; the server reads that from the commit itself. */
  readonly workIds: readonly string[];
}

export interface CommitResult {
  readonly error: ErrorCode;
  readonly message: string | null;
  readonly verdict: GroupVerdict;
  readonly fault: GroupFault;
  /** Number in the log; 0 unless accepted. */
  readonly entry: number;
}

/** - `reconnecting`: The socket or the path is lost; the place is kept for a while. */
export type ConnectionState = 'connected' | 'reconnecting';

/** A change of MeetingControls: null leaves as it is, so that two moderators do not undo each other. */
export interface ControlsChange {
  readonly microphonesLocked?: boolean | null;
  readonly camerasLocked?: boolean | null;
  readonly chatLocked?: boolean | null;
  readonly meetingLocked?: boolean | null;
  readonly frozen?: boolean | null;
  readonly sharing?: SharePolicy | null;
  readonly mutedFrom?: number | null;
  readonly cameraOffFrom?: number | null;
  readonly privateChat?: PrivateChatPolicy | null;
}

/** Body of `POST /api/meetings`. */
export interface CreateMeetingRequest {
  /** Has no default: a body without it is refused. */
  readonly kind: MeetingKind;
  /** The codecs that the meeting may use, in order of preference; null: VP8, VP9, AV1, H.264. */
  readonly videoCodecs?: readonly VideoCodec[] | null;
  /** Encrypted meetings only, and needed there: what the founder signed, base64url. It names the id. */
  readonly foundingStatement?: string | null;
}

/** Answer of `POST /api/meetings`. */
export interface CreateMeetingResponse {
  /** At least 128 bits of randomness, base64url. */
  readonly meetingId: string;
  /** Path of the join page: `/m/{id}`. */
  readonly path: string;
  /** Bearer token for WHIP; open broadcasts only. */
  readonly publishToken: string | null;
  /** Bearer token for WHEP; open broadcasts only. */
  readonly viewToken: string | null;
}

/** Body of `POST /api/identity/device-certificates`. */
export interface DeviceCertificateRequest {
  /** Ed25519 public key, base64url. */
  readonly deviceKey: string;
  /** When the device signed: milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** Sign(device key, "device", account id ‖ device key ‖ uint64 at), base64url. */
  readonly proof: string;
}

export interface DeviceCertificateResponse {
  /** DER, base64url. */
  readonly certificate: string;
  /** Ed25519 public key of the identity authority, base64url. */
  readonly root: string;
}

/**
 * - `replaced`: The same session joined elsewhere.
 * - `empty`: Nobody was left.
 */
export type EndReason = 'endedByHost' | 'removed' | 'replaced' | 'empty';

export interface EntryVoided {
  readonly generation: number;
  readonly entry: number;
  /** The one that holds again. */
  readonly epoch: number;
}

/**
 * Why something was refused. Unknown and forbidden meetings answer alike: MeetingNotFound.
 * - `invalidRequest`: A field is missing or out of bounds.
 * - `notInMeeting`: The place is gone: join anew.
 * - `invalidOffer`: The SDP offer cannot be used; the message says why.
 * - `noCommonCodec`: No video codec that everybody can decode.
 * - `unavailable`: Not now: try again in a moment.
 * - `notMember`: The connection speaks for no leaf of the group.
 * - `wrongKind`: The meeting is of the other kind.
 * - `statementRefused`: The founding statement is malformed, of another kind, or somebody else's.
 * - `notSignedIn`: The chain names an account that this session is not signed in to.
 * - `meetingLocked`: Moderators let nobody new in.
 */
export type ErrorCode = 'none' | 'invalidRequest' | 'meetingNotFound' | 'meetingEnded' | 'meetingFull' | 'notInMeeting' | 'notAllowed' | 'invalidOffer' | 'noCommonCodec' | 'tooManyRequests' | 'unavailable' | 'notMember' | 'wrongKind' | 'statementRefused' | 'idInUse' | 'notSignedIn' | 'meetingLocked';

/** Answer to `GET /api/meetings/{id}/files`: how much a member may give to the others. */
export interface FileRoom {
  /** Longest ciphertext of one file, bytes. */
  readonly maximum: number;
  /** What the meeting's files may still take together, bytes. */
  readonly left: number;
}

export interface FoundGroupRequest {
  /** The one that is over; 0 before the first. */
  readonly expectedGeneration: number;
  /** Of the next generation: H(founding statement) ‖ uint32 generation. */
  readonly groupId: string;
  /** Of leaf 0. */
  readonly keyPackage: string;
}

export interface FoundGroupResult {
  readonly error: ErrorCode;
  readonly message: string | null;
  /** Stale: somebody else was first; knock again. */
  readonly verdict: GroupVerdict;
  readonly group: GroupHead | null;
}

/**
 * Why the server refused something of the group (docs/e2ee.md §22).
 * - `clockOff`: The commit's time is not the server's.
 * - `tooFarBehind`: The log does not reach back so far.
 */
export type GroupFault = 'none' | 'malformed' | 'wrongGroup' | 'wrongGeneration' | 'wrongEpoch' | 'wrongSender' | 'proposalRefused' | 'pathMissing' | 'addNotAdmitted' | 'removeNotAllowed' | 'recordNotOffered' | 'dataMalformed' | 'clockOff' | 'welcomeMissing' | 'tooLarge' | 'tooFarBehind' | 'voided' | 'removed' | 'invalid';

/** Where a generation stands. */
export interface GroupHead {
  /** 1, 2, …; 0 before the first. */
  readonly generation: number;
  readonly epoch: number;
  /** Number of the log's last entry; 0 for none. */
  readonly entry: number;
  /** The server's clock, ms since 1970-01-01 UTC. */
  readonly at: number;
}

export interface GroupSignal {
  readonly leaf: number;
  readonly signal: string;
}

/** - `stale`: Of an epoch that is over: process the log and build anew. */
export type GroupVerdict = 'accepted' | 'stale' | 'refused';

/** What the server tells of an encrypted meeting's group. Waiting people hear KnockChanged, NoticeChanged and Welcomed only. */
export interface GroupClient {
  /** To the one who waits. After Denied and Expired the place is gone. */
  knockChanged(state: KnockState): void;
  /** To moderators: somebody waits, or has replaced the key package. */
  knocked(knock: Knock): void;
  /** To moderators: nobody needs to decide about that one any more. */
  knockGone(participantId: string): void;
  /** To those who wait and to moderators: what moderators say to those who wait; null: nothing more. */
  noticeChanged(notice: string | null): void;
  /** To members: there is more to be committed. Who comes in hears of all that there is. */
  workOffered(work: readonly WorkHeadline[]): void;
  /** To members: done, or not to be done. */
  workWithdrawn(workIds: readonly string[]): void;
  /** To members, in order, one's own entries too. */
  logAppended(entry: LogEntry): void;
  /** To members: the last commit is void. */
  entryVoided(entry: EntryVoided): void;
  /** To those whom a commit added. */
  welcomed(welcome: Welcomed): void;
  /** To members: a signal of another. */
  signalReceived(signal: GroupSignal): void;
  /** To members: how many receivers the media server has in this meeting. */
  receiversChanged(receivers: number): void;
  /** The place is gone: knock, and come back as a new leaf. */
  outOfStep(reason: GroupFault): void;
}

/** Every method of {@link GroupClient}, as it is called on the wire. */
export const groupClientMethods = ['knockChanged', 'knocked', 'knockGone', 'noticeChanged', 'workOffered', 'workWithdrawn', 'logAppended', 'entryVoided', 'welcomed', 'signalReceived', 'receiversChanged', 'outOfStep'] as const;

/** What a client may ask of the server about the group of an encrypted meeting, over the same connection as IMeetingHub (docs/e2ee.md §21). Bytes are base64url without padding. Who speaks is told by the connection, never by a field. */
export interface GroupHub {
  /** Asks for admission; anybody with the link may. Again with a new key package it replaces the old one. A connection that speaks for a member does so no more: it comes back as a new leaf. */
  knock(request: KnockRequest): Promise<KnockResult>;
  /** Founds the next generation, after FoundGroup. The first wins; the others knock again. */
  foundGroup(request: FoundGroupRequest): Promise<FoundGroupResult>;
  /** Moderators: who waits, by participant id, 50 a page. after is Next of the page before, or null. */
  listKnocks(after: string | null): Promise<KnockPage>;
  /** Moderators: has somebody who waits added to the group. */
  admit(request: AdmitRequest): Promise<Outcome>;
  /** Moderators: sends somebody who waits away. */
  deny(participantId: string): Promise<Outcome>;
  /** Moderators: says something to all who wait, who hold no keys; so the server reads it. Up to NoticeMaximum characters; null takes it back. It is kept as long as anybody waits. */
  tellWaiting(notice: string | null): Promise<Outcome>;
  /** Moderators: cuts a member's seat at once and has its leaf removed. */
  removeMember(request: RemoveMemberRequest): Promise<Outcome>;
  /** Moderators: has a state record committed. */
  offerRecord(record: string): Promise<Outcome>;
  /** Members: the bodies of the work there is. Empty for another generation or epoch than the current one. */
  takeWork(request: TakeWorkRequest): Promise<WorkResult>;
  /** Members: this work cannot be done, and why. */
  refuseWork(workId: string, fault: string): Promise<Outcome>;
  /** Members: a commit for the current epoch. The first valid one wins; for the others the answer is stale. */
  postCommit(request: CommitRequest): Promise<CommitResult>;
  /** Members: an application message for the log. */
  postMessage(request: MessageRequest): Promise<MessageResult>;
  /** Members: relayed to members, not kept. */
  sendSignal(signal: string): Promise<Outcome>;
  /** Members: what follows an entry in the log. */
  readLog(request: LogRequest): Promise<LogPage>;
  /** Members: the last commit of the log is invalid. */
  reportEntry(request: ReportRequest): Promise<Outcome>;
}

/** Every method of {@link GroupHub}, as it is called on the wire. */
export const groupHubMethods = ['knock', 'foundGroup', 'listKnocks', 'admit', 'deny', 'tellWaiting', 'removeMember', 'offerRecord', 'takeWork', 'refuseWork', 'postCommit', 'postMessage', 'sendSignal', 'readLog', 'reportEntry'] as const;

/** What the server tells a client. News may overtake the answer of Join and Resume: keep it until the snapshot is there, and ignore changes up to the snapshot's revision. */
export interface MeetingClient {
  /** The roster or the meeting changed. A client that misses a revision asks for the whole by Resume. */
  meetingChanged(change: MeetingChange): void;
  /** Which sources one's own seats carry from now on. */
  seatsChanged(seats: SeatMap): void;
  /** Which encodings of one's own camera or screen are watched from now on. A new connection starts with all of them, and the first word about it says so. */
  layersWanted(demand: LayerDemand): void;
  /** To whom one's own shared screen is delivered from now on; told to who shares it alone, and once a second at most. It says what leaves the server, and not who looks: nobody is told of anybody's attention. */
  shareDelivered(delivery: ShareDelivery): void;
  /** Who speaks, most recent first. */
  speakersChanged(participants: readonly string[]): void;
  /** One's own microphone shall send its sound redundantly (audio/red) from now on, or plainly (audio/opus), as loss asks for it. A client that cannot switch without a negotiation stays as it is. Each new media connection begins plainly. */
  redundancyChanged(wanted: boolean): void;
  /** The meeting's video codecs from now on, in order: camera and screen shall send the first of them that was negotiated. Who cannot switch without a negotiation makes a new offer and calls Negotiate. */
  codecsChanged(codecs: readonly VideoCodec[]): void;
  /** The media path fell silent: make a new offer, with an ICE restart, and call Negotiate. */
  renegotiationNeeded(reason: RenegotiationReason): void;
  /** The media connection is lost and cannot come back by ICE restart: make a new one. */
  mediaFailed(reason: string): void;
  /** It is over for this client. */
  ended(reason: EndReason): void;
  /** The server goes down and comes back: reconnect after the given time. */
  serverStopping(retryAfterMilliseconds: number): void;
}

/** Every method of {@link MeetingClient}, as it is called on the wire. */
export const meetingClientMethods = ['meetingChanged', 'seatsChanged', 'layersWanted', 'shareDelivered', 'speakersChanged', 'redundancyChanged', 'codecsChanged', 'renegotiationNeeded', 'mediaFailed', 'ended', 'serverStopping'] as const;

/** What a client may ask of the server, over SignalR at `/hubs/meeting`. Identity is the session's, never a field. */
export interface MeetingHub {
  /** Enters a meeting: admission, roster and media negotiation in one round trip. In encrypted meetings it connects the media of a member, so the connection must speak for a leaf already (IGroupHub); the display name is ignored then. */
  join(request: JoinRequest): Promise<JoinResult>;
  /** Takes up one's place again after a lost socket or a restarted server, within the time of grace. Who waits gets Knock and nothing else. */
  resume(request: ResumeRequest): Promise<JoinResult>;
  /** A further offer: more seats, another codec to send, ICE restart, or a fresh connection. */
  negotiate(request: NegotiateRequest): Promise<NegotiateResult>;
  /** Says which of one's own sources shall be on. What moderators do not allow stays off, and the answer says why. */
  setMedia(media: MediaState): Promise<MediaResult>;
  /** Moderators of encrypted meetings: acts on people of a lower rank than one's own. */
  moderate(request: ModerationRequest): Promise<Outcome>;
  /** Moderators of encrypted meetings: locks, freezing, rules for who comes in. */
  setControls(change: ControlsChange): Promise<Outcome>;
  /** Members: asks moderators for leave to share, or asks no more. */
  askToShare(asks: boolean): Promise<Outcome>;
  /** Members: says no to a moderator who asked to unmute. Yes is SetMedia. */
  declineUnmute(): Promise<Outcome>;
  /** Says what the layout shows, most important first. */
  setView(view: readonly ViewItem[]): Promise<Outcome>;
  /** Nothing more is sent to this participant, no sound and no picture, or everything again: he is elsewhere for a while, as in a breakout room, and keeps his place. A new socket or a new media connection is to be told anew. */
  rest(resting: boolean): Promise<Outcome>;
  /** Leaves for good; the place is given up. */
  leave(): Promise<Outcome>;
  /** Ends the meeting for everybody; hosts only. */
  end(): Promise<Outcome>;
}

/** Every method of {@link MeetingHub}, as it is called on the wire. */
export const meetingHubMethods = ['join', 'resume', 'negotiate', 'setMedia', 'moderate', 'setControls', 'askToShare', 'declineUnmute', 'setView', 'rest', 'leave', 'end'] as const;

/** Answer of `GET /api/identity/root`. */
export interface IdentityRootResponse {
  /** Ed25519 public key of the identity authority, base64url. */
  readonly root: string;
}

/**
 * - `unreachable`: The mail server does not answer.
 * - `recipientRefused`: The mail server refuses the recipient.
 * - `refused`: The mail server refuses ours.
 */
export type InvitationFailure = 'unreachable' | 'recipientRefused' | 'refused';

/**
 * Whether the last mail to somebody has left.
 * - `waiting`: To be sent, or to be tried again.
 * - `failed`: Not sent, and not tried again.
 */
export type InvitationMail = 'sent' | 'waiting' | 'failed';

/** Body of `POST /api/accounts/invitations`. */
export interface InvitationRequest {
  /** Of the person, who cannot change it: the administrator answers for it. */
  readonly name: string;
  readonly role: AccountRole;
}

export interface InvitedPerson {
  readonly accountId: string | null;
  readonly name: string | null;
  /** Of those without account; the organiser alone sees it. */
  readonly address: string | null;
  /** Null: no mail was written to them. */
  readonly mail: InvitationMail | null;
  readonly failure: InvitationFailure | null;
}

/** Exactly one of the two is given. */
export interface InviteeRequest {
  readonly accountId?: string | null;
  readonly address?: string | null;
}

/** A new one-time link. */
export interface IssuedLinkResponse {
  readonly id: string;
  /** The whole link with its secret, which is not to be had again. */
  readonly link: string;
  readonly expiresAt: number;
}

export interface JoinRequest {
  readonly meetingId: string;
  /** 1 to 80 characters after trimming, without control characters. */
  readonly displayName: string;
  readonly media: MediaState;
  readonly offer: Offer;
}

export interface JoinResult {
  readonly error: ErrorCode;
  readonly message: string | null;
  /** One's own participant id. */
  readonly self: string | null;
  readonly meeting: MeetingSnapshot | null;
  readonly answerSdp: string | null;
  readonly seats: SeatMap | null;
  /** Where somebody stands who waits; there is no snapshot then. */
  readonly knock?: KnockState | null;
}

/** Somebody who waits for a moderator's word. */
export interface Knock {
  readonly participantId: string;
  readonly displayName: string;
  readonly keyPackage: string;
  /** ms since 1970-01-01 UTC. */
  readonly since: number;
  /** What the person says of himself, by the server's word; null: nothing. */
  readonly institution?: string | null;
}

export interface KnockPage {
  readonly error: ErrorCode;
  readonly message: string | null;
  readonly knocks: readonly Knock[];
  /** Null on the last page. */
  readonly next: string | null;
  /** What those who wait are told now; null: nothing. */
  readonly notice?: string | null;
}

export interface KnockRequest {
  readonly meetingId: string;
  /** For the lobby and the server's roster; members show the certificate's name. */
  readonly displayName: string;
  /** MLSMessage (mls_key_package) with its chain. */
  readonly keyPackage: string;
  /** A founding or an organisation's ticket, for those who have one. */
  readonly ticket?: string | null;
  /** Where somebody says that he comes from, in the form of a display name; nothing proves it, and only moderators are told. */
  readonly institution?: string | null;
}

export interface KnockResult {
  readonly error: ErrorCode;
  readonly message: string | null;
  /** One's own participant id. */
  readonly self: string | null;
  readonly state: KnockState | null;
  /** Of the waiting, generation and time only. */
  readonly group: GroupHead | null;
  /** Since when one waits, ms since 1970-01-01 UTC: who knocks again keeps his place. */
  readonly since?: number | null;
  /** What moderators say to those who wait; null: nothing. */
  readonly notice?: string | null;
}

/**
 * Where somebody who knocked stands.
 * - `foundGroup`: There is no living generation, and the statement lets this person found one.
 * - `waiting`: For a moderator's word.
 * - `returning`: Nobody needs to be asked: a member adds the new leaf.
 * - `admitted`: A member adds the leaf.
 */
export type KnockState = 'foundGroup' | 'waiting' | 'returning' | 'admitted' | 'denied' | 'expired';

/** Which encodings of one's own source anybody watches; the others may be switched off. */
export interface LayerDemand {
  readonly source: MediaSource;
  /** False: nobody watches the source at all. */
  readonly wanted: boolean;
  /** The encodings that are wanted; empty for a source with a single one. */
  readonly rids: readonly string[];
}

export interface LinkInfo {
  readonly id: string;
  readonly purpose: LinkPurpose;
  readonly name: string | null;
  readonly role: AccountRole;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/**
 * What a one-time link is for.
 * - `firstAdministrator`: Makes the first administrator.
 * - `invitation`: Makes the account of somebody invited.
 * - `recovery`: Gives an account a new passkey in place of all it has.
 */
export type LinkPurpose = 'firstAdministrator' | 'invitation' | 'recovery';

/** Body of `POST /api/account/link`. */
export interface LinkRequest {
  /** Fragment of the one-time link. */
  readonly token: string;
}

export interface LinkResponse {
  readonly purpose: LinkPurpose;
  readonly role: AccountRole;
  /** The name that the account has or will have; null: the person says it. */
  readonly name: string | null;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly expiresAt: number;
}

/** Answer of `GET /api/accounts/links`: links that may still be used, newest first. */
export interface LinksResponse {
  readonly links: readonly LinkInfo[];
}

export interface LogEntry {
  readonly generation: number;
  /** 1, 2, …, without gaps. */
  readonly entry: number;
  readonly kind: LogKind;
  /** In which it was made. */
  readonly epoch: number;
  /** Who posted it, by the server's word. */
  readonly leaf: number;
  /** The server's clock, ms since 1970-01-01 UTC. */
  readonly at: number;
  readonly bytes: string;
}

/**
 * What an entry of the log is. Of a message it is the sender's word, by which the server lets it pass or not; receivers drop what turns out to be of another kind (docs/e2ee.md §17).
 * - `message`: Any message that is of none of the kinds below.
 * - `private`: Said to one person.
 * - `privateToModerators`: Said to moderators alone.
 */
export type LogKind = 'commit' | 'message' | 'chat' | 'hand' | 'private' | 'privateToModerators';

export interface LogPage {
  readonly error: ErrorCode;
  readonly message: string | null;
  readonly fault: GroupFault;
  /** Consecutive; empty at the end of the log. */
  readonly entries: readonly LogEntry[];
  readonly group: GroupHead | null;
}

export interface LogRequest {
  readonly generation: number;
  /** The last entry that is known. */
  readonly after: number;
}

export interface MediaCut {
  readonly source: MediaSource;
  readonly reason: MediaRefusal;
}

/**
 * Why a source may not flow.
 * - `sharingNotGranted`: Ask by AskToShare.
 */
export type MediaRefusal = 'frozen' | 'observer' | 'microphonesLocked' | 'camerasLocked' | 'sharingNotGranted' | 'sharingLocked';

export interface MediaResult {
  readonly error: ErrorCode;
  readonly message: string | null;
  /** What is on now; null with an error. */
  readonly media: MediaState | null;
  /** What was asked for and is not on. */
  readonly cuts: readonly MediaCut[];
}

export type MediaSource = 'microphone' | 'camera' | 'screen' | 'screenAudio';

export interface MediaState {
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  readonly screenAudio: boolean;
}

/** A change from revision − 1 to Revision. */
export interface MeetingChange {
  readonly revision: number;
  /** Participants who came or changed, whole. */
  readonly upserted: readonly Participant[];
  /** Ids of those who left. */
  readonly removed: readonly string[];
  readonly videoCodecs: readonly VideoCodec[] | null;
  readonly red: boolean | null;
  /** Whole, where they changed. */
  readonly controls?: MeetingControls | null;
}

/** What moderators have set for all who are no moderators. The server holds everybody to it. */
export interface MeetingControls {
  readonly microphonesLocked: boolean;
  readonly camerasLocked: boolean;
  /** Nothing is written to all or to one person; what PrivateChat lets go to moderators still does. */
  readonly chatLocked: boolean;
  /** Nobody new may knock. Who was in before may come back. */
  readonly meetingLocked: boolean;
  /** No microphone, camera, screen or chat. What it stopped does not start again by itself. */
  readonly frozen: boolean;
  readonly sharing: SharePolicy;
  /** Who comes in as the so-many-th or later starts with the microphone off; 0: nobody does. */
  readonly mutedFrom: number;
  /** The same for cameras. */
  readonly cameraOffFrom: number;
  readonly privateChat: PrivateChatPolicy;
}

/**
 * Fixed at founding and for good. There is no third kind: people who meet are always encrypted end to end.
 * - `encrypted`: End-to-end encrypted (docs/e2ee.md). The zero, so that what nobody has set is never the open kind.
 * - `openBroadcast`: Open broadcast (siaran terbuka), encrypted in transit only: the one kind that is joined by link alone, and that WHIP and WHEP may enter.
 */
export type MeetingKind = 'encrypted' | 'openBroadcast';

export interface MeetingSnapshot {
  readonly meetingId: string;
  readonly kind: MeetingKind;
  /** Grows by one with each change. */
  readonly revision: number;
  readonly startedAt: number;
  readonly participants: readonly Participant[];
  /** In order of preference; the first is what senders use. */
  readonly videoCodecs: readonly VideoCodec[];
  readonly red: boolean;
  /** In encrypted meetings, where the log stands. */
  readonly group?: GroupHead | null;
  /** In encrypted meetings, how many receivers the media server has. */
  readonly receivers?: number | null;
  /** In encrypted meetings only. */
  readonly controls?: MeetingControls | null;
}

export interface MessageRequest {
  readonly generation: number;
  readonly epoch: number;
  /** MLSMessage (mls_private_message) with application data. */
  readonly message: string;
  /** Any but Commit. */
  readonly kind: LogKind;
}

export interface MessageResult {
  readonly error: ErrorCode;
  readonly message: string | null;
  readonly verdict: GroupVerdict;
  readonly fault: GroupFault;
  /** Number in the log; 0 unless accepted. */
  readonly entry: number;
}

/**
 * What a moderator of an encrypted meeting does to people. Nobody is ever unmuted by somebody else.
 * - `muteAll`: Everybody below the moderator's own rank; names nobody.
 * - `askToUnmute`: The person decides; see DeclineUnmute.
 * - `makePresenter`: May share a screen where that goes by grant.
 * - `makeParticipant`: Takes Presenter or Observer back, and says no to who asks to share.
 */
export type ModerationAct = 'mute' | 'muteAll' | 'askToUnmute' | 'stopShare' | 'makePresenter' | 'makeParticipant' | 'makeObserver';

export interface ModerationRequest {
  readonly act: ModerationAct;
  /** Whom it is about; null with MuteAll only. */
  readonly participantId: string | null;
}

/**
 * Why a microphone is off that its owner did not switch off.
 * - `entry`: By the rule for who comes in (MutedFrom).
 * - `moderator`: A moderator muted it, locked microphones or froze the meeting.
 */
export type MuteCause = 'none' | 'entry' | 'moderator';

export interface NegotiateRequest {
  readonly offer: Offer;
  /** True: a new connection that replaces the old; false: a further offer on the same. */
  readonly fresh: boolean;
}

export interface NegotiateResult {
  readonly error: ErrorCode;
  readonly message: string | null;
  readonly answerSdp: string | null;
}

export interface Offer {
  readonly sdp: string;
  readonly plan: OfferPlan;
}

export interface OfferPlan {
  readonly microphone: string | null;
  readonly camera: string | null;
  readonly screen: string | null;
  readonly screenAudio: string | null;
  readonly seats: readonly SeatMids[];
  readonly voices: readonly string[];
}

export interface Outcome {
  readonly error: ErrorCode;
  readonly message?: string | null;
}

export interface Participant {
  readonly id: string;
  readonly displayName: string;
  readonly role: ParticipantRole;
  /** What is on, as the server enforces it. */
  readonly media: MediaState;
  readonly connection: ConnectionState;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly joinedAt: number;
  /** In encrypted meetings, the leaf of the group that it holds. */
  readonly leaf?: number | null;
  /** In encrypted meetings only. */
  readonly rights?: ParticipantRights | null;
}

export interface ParticipantRights {
  readonly standing: Standing;
  readonly muted: MuteCause;
  /** A moderator asks for his voice. */
  readonly askedToUnmute: boolean;
  /** He asks moderators for leave to share. */
  readonly asksToShare: boolean;
}

/**
 * - `coHost`: A moderator of an encrypted meeting; may not end it.
 * - `endpoint`: A WHIP publisher or WHEP viewer.
 */
export type ParticipantRole = 'host' | 'participant' | 'coHost' | 'endpoint';

/**
 * - `notWanted`: The view does not show it.
 * - `stalled`: It is switched on, but nothing comes from the sender.
 */
export type PauseReason = 'none' | 'muted' | 'bandwidth' | 'codec' | 'notWanted' | 'stalled';

/** Answer of `GET /api/schedule/people`: up to 10 accounts. */
export interface PeopleResponse {
  readonly people: readonly AccountInfo[];
}

/** Body of `POST /api/schedule`: gives a date to a meeting that this account has founded. */
export interface PlanMeetingRequest {
  readonly meetingId: string;
  /** Of its link, without the sign: SHA-256 of the founding statement, base64url. */
  readonly fragment: string;
  /** 1 to 120 visible characters. */
  readonly title: string;
  /** Up to 4000 characters; may be empty. */
  readonly agenda: string;
  readonly times: ScheduleTimes;
  /** Up to 100. */
  readonly people: readonly InviteeRequest[];
}

/**
 * To whom those who are no moderators may write apart from all.
 * - `everybody`: To any one person, and to moderators.
 */
export type PrivateChatPolicy = 'everybody' | 'moderators' | 'nobody';

/** Answer of `GET /api/account/provider`. */
export interface ProviderResponse {
  /** The account's person can sign in by the provider. */
  readonly linked: boolean;
}

/** Body of `POST /api/account/registration/options`. */
export interface RegistrationOptionsRequest {
  readonly token: string;
  /** 1 to 80 characters; counts only where the link has none. */
  readonly name?: string | null;
}

/** Body of `POST /api/account/registration`. */
export interface RegistrationRequest {
  readonly token: string;
  readonly ceremony: string;
  /** RegistrationResponseJSON, as text. */
  readonly credential: string;
}

export interface RemoveMemberRequest {
  readonly participantId: string;
  /** Signed by the caller's leaf. */
  readonly removal: string;
}

export type RenegotiationReason = 'iceRestart';

export interface ReportRequest {
  readonly generation: number;
  readonly entry: number;
  /** The guard's word for it. */
  readonly fault: string;
}

export interface ResumeRequest {
  readonly meetingId: string;
  readonly participantId: string;
  /** Null while the media connection still lives. */
  readonly offer: Offer | null;
}

/**
 * Why a request about scheduled meetings was refused: `error` of the problem document.
 * - `invalidRequest`: A field is missing or malformed, or the request names no version.
 * - `invalidPeople`: Somebody invited has neither an account here nor a sound address, or there are too many.
 * - `notFounder`: There is no such encrypted meeting of this account's founding, or the fragment is another's.
 * - `notFound`: There is no such scheduled meeting, or not for this account.
 * - `versionChanged`: It was changed since.
 * - `over`: It is cancelled or over, or the meeting has ended.
 * - `alreadyScheduled`: The meeting has a date already.
 * - `tooMany`: Too many meetings ahead, or too many mails today.
 */
export type ScheduleError = 'invalidRequest' | 'invalidTitle' | 'invalidAgenda' | 'invalidTime' | 'invalidPeople' | 'notFounder' | 'notFound' | 'versionChanged' | 'over' | 'alreadyScheduled' | 'tooMany' | 'tooManyRequests';

/**
 * - `weekdays`: Monday to Friday.
 * - `monthly`: On the same day of the month; months without it are left out.
 */
export type ScheduleRepeat = 'once' | 'daily' | 'weekdays' | 'weekly' | 'monthly';

/** Answer of `GET /api/schedule`. */
export interface ScheduleResponse {
  readonly meetings: readonly ScheduledMeetingInfo[];
}

export interface ScheduleTimes {
  /** Of the first occurrence: milliseconds since 1970-01-01 UTC, a whole minute. */
  readonly start: number;
  /** 1 to 1440. */
  readonly durationMinutes: number;
  readonly zone: ScheduleZone;
  readonly repeat: ScheduleRepeat;
  /** Occurrences in all: 1 for once, else 2 to 100. */
  readonly count: number;
}

/** Indonesia's zones: UTC+7, +8 and +9 all the year. */
export type ScheduleZone = 'wib' | 'wita' | 'wit';

/** A meeting with a date. Of the link this is the server's word: clients hold it to what they know. */
export interface ScheduledMeetingInfo {
  readonly id: string;
  /** Counts changes; the entity tag in quotation marks. */
  readonly version: number;
  /** Names the event in calendars. */
  readonly uid: string;
  readonly meetingId: string;
  readonly fragment: string;
  readonly title: string;
  readonly agenda: string;
  /** Of the label in the founding statement; 0 for the least. */
  readonly labelRank: number;
  readonly guestsAllowed: boolean;
  readonly times: ScheduleTimes;
  /** Beginning of the occurrence that runs, or else of the next; null: all are over. */
  readonly next: number | null;
  /** When the last occurrence is over. */
  readonly end: number;
  readonly cancelled: boolean;
  readonly organizerName: string;
  /** The one who asks organises it. */
  readonly own: boolean;
  readonly people: readonly InvitedPerson[];
}

export interface SeatBinding {
  readonly seat: number;
  readonly participantId: string;
  readonly source: MediaSource;
  readonly pause: PauseReason;
}

/** All bindings; a seat that is not named is empty. */
export interface SeatMap {
  readonly seats: readonly SeatBinding[];
  readonly voices: readonly VoiceBinding[];
}

/** How the m-lines of an offer are meant: mids. */
export interface SeatMids {
  readonly audio: string;
  readonly video: string;
}

export interface SessionInfo {
  readonly id: string;
  /** The one that asks. */
  readonly current: boolean;
  /** What the browser called itself at sign-in. */
  readonly userAgent: string;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly expiresAt: number;
}

/** Answer of `GET /api/account/sessions`, last seen first. */
export interface SessionsResponse {
  readonly sessions: readonly SessionInfo[];
}

export interface ShareDelivery {
  /** Ids of those whose seats carry the screen and are not paused; empty: nobody yet, or no longer. */
  readonly participants: readonly string[];
}

/**
 * Who may share a screen, beside moderators.
 * - `granted`: Presenters.
 * - `moderators`: Nobody else: grants do not count either.
 */
export type SharePolicy = 'granted' | 'everybody' | 'moderators';

/** Body of `POST /api/account/sign-in`. */
export interface SignInRequest {
  readonly ceremony: string;
  /** AuthenticationResponseJSON, as text. */
  readonly credential: string;
}

/** What both ends must agree on beside the messages: path, JSON form, limits. */
export const signalingContract = {
  /** Path of the hub. */
  hubPath: '/hubs/meeting',
  /** Bytes of a meeting id: one for the kind and 17 random ones, 136 bits, above the 128 that make guessing hopeless. */
  meetingIdBytes: 18,
  /** First byte of the id of an encrypted meeting: the text begins with `r`, for rapat. */
  encryptedIdByte: 172,
  /** First byte of the id of an open broadcast: the text begins with `s`, for siaran. */
  broadcastIdByte: 176,
  /** Longest display name in characters after trimming: fits one line of a roster in every script. */
  displayNameMaximum: 80,
  /** Longest SDP offer in characters: 49 seats in Chromium are 288 kB, and twice that leaves room for growth. */
  sdpMaximum: 600000,
  /** Most seats of one connection: a grid of 7 by 7. */
  seatsMaximum: 49,
  /** Most audio-only slots of one connection: more voices at once nobody can tell apart. */
  voicesMaximum: 16,
  /** Most entries of a view: a camera and a screen for each seat. */
  viewMaximum: 98,
  /** Largest tile height in pixels that a view may name (8K). */
  heightMaximum: 4320,
  /** Longest founding statement in bytes. */
  statementMaximum: 8192,
  /** Longest key package in bytes. */
  keyPackageMaximum: 8192,
  /** Longest chain of certificates of a key package in bytes. */
  chainMaximum: 4096,
  /** Longest ticket, and longest removal, in bytes. */
  ticketMaximum: 1024,
  /** Longest state record in bytes. */
  recordMaximum: 16384,
  /** Longest commit in bytes: the worst Remove among 200 members is 250 kB. */
  commitMaximum: 400000,
  /** Longest Welcome within a commit request in bytes. */
  welcomeInlineMaximum: 262144,
  /** Longest Welcome at all in bytes. */
  welcomeMaximum: 4194304,
  /** Longest application message in bytes. */
  groupMessageMaximum: 65536,
  /** Longest signal in bytes. */
  signalMaximum: 16384,
  /** Most entries of a page of the log. */
  logPageEntries: 64,
  /** Most bytes of the entries of a page of the log, unless it has one only. */
  logPageBytes: 524288,
  /** Most Adds of one commit. */
  addsMaximum: 50,
  /** Most people who wait. */
  waitingMaximum: 500,
  /** Longest message to those who wait, in characters after trimming: a few sentences, no document. */
  noticeMaximum: 500,
  /** Highest number of people that a rule for who comes in may name. */
  entryRuleMaximum: 10000,
  /** Most work that is kept for committers. */
  workMaximum: 1000,
} as const;

/**
 * What somebody may do who is no moderator; it stays with the person when he comes again.
 * - `observer`: Receives only: no microphone, camera, screen, hand or chat.
 */
export type Standing = 'participant' | 'presenter' | 'observer';

/** Answer of `GET /api/status`: what a client must know before it joins. */
export interface StatusResponse {
  /** Version of the running build. */
  readonly build: string;
  /** True: Firefox cannot connect. */
  readonly mediaOnLoopbackOnly: boolean;
}

/** Answer to `POST /api/meetings/{id}/files`: a file's ciphertext is kept until the meeting ends. */
export interface StoredFile {
  /** 128 bits of the server's choosing, in base64url. */
  readonly fileId: string;
}

/** Answer of `POST /api/meetings/{id}/welcomes`. */
export interface StoredWelcome {
  /** To be named by a commit within 60 s. */
  readonly welcomeId: string;
}

export interface TakeWorkRequest {
  readonly generation: number;
  readonly epoch: number;
}

export type VideoCodec = 'vp8' | 'vp9' | 'av1' | 'h264';

export interface ViewItem {
  readonly participantId: string;
  readonly source: MediaSource;
  /** Pixels the tile has; 0: no video wanted. */
  readonly height: number;
  /** The person has put it on the stage: when the network is slow, only shared screens come before it. */
  readonly pinned: boolean;
}

export interface VoiceBinding {
  readonly voice: number;
  readonly participantId: string;
}

export interface Welcomed {
  readonly generation: number;
  /** The one that the commit began. */
  readonly epoch: number;
  /** The commit's number in the log. */
  readonly entry: number;
  /** One's own. */
  readonly leaf: number;
  readonly welcome: string | null;
  /** Where the Welcome is long: `GET /api/meetings/{id}/welcomes/{welcomeId}`. */
  readonly welcomeId: string | null;
}

export interface WorkHeadline {
  readonly id: string;
  readonly kind: WorkKind;
  /** The leaf that goes; null where none does. */
  readonly leaf: number | null;
  /** ms since 1970-01-01 UTC. */
  readonly offeredAt: number;
}

export interface WorkItem {
  readonly id: string;
  readonly kind: WorkKind;
  readonly leaf: number | null;
  /** Of admissions and returns. */
  readonly keyPackage: string | null;
  /** Ticket, removal or record. */
  readonly proof: string | null;
}

/**
 * What a commit is asked for.
 * - `admission`: An Add by ticket.
 * - `return`: An Add of a device that was in before, with the Remove of its old leaf if that is still there.
 * - `departure`: A Remove of a leaf whose place is gone.
 * - `removal`: A Remove by a moderator's signed act.
 * - `record`: A state record.
 */
export type WorkKind = 'admission' | 'return' | 'departure' | 'removal' | 'record';

export interface WorkResult {
  readonly error: ErrorCode;
  readonly message: string | null;
  /** At most 50 with key packages. */
  readonly work: readonly WorkItem[];
}
