import type { EncryptionClient, EncryptionObserver } from '../e2ee/client';
import type { ProofState } from '../e2ee/frames/digestVerifier';
import type { MeetingLink } from '../e2ee/link';
import type { Bytes } from '../e2ee/mls/bytes';
import type { Content } from '../e2ee/mls/content';
import type { KnockState, MemberCommand, MemberView } from '../e2ee/mls/memberTypes';
import type { FrameCounts } from '../e2ee/frames/transforms';
import type { FromWorker, NetworkEvent, SpokenIdentity, ToTransforms } from '../e2ee/protocol';
import type { JoinPhase } from '../media/timings';
import type { EndReason, ErrorCode, GroupClient, MeetingSnapshot, SeatMap } from '../signaling/contract';
import type { HubLink } from '../signaling/hub';
import type { StatementStore, WelcomeStore } from '../signaling/rest';
import type { Codes } from '../state/encryption';
import type { Roster } from '../state/roster';
import { Store } from '../state/store';
import { GroupCalls } from './groupCalls';
import { groupNews } from './groupNews';
import { SlotWatch } from './slotWatch';
import type { Clock } from './timing';

/** Wait before the founding statement is asked for again, where the server did not answer, ms. */
const statementDelay = 2_000;

/** Most of what is said that is kept until the room listens. */
const unheardMaximum = 1_000;

/** What the page knows of the group: nothing secret. */
export interface GroupState {
  /** The worker's word; null before the person asked to come in. */
  readonly view: MemberView | null;
  readonly codes: Codes | null;
  /** The server's last word to one who waits. */
  readonly knock: KnockState | null;
  /** The generation that lives or was the last, by the server's word to one who waits; 0: nobody has opened the meeting yet. */
  readonly generation: number;
  /** Since when the person waits, ms of the epoch. */
  readonly since: number;
  /** What moderators say to those who wait, by the server's word and in the clear; null: nothing. */
  readonly notice: string | null;
  /** The name that the others will see, and whether it is a guest's. */
  readonly name: string;
  readonly isGuest: boolean;
  /** One has been in: what is to be shown from here on is the room. */
  readonly hasEntered: boolean;
  /** Grows with what {@link GroupSession.leavesOf} and {@link GroupSession.proofOf} would answer. */
  readonly frames: number;
  /** The worker is gone: nothing is sent any more. */
  readonly hasFailed: boolean;
}

export interface EncryptionWorker {
  readonly client: EncryptionClient;
  /** To the transforms; see {@link ToTransforms}. */
  readonly post: (message: ToTransforms) => void;
}

export interface GroupPorts {
  readonly clock: Clock;
  readonly statements: StatementStore;
  readonly welcomes: WelcomeStore;
  mark(phase: JoinPhase): void;
  start(observer: EncryptionObserver): EncryptionWorker;
}

/** What members say, and what of one's own could not be said. */
export type Heard = Extract<FromWorker, { readonly type: 'said' | 'unsaid' }>;

/** What the session does for its group. */
export interface GroupOwner {
  /** This socket speaks for a leaf: media may be joined. */
  placed(hub: HubLink): void;
  /** The leaf is given up, another one is asked for: the place is gone until {@link placed}. */
  displaced(): void;
  refused(code: ErrorCode): void;
  /** The worker closed the meeting, for the reason in its view, or failed. */
  closed(): void;
}

/** The encrypted group of one stay: between the worker that owns the keys and the socket to the server. */
export class GroupSession {
  readonly state: Store<GroupState>;
  readonly client: EncryptionClient;
  /** What the server tells of the group. */
  readonly news: GroupClient;
  /** The founding statement as the server gave it; the worker goes on only where it is the link's. */
  statement: Bytes | null = null;
  /** Hears what came of admitting or sending away somebody. */
  onDecided: ((participantId: string, error: ErrorCode) => void) | null = null;
  readonly #link: MeetingLink & { readonly statementHash: Bytes };
  readonly #ports: GroupPorts;
  readonly #calls: GroupCalls;
  readonly #slots: SlotWatch;
  readonly #proofs = new Map<number, ProofState>();
  #owner: GroupOwner | null = null;
  #hub: HubLink | null = null;
  /** One's participant id, while waiting as in the meeting. */
  #self: string | null = null;
  #roster: Roster | null = null;
  #receivers = 0;
  /** They were told since a join or resume was asked: that is newer than its answer. */
  #receiversAreNews = false;
  #institution: string | null = null;
  #codesOf = '';
  readonly #mismatched = new Set<number>();
  readonly #listeners = new Map<Content['type'], (heard: Heard) => void>();
  #unheard: Heard[] = [];

  constructor(link: MeetingLink & { readonly statementHash: Bytes }, ports: GroupPorts) {
    this.#link = link;
    this.#ports = ports;
    this.state = new Store<GroupState>({
      view: null, codes: null, knock: null, generation: 0, since: 0, notice: null, name: '', isGuest: true, hasEntered: false, frames: 0, hasFailed: false,
    });
    const worker = ports.start({ told: message => this.#told(message), failed: () => this.#failed() });
    this.client = worker.client;
    this.#slots = new SlotWatch({ clock: ports.clock, ask: slots => worker.post({ type: 'reportSlots', slots }), changed: () => this.#framesChanged() });
    const { meetingId } = link;
    const { welcomes, clock } = ports;
    const tell = (event: NetworkEvent) => this.client.tell(event);
    this.#calls = new GroupCalls({
      meetingId, clock, welcomes, tell,
      name: () => this.state.value.name,
      institution: () => this.#institution,
      participantAt: leaf => this.#roster?.participants.find(participant => participant.leaf === leaf)?.id ?? null,
      knocked: (self, generation, since, notice) => {
        this.#self = self;
        this.#set({ generation, since, notice });
      },
      noticed: notice => this.#set({ notice }),
      decided: (participantId, error) => this.onDecided?.(participantId, error),
      placed: hub => this.#placed(hub),
      refused: code => this.#owner?.refused(code),
    });
    this.news = groupNews({
      meetingId, welcomes, tell,
      knockChanged: knock => {
        if (knock === 'admitted') ports.mark('admitted');
        this.#set({ knock });
      },
      noticeChanged: notice => this.#set({ notice }),
      welcomed: () => { if (this.#hub !== null) this.#placed(this.#hub); },
      receiversChanged: receivers => {
        this.#receivers = receivers;
        this.#receiversAreNews = true;
        this.#tellPresence();
      },
    });
  }

  get meetingId(): string {
    return this.#link.meetingId;
  }

  own(owner: GroupOwner): void {
    this.#owner = owner;
  }

  /** The person wants to come in. Once. @param institution where a guest comes from, as he says */
  open(identity: SpokenIdentity, name: string, institution: string | null = null): void {
    this.#institution = institution;
    this.#set({ since: this.#ports.clock.now(), name, isGuest: identity.type === 'guest' });
    this.client.open(this.#link, identity);
    void this.#fetchStatement();
  }

  /** A socket is there, and takes up the place in the lobby if there was one. */
  async connected(hub: HubLink): Promise<void> {
    this.#hub = hub;
    if (this.#self !== null && this.#roster === null) {
      // One waits under the same id as before; whatever the answer is, the machine knocks with a new key package.
      await hub.resume({ meetingId: this.#link.meetingId, participantId: this.#self, offer: null });
    }
    this.client.tell({ type: 'connected' });
  }

  disconnected(): void {
    if (this.#hub === null) return;
    this.#hub = null;
    this.client.tell({ type: 'disconnected' });
  }

  /** The server no longer knows the place: one comes back as a new leaf. */
  lostPlace(): void {
    this.#roster = null;
    this.#self = null;
    this.client.tell({ type: 'outOfStep' });
  }

  /** A join or resume is asked of the server now: news may overtake its answer. */
  entering(): void {
    this.#receiversAreNews = false;
  }

  /** Media is joined, or the place taken up again. */
  entered(snapshot: MeetingSnapshot): void {
    this.client.tell({ type: 'kindTold', kind: snapshot.kind === 'encrypted' ? 'encrypted' : 'openBroadcast' });
    if (!this.#receiversAreNews) this.#receivers = snapshot.receivers ?? this.#receivers;
  }

  /** The server's roster, of which only who is there and who is away counts. */
  showRoster(roster: Roster, self: string | null): void {
    if (roster === this.#roster) return;
    this.#roster = roster;
    this.#self = self;
    this.#tellPresence();
    this.#framesChanged();
  }

  showSeats(seats: SeatMap): void {
    this.#slots.bind(seats);
  }

  /** Hears what is said in content of these types, all since the beginning that nobody heard. One listener for each type. @returns ends it */
  listen(types: readonly Content['type'][], listener: (heard: Heard) => void): () => void {
    for (const type of types) this.#listeners.set(type, listener);
    const missed = this.#unheard.filter(({ content }) => types.includes(content.type));
    this.#unheard = this.#unheard.filter(({ content }) => !types.includes(content.type));
    for (const heard of missed) listener(heard);
    return () => {
      for (const type of types) if (this.#listeners.get(type) === listener) this.#listeners.delete(type);
    };
  }

  command(command: MemberCommand): void {
    this.client.command(command);
  }

  ended(reason: EndReason): void {
    this.client.tell({ type: 'ended', reason: reason === 'removed' || reason === 'replaced' ? reason : 'ended' });
  }

  /** Leaf of a participant: that of the frames where there are any, else the one that the server names. */
  leafOf(participantId: string): number | null {
    const [leaf] = this.#slots.leavesOf(participantId);
    return leaf ?? this.#toldLeaf(participantId);
  }

  proofOf(participantId: string): ProofState | 'mismatch' | null {
    const leaves = this.#slots.leavesOf(participantId);
    const told = this.#toldLeaf(participantId);
    if (told !== null && [...leaves].some(leaf => leaf !== told)) return 'mismatch';
    return told === null ? null : this.#proofs.get(told) ?? null;
  }

  counts(): Promise<FrameCounts | null> {
    return this.client.counts();
  }

  close(): void {
    this.#owner = null;
    this.client.close();
  }

  #toldLeaf(participantId: string): number | null {
    return this.#roster?.participants.find(participant => participant.id === participantId)?.leaf ?? null;
  }

  #placed(hub: HubLink): void {
    this.#owner?.placed(hub);
  }

  async #fetchStatement(): Promise<void> {
    const bytes = await this.#ports.statements.get(this.#link.meetingId);
    if (bytes === 'unreachable') this.#ports.clock.after(statementDelay, () => void this.#fetchStatement());
    else {
      this.statement = bytes;
      this.client.tell({ type: 'statement', bytes });
    }
  }

  #told(message: Parameters<EncryptionObserver['told']>[0]): void {
    switch (message.type) {
      case 'action': {
        const hub = this.#hub;
        if (message.action.type === 'knock') {
          this.#set({ knock: null });
          if (this.#roster !== null) this.#displaced();
        }
        if (hub !== null) this.#calls.run(hub, message.action, () => this.#hub === hub);
        break;
      }
      case 'view': return this.#show(message.view);
      case 'slots': return this.#slots.report(message.changes);
      case 'proof':
        this.#proofs.set(message.leaf, message.state);
        return this.#framesChanged();
      case 'said':
      case 'unsaid': {
        const listener = this.#listeners.get(message.content.type);
        if (listener !== undefined) listener(message);
        else this.#unheard = [...this.#unheard, message].slice(-unheardMaximum);
      }
    }
  }

  #displaced(): void {
    this.#roster = null;
    this.#self = null;
    this.#proofs.clear();
    this.#owner?.displaced();
  }

  #show(view: MemberView): void {
    const hasEntered = this.state.value.hasEntered || view.phase === 'active' || view.phase === 'replaying';
    this.#set({ view, hasEntered });
    const codesOf = `${view.generation}:${view.epoch}:${view.members.map(({ leaf, role }) => `${leaf}${role}`).join()}`;
    if (codesOf !== this.#codesOf) {
      this.#codesOf = codesOf;
      void this.client.codes().then(codes => { if (codesOf === this.#codesOf) this.#set({ codes }); });
    }
    this.#framesChanged();
    if (view.phase === 'closed') this.#owner?.closed();
  }

  #tellPresence(): void {
    const participants = this.#roster?.participants;
    if (participants === undefined) return;
    const away = new Set(participants.flatMap(({ connection, leaf }) => (connection === 'reconnecting' && leaf != null ? [leaf] : [])));
    this.client.tell({ type: 'presence', present: participants.length, away, receivers: this.#receivers });
  }

  /** A tile that carries other frames than the server says is everybody's concern. */
  #framesChanged(): void {
    const mismatched = new Set((this.#roster?.participants ?? []).flatMap(({ id }) => {
      const leaf = this.#toldLeaf(id);
      return leaf !== null && this.proofOf(id) === 'mismatch' ? [leaf] : [];
    }));
    for (const leaf of mismatched) if (!this.#mismatched.has(leaf)) this.#notice(leaf, false);
    for (const leaf of this.#mismatched) if (!mismatched.has(leaf)) this.#notice(leaf, true);
    this.#set({ frames: this.state.value.frames + 1 });
  }

  #notice(leaf: number, isOver: boolean): void {
    if (isOver) this.#mismatched.delete(leaf);
    else this.#mismatched.add(leaf);
    this.client.tell({ type: 'noticed', alarm: { kind: 'tileMismatch', leaf }, isOver });
  }

  #failed(): void {
    this.#set({ hasFailed: true });
    this.#owner?.closed();
  }

  #set(change: Partial<GroupState>): void {
    this.state.update(state => ({ ...state, ...change }));
  }
}
