// Generated from src/Pendopo.Signaling by `make contract`. Do not edit.

/** - `reconnecting`: The socket or the path is lost; the place is kept for a while. */
export type ConnectionState = 'connected' | 'reconnecting';

/** Body of `POST /api/meetings`. */
export interface CreateMeetingRequest {
  readonly kind: MeetingKind;
  /** The codecs that the meeting may use, in order of preference; null: VP8, VP9, AV1, H.264. */
  readonly videoCodecs?: readonly VideoCodec[] | null;
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

/**
 * - `replaced`: The same session joined elsewhere.
 * - `empty`: Nobody was left.
 */
export type EndReason = 'endedByHost' | 'removed' | 'replaced' | 'empty';

/**
 * Why something was refused. Unknown and forbidden meetings answer alike: MeetingNotFound.
 * - `invalidRequest`: A field is missing or out of bounds.
 * - `notInMeeting`: The place is gone: join anew.
 * - `invalidOffer`: The SDP offer cannot be used; the message says why.
 * - `noCommonCodec`: No video codec that everybody can decode.
 */
export type ErrorCode = 'none' | 'invalidRequest' | 'meetingNotFound' | 'meetingEnded' | 'meetingFull' | 'notInMeeting' | 'notAllowed' | 'invalidOffer' | 'noCommonCodec' | 'tooManyRequests' | 'unavailable';

/** What the server tells a client. News may overtake the answer of Join and Resume: keep it until the snapshot is there, and ignore changes up to the snapshot's revision. */
export interface MeetingClient {
  /** The roster or the meeting changed. A client that misses a revision asks for the whole by Resume. */
  meetingChanged(change: MeetingChange): void;
  /** Which sources one's own seats carry from now on. */
  seatsChanged(seats: SeatMap): void;
  /** Which encodings of one's own camera or screen are watched from now on. A new connection starts with all of them, and the first word about it says so. */
  layersWanted(demand: LayerDemand): void;
  /** Who speaks, most recent first. */
  speakersChanged(participants: readonly string[]): void;
  /** One's own microphone shall send its sound redundantly (audio/red) from now on, or plainly (audio/opus), as loss asks for it. A client that cannot switch without a negotiation stays as it is. Each new media connection begins plainly. */
  redundancyChanged(wanted: boolean): void;
  /** The meeting's codecs changed: make a new offer and call Negotiate. */
  renegotiationNeeded(reason: RenegotiationReason): void;
  /** The media connection is lost and cannot come back by ICE restart: make a new one. */
  mediaFailed(reason: string): void;
  /** It is over for this client. */
  ended(reason: EndReason): void;
  /** The server goes down and comes back: reconnect after the given time. */
  serverStopping(retryAfterMilliseconds: number): void;
}

/** Every method of {@link MeetingClient}, as it is called on the wire. */
export const meetingClientMethods = ['meetingChanged', 'seatsChanged', 'layersWanted', 'speakersChanged', 'redundancyChanged', 'renegotiationNeeded', 'mediaFailed', 'ended', 'serverStopping'] as const;

/** What a client may ask of the server, over SignalR at `/hubs/meeting`. Identity is the session's, never a field. */
export interface MeetingHub {
  /** Enters a meeting: admission, roster and media negotiation in one round trip. */
  join(request: JoinRequest): Promise<JoinResult>;
  /** Takes up one's place again after a lost socket or a restarted server, within the time of grace. */
  resume(request: ResumeRequest): Promise<JoinResult>;
  /** A further offer: more seats, another codec order, ICE restart, or a fresh connection. */
  negotiate(request: NegotiateRequest): Promise<NegotiateResult>;
  /** Says which of one's own sources are on. */
  setMedia(media: MediaState): Promise<Outcome>;
  /** Says what the layout shows, most important first. */
  setView(view: readonly ViewItem[]): Promise<Outcome>;
  /** Leaves for good; the place is given up. */
  leave(): Promise<Outcome>;
  /** Ends the meeting for everybody; hosts only. */
  end(): Promise<Outcome>;
}

/** Every method of {@link MeetingHub}, as it is called on the wire. */
export const meetingHubMethods = ['join', 'resume', 'negotiate', 'setMedia', 'setView', 'leave', 'end'] as const;

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
}

/** Which encodings of one's own source anybody watches; the others may be switched off. */
export interface LayerDemand {
  readonly source: MediaSource;
  /** False: nobody watches the source at all. */
  readonly wanted: boolean;
  /** The encodings that are wanted; empty for a source with a single one. */
  readonly rids: readonly string[];
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
}

/**
 * Fixed at founding and for good.
 * - `meeting`: A meeting of people who join by link.
 * - `openBroadcast`: Open broadcast (siaran terbuka): the only kind that WHIP and WHEP may enter.
 */
export type MeetingKind = 'meeting' | 'openBroadcast';

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
}

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
}

/** - `endpoint`: A WHIP publisher or WHEP viewer. */
export type ParticipantRole = 'host' | 'participant' | 'endpoint';

/**
 * - `notWanted`: The view does not show it.
 * - `stalled`: It is switched on, but nothing comes from the sender.
 */
export type PauseReason = 'none' | 'muted' | 'bandwidth' | 'codec' | 'notWanted' | 'stalled';

export type RenegotiationReason = 'codecsChanged' | 'iceRestart';

export interface ResumeRequest {
  readonly meetingId: string;
  readonly participantId: string;
  /** Null while the media connection still lives. */
  readonly offer: Offer | null;
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

/** What both ends must agree on beside the messages: path, JSON form, limits. */
export const signalingContract = {
  /** Path of the hub. */
  hubPath: '/hubs/meeting',
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
} as const;

/** Answer of `GET /api/status`: what a client must know before it joins. */
export interface StatusResponse {
  /** Version of the running build. */
  readonly build: string;
  /** True: Firefox cannot connect. */
  readonly mediaOnLoopbackOnly: boolean;
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
