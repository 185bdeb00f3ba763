import type { Peer, PeerObserver, PeerState, SeatOutput, VoiceOutput, OfferOptions } from '../src/media/peer';
import { voiceCount } from '../src/media/seatCount';
import type { Clock } from '../src/session/timing';
import {
  groupHubMethods,
  type ControlsChange, type GroupHub, type JoinRequest, type JoinResult, type LayerDemand, type MediaResult, type MediaState, type ModerationRequest, type NegotiateRequest, type NegotiateResult, type Offer, type Outcome, type Participant, type ResumeRequest, type VideoCodec, type ViewItem,
} from '../src/signaling/contract';
import type { HubLink, HubNews } from '../src/signaling/hub';

/** A clock that stands still until a test moves it; promises settle between the timers. */
export class ManualClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; run: () => void }[] = [];
  readonly #chance: number;

  constructor(chance = 0.5) {
    this.#chance = chance;
  }

  now(): number {
    return this.#now;
  }

  chance(): number {
    return this.#chance;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.#now + milliseconds, run };
    this.#timers.push(timer);
    return () => { this.#timers = this.#timers.filter(other => other !== timer); };
  }

  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      const next = this.#timers.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter(timer => timer !== next);
      this.#now = next.at;
      next.run();
      await settle();
    }
    this.#now = end;
  }
}

/** Lets all promise chains that wait for nothing else run to their end. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
}

export class FakePeer implements Peer {
  static made: FakePeer[] = [];
  readonly seats: SeatOutput[] = [];
  readonly voices: VoiceOutput[] = [];
  readonly number: number;
  readonly offers: OfferOptions[] = [];
  readonly accepted: string[] = [];
  readonly demands: LayerDemand[] = [];
  readonly codecs: (readonly VideoCodec[])[] = [];
  /** As Chromium; false as Firefox. */
  switchesCodecs = true;
  readonly tracks: Record<string, unknown> = {};
  redundancy: boolean | null = null;
  rollbacks = 0;
  closed = false;
  signaling: 'stable' | 'offer' = 'stable';
  state: PeerState = 'new';
  readonly #observer: PeerObserver;

  constructor(observer: PeerObserver) {
    this.#observer = observer;
    FakePeer.made.push(this);
    this.number = FakePeer.made.length;
  }

  async offer(options: OfferOptions): Promise<Offer> {
    if (this.closed) throw new Error('closed');
    if (this.signaling !== 'stable') throw new Error('an offer is already in flight');
    this.signaling = 'offer';
    this.offers.push(options);
    while (this.seats.length < options.seats) this.seats.push({} as SeatOutput);
    while (this.voices.length < voiceCount) this.voices.push({} as VoiceOutput);
    return {
      sdp: `offer ${this.number}.${this.offers.length}`,
      plan: { microphone: '0', camera: '1', screen: '2', screenAudio: '3', seats: this.seats.map((_, seat) => ({ audio: `a${seat}`, video: `v${seat}` })), voices: [] },
    };
  }

  async accept(answer: string): Promise<void> {
    if (this.signaling !== 'offer') throw new Error('no offer to answer');
    this.signaling = 'stable';
    this.accepted.push(answer);
  }

  async rollback(): Promise<void> {
    if (this.signaling === 'offer') this.rollbacks++;
    this.signaling = 'stable';
  }

  async setRedundancy(wanted: boolean): Promise<void> {
    this.redundancy = wanted;
  }

  async setTrack(source: string, track: MediaStreamTrack | null): Promise<void> {
    this.tracks[source] = track;
  }

  async setCodecs(codecs: readonly VideoCodec[]): Promise<boolean> {
    if (!this.switchesCodecs || this.accepted.length === 0) return false;
    this.codecs.push(codecs);
    return true;
  }

  async setLayers(demand: LayerDemand): Promise<void> {
    this.demands.push(demand);
  }

  async stats(): Promise<RTCStatsReport> {
    return new Map() as unknown as RTCStatsReport;
  }

  close(): void {
    this.closed = true;
    this.state = 'closed';
  }

  become(state: PeerState): void {
    this.state = state;
    this.#observer.stateChanged(state);
  }
}

/** A server with one meeting that tests can stop, start and make forgetful. */
export class FakeServer {
  up = true;
  forgetful = false;
  revision = 1;
  readonly calls: { method: string; argument?: unknown }[] = [];
  readonly hubs: FakeHub[] = [];
  participants: Participant[] = [];
  refuse: { join?: JoinResult['error']; resume?: JoinResult['error']; negotiate?: NegotiateResult['error'] } = {};
  /** What is told before a resume is answered. */
  onResume: (client: HubNews) => void = () => undefined;
  /** Who comes in is not seen, as in a large meeting. */
  cutsCamera = false;
  /** When set, negotiate answers only after this settles. */
  gate: Promise<void> | null = null;

  readonly connect = (client: HubNews, onClosed: () => void): HubLink => {
    const hub = new FakeHub(this, client, onClosed);
    this.hubs.push(hub);
    return Object.assign(hub, this.group);
  };

  /** What a meeting without a group answers to everything about one. */
  group: GroupHub = Object.fromEntries(groupHubMethods.map(method => [method, () => Promise.reject(new Error(`no group: ${method}`))])) as unknown as GroupHub;

  get hub(): FakeHub {
    return this.hubs[this.hubs.length - 1]!;
  }

  of(method: string): unknown[] {
    return this.calls.filter(call => call.method === method).map(call => call.argument);
  }

  result(answer: string | null): JoinResult {
    return {
      error: 'none', message: null, self: 'self', answerSdp: answer, seats: { seats: [], voices: [] },
      meeting: { meetingId: 'm', kind: 'openBroadcast', revision: this.revision, startedAt: 0, participants: this.participants, videoCodecs: ['vp8'], red: false, receivers: 1 },
    };
  }

  crash(): void {
    this.up = false;
    for (const hub of this.hubs) hub.drop();
  }
}

class FakeHub implements Omit<HubLink, keyof GroupHub> {
  open = false;
  readonly client: HubNews;
  readonly #server: FakeServer;
  readonly #onClosed: () => void;

  constructor(server: FakeServer, client: HubNews, onClosed: () => void) {
    this.#server = server;
    this.client = client;
    this.#onClosed = onClosed;
  }

  async start(): Promise<void> {
    if (!this.#server.up) throw new Error('refused');
    this.open = true;
  }

  async stop(): Promise<void> {
    this.drop();
  }

  drop(): void {
    if (!this.open) return;
    this.open = false;
    this.#onClosed();
  }

  async join(request: JoinRequest): Promise<JoinResult> {
    this.#say('join', request);
    const { join } = this.#server.refuse;
    if (join !== undefined) return refusal(join);
    this.#server.participants = [
      ...this.#server.participants.filter(participant => participant.id !== 'self'), participantOf('self', this.#server.cutsCamera ? { ...request.media, camera: false } : request.media, request.displayName),
    ];
    return this.#server.result(`answer to ${request.offer.sdp}`);
  }

  async resume(request: ResumeRequest): Promise<JoinResult> {
    this.#say('resume', request);
    const { resume } = this.#server.refuse;
    if (resume !== undefined) return refusal(resume);
    if (this.#server.forgetful) return refusal('notInMeeting');
    this.#server.onResume(this.client);
    return this.#server.result(request.offer === null ? null : `answer to ${request.offer.sdp}`);
  }

  async negotiate(request: NegotiateRequest): Promise<NegotiateResult> {
    this.#say('negotiate', request);
    await this.#server.gate;
    if (!this.open) throw new Error('closed');
    const error = this.#server.refuse.negotiate ?? 'none';
    return { error, message: null, answerSdp: error === 'none' ? `answer to ${request.offer.sdp}` : null };
  }

  async setMedia(media: MediaState): Promise<MediaResult> {
    this.#say('setMedia', media);
    return { error: 'none', message: null, media, cuts: [] };
  }

  async moderate(request: ModerationRequest): Promise<Outcome> {
    return this.#say('moderate', request);
  }

  async setControls(change: ControlsChange): Promise<Outcome> {
    return this.#say('setControls', change);
  }

  async askToShare(asks: boolean): Promise<Outcome> {
    return this.#say('askToShare', asks);
  }

  async declineUnmute(): Promise<Outcome> {
    return this.#say('declineUnmute');
  }

  async rest(resting: boolean): Promise<Outcome> {
    return this.#say('rest', resting);
  }

  async setView(view: readonly ViewItem[]): Promise<Outcome> {
    return this.#say('setView', view);
  }

  async leave(): Promise<Outcome> {
    return this.#say('leave');
  }

  async end(): Promise<Outcome> {
    return this.#say('end');
  }

  #say(method: string, argument?: unknown): Outcome {
    if (!this.open) throw new Error('closed');
    this.#server.calls.push({ method, argument });
    return { error: 'none' };
  }
}

function refusal(error: JoinResult['error']): JoinResult {
  return { error, message: null, self: null, meeting: null, answerSdp: null, seats: null };
}

export const silent: MediaState = { microphone: false, camera: false, screen: false, screenAudio: false };

export function participantOf(id: string, media: MediaState = silent, displayName = id, joinedAt = 0): Participant {
  return { id, displayName, role: 'participant', media, connection: 'connected', joinedAt };
}

/** Seeded chance (mulberry32) for property tests. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
