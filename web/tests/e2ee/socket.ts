import { toBase64Url, type Bytes } from '../../src/e2ee/mls/bytes';
import type { LogEntry as ReadEntry, MemberAction, MemberEvent, WorkItem as ReadItem } from '../../src/e2ee/mls/memberTypes';
import { bytesOf } from '../../src/session/groupCalls';
import type {
  AdmitRequest, CommitRequest, CommitResult, FoundGroupRequest, FoundGroupResult, GroupHead, JoinRequest, JoinResult, KnockPage, KnockRequest, KnockResult, LogEntry,
  LogPage, LogRequest, MeetingSnapshot, MediaResult, MediaState, MessageRequest, MessageResult, NegotiateRequest, NegotiateResult, Outcome, Participant, RemoveMemberRequest, ReportRequest,
  ResumeRequest, TakeWorkRequest, WorkItem, WorkResult,
} from '../../src/signaling/contract';
import type { HubLink, HubNews } from '../../src/signaling/hub';
import type { GuardFault } from '../../src/e2ee/mls/guard';
import { participantOf, silent } from '../fakes';
import type { Peer, SimulatedServer } from './server';
import type { World } from './world';

/** One way and back, ms. */
const roundTrip = 20;

/** A page as its socket knows it. */
export interface SocketOwner extends Peer {
  /** Until it has nothing to do. */
  idle(): Promise<void>;
}

export interface Network {
  isThere(): boolean;
  mediaConnected(): void;
}

const done: Outcome = { error: 'none', message: null };

/** A socket of the wire contract whose other end is the simulated server, which knows only what members ask and are told. */
export class Socket implements HubLink {
  readonly #world: World;
  readonly #server: SimulatedServer;
  readonly #tab: SocketOwner;
  readonly #client: HubNews;
  readonly #onClosed: () => void;
  readonly #network: Network;
  readonly #asked = new Map<MemberEvent['type'], ((event: never) => void)[]>();
  #isOpen = false;
  #isKnown = false;
  #hasMedia = false;
  #revision = 1;
  #shown: ReadonlySet<string> = new Set();

  constructor(world: World, server: SimulatedServer, tab: SocketOwner, client: HubNews, onClosed: () => void, network: Network) {
    this.#world = world;
    this.#server = server;
    this.#tab = tab;
    this.#client = client;
    this.#onClosed = onClosed;
    this.#network = network;
  }

  async start(): Promise<void> {
    if (!this.#network.isThere()) throw new Error('unreachable');
    this.#isOpen = true;
    this.#tab.isOnline = true;
  }

  async stop(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#tab.isOnline = false;
    if (this.#isKnown) this.#server.disconnected(this.#tab);
    this.#onClosed();
  }

  /** What the server says: the answer to a call, or news. */
  take(event: MemberEvent): void {
    if (!this.#isOpen) return;
    const answer = this.#asked.get(event.type)?.shift();
    if (answer !== undefined) return answer(event as never);
    const client = this.#client;
    switch (event.type) {
      case 'knockChanged': return client.knockChanged(event.state);
      case 'knocked': return client.knocked({ participantId: event.participantId, displayName: '', keyPackage: toBase64Url(event.keyPackage), since: event.since });
      case 'knockGone': return client.knockGone(event.participantId);
      case 'workOffered': return client.workOffered(event.work.map(({ id, kind, leaf }) => ({ id, kind, leaf, offeredAt: 0 })));
      case 'workWithdrawn': return client.workWithdrawn(event.ids);
      case 'logAppended': return client.logAppended(wireEntry(event.entry));
      case 'entryVoided': return client.entryVoided({ generation: event.generation, entry: event.entry, epoch: 0 });
      case 'welcomed': return client.welcomed({ generation: event.generation, epoch: 0, entry: event.entry, leaf: 0, welcome: toBase64Url(event.welcome), welcomeId: null });
      case 'signalReceived': return client.signalReceived({ leaf: 0, signal: toBase64Url(event.bytes) });
      case 'outOfStep': return client.outOfStep('invalid');
      case 'presence':
        client.receiversChanged(event.receivers);
        return this.#showRoster();
      case 'ended':
        if (event.reason !== 'ended') client.ended(event.reason);
        return;
      // The server holds two tabs of a browser for one: the answer was the other's.
      default: return;
    }
  }

  async join(request: JoinRequest): Promise<JoinResult> {
    return this.#enter(`answer to ${request.offer.sdp}`);
  }

  async resume(request: ResumeRequest): Promise<JoinResult> {
    this.#speak();
    const { leaf, state } = this.#server.placeOf(this.#tab);
    if (leaf !== null) return this.#enter(request.offer === null ? null : `answer to ${request.offer.sdp}`);
    await this.#trip();
    return { error: 'none', message: null, self: request.participantId, meeting: null, answerSdp: null, seats: null, knock: state };
  }

  async negotiate(request: NegotiateRequest): Promise<NegotiateResult> {
    await this.#trip();
    this.#media();
    return { error: 'none', message: null, answerSdp: `answer to ${request.offer.sdp}` };
  }

  async setMedia(media: MediaState): Promise<MediaResult> { return { error: 'none', message: null, media, cuts: [] }; }
  async moderate(): Promise<Outcome> { return done; }
  async setControls(): Promise<Outcome> { return done; }
  async askToShare(): Promise<Outcome> { return done; }
  async declineUnmute(): Promise<Outcome> { return done; }
  async setView(): Promise<Outcome> { return done; }
  async rest(): Promise<Outcome> { return done; }
  async leave(): Promise<Outcome> { return done; }
  async end(): Promise<Outcome> { return done; }

  async knock({ keyPackage, ticket }: KnockRequest): Promise<KnockResult> {
    this.#speak();
    const { state, generation, at } = await this.#ask({ type: 'knock', keyPackage: bytesOf(keyPackage), ticket: optional(ticket) }, 'knockAnswered');
    return { error: 'none', message: null, self: this.#server.placeOf(this.#tab).id, state, group: this.#head(generation, at) };
  }

  async foundGroup({ expectedGeneration, groupId, keyPackage }: FoundGroupRequest): Promise<FoundGroupResult> {
    const { verdict } = await this.#ask({ type: 'foundGroup', expectedGeneration, groupId: bytesOf(groupId), keyPackage: bytesOf(keyPackage) }, 'foundAnswered');
    return { error: 'none', message: null, verdict, group: this.#head(this.#server.generation, this.#server.now) };
  }

  /** Those who wait come as news. */
  async listKnocks(): Promise<KnockPage> {
    this.#post({ type: 'listKnocks' });
    return { error: 'none', message: null, knocks: [], next: null };
  }

  async takeWork({ generation, epoch }: TakeWorkRequest): Promise<WorkResult> {
    const { work } = await this.#ask({ type: 'takeWork', generation, epoch: BigInt(epoch) }, 'workTaken');
    return { error: 'none', message: null, work: work.map(wireItem) };
  }

  async postCommit({ generation, epoch, commit, welcome, workIds }: CommitRequest): Promise<CommitResult> {
    const { verdict } = await this.#ask({
      type: 'postCommit', generation, epoch: BigInt(epoch), commit: bytesOf(commit), welcome: optional(welcome), workIds,
    }, 'commitAnswered');
    return { error: 'none', message: null, verdict, fault: 'none', entry: 0 };
  }

  async postMessage({ generation, epoch, message, kind }: MessageRequest): Promise<MessageResult> {
    const { verdict } = await this.#ask({ type: 'postMessage', number: 0, generation, epoch: BigInt(epoch), message: bytesOf(message), kind: kind === 'commit' ? 'message' : kind }, 'messageAnswered');
    return { error: 'none', message: null, verdict, fault: 'none', entry: 0 };
  }

  async readLog({ generation, after }: LogRequest): Promise<LogPage> {
    const { entries, last, at } = await this.#ask({ type: 'readLog', generation, after }, 'logRead');
    if (last === null) return { error: 'none', message: null, fault: 'tooFarBehind', entries: [], group: null };
    return { error: 'none', message: null, fault: 'none', entries: entries.map(wireEntry), group: { ...this.#head(generation, at), entry: last } };
  }

  async admit({ participantId, ticket }: AdmitRequest): Promise<Outcome> {
    return this.#post({ type: 'admit', participantId, ticket: bytesOf(ticket) });
  }

  async tellWaiting(): Promise<Outcome> {
    return done;
  }

  async deny(participantId: string): Promise<Outcome> {
    return this.#post({ type: 'deny', participantId });
  }

  async removeMember({ participantId, removal }: RemoveMemberRequest): Promise<Outcome> {
    return this.#post({ type: 'removeMember', leaf: this.#server.places.get(participantId)!.leaf!, removal: bytesOf(removal) });
  }

  async offerRecord(record: string): Promise<Outcome> {
    return this.#post({ type: 'offerRecord', record: bytesOf(record) });
  }

  async refuseWork(id: string, fault: string): Promise<Outcome> {
    return this.#post({ type: 'refuseWork', id, fault: fault as GuardFault });
  }

  async sendSignal(signal: string): Promise<Outcome> {
    return this.#post({ type: 'sendSignal', signal: bytesOf(signal) });
  }

  async reportEntry({ generation, entry, fault }: ReportRequest): Promise<Outcome> {
    return this.#post({ type: 'reportEntry', generation, entry, fault: fault as GuardFault });
  }

  /** From its first word on the socket speaks for the browser: an older one of the same browser does so no more. */
  #speak(): void {
    if (!this.#isKnown) this.#server.connected(this.#tab);
    this.#isKnown = true;
  }

  async #enter(answerSdp: string | null): Promise<JoinResult> {
    await this.#trip();
    this.#hasMedia = true;
    this.#media();
    const participants = this.#participants();
    this.#shown = new Set(participants.map(({ id }) => id));
    const meeting: MeetingSnapshot = {
      meetingId: 'r', kind: 'encrypted', revision: this.#revision, startedAt: 0, participants, videoCodecs: ['vp8'], red: false, receivers: participants.length,
    };
    return { error: 'none', message: null, self: this.#server.placeOf(this.#tab).id, meeting, answerSdp, seats: { seats: [], voices: [] } };
  }

  #showRoster(): void {
    if (!this.#hasMedia) return;
    const upserted = this.#participants();
    const ids = new Set(upserted.map(({ id }) => id));
    const removed = [...this.#shown].filter(id => !ids.has(id));
    this.#shown = ids;
    this.#client.meetingChanged({ revision: ++this.#revision, upserted, removed, videoCodecs: null, red: null });
  }

  #participants(): Participant[] {
    return this.#server.holders.map(({ id, client, leaf, lostAt }) => ({
      ...participantOf(id, silent, client.person.name), leaf, connection: lostAt === null ? 'connected' : 'reconnecting',
    }));
  }

  /** ICE and DTLS take their time after the answer. */
  #media(): void {
    this.#world.later(roundTrip, () => this.#network.mediaConnected());
  }

  #trip(): Promise<void> {
    return new Promise(resolve => this.#world.later(roundTrip, async () => {
      resolve();
      await this.#tab.idle();
    }));
  }

  #post(action: MemberAction): Outcome {
    if (!this.#isOpen) throw new Error('closed');
    this.#server.post(this.#tab, action);
    return done;
  }

  #ask<T extends MemberEvent['type']>(action: MemberAction, answer: T): Promise<Extract<MemberEvent, { readonly type: T }>> {
    return new Promise((resolve, reject) => {
      if (!this.#isOpen) return reject(new Error('closed'));
      this.#asked.set(answer, [...this.#asked.get(answer) ?? [], resolve]);
      this.#server.post(this.#tab, action);
    });
  }

  #head(generation: number, at: number): GroupHead {
    return { generation, epoch: 0, entry: 0, at };
  }
}

function optional(text: string | null | undefined): Bytes | null {
  return text == null ? null : bytesOf(text);
}

function wireEntry({ generation, entry, kind, bytes, at }: ReadEntry): LogEntry {
  return { generation, entry, kind, epoch: 0, leaf: 0, at, bytes: toBase64Url(bytes) };
}

function wireItem({ id, kind, leaf, keyPackage, proof }: ReadItem): WorkItem {
  return { id, kind, leaf, keyPackage: keyPackage === null ? null : toBase64Url(keyPackage), proof: proof === null ? null : toBase64Url(proof) };
}
