import { badgeOf, type Alarm } from './badge';
import type { MeetingLink } from '../link';
import { equal, type Bytes } from './bytes';
import { MeetingClock } from './clock';
import { epochCode, rosterCode, type VerificationCode } from './codes';
import { Entrance, type Entered, type Tools } from './entrance';
import type { Content } from './content';
import { MlsEngine } from './engine';
import { GroupGuard } from './guard';
import { Identities, type OwnIdentity } from './identity';
import { CounterWatch } from './counterWatch';
import { Membership } from './membership';
import { memberEntries } from './memberView';
import type { CloseReason, MemberAction, MemberCommand, MemberDeadline, MemberEvent, MemberPhase, MemberView } from './memberTypes';
import { Moderation } from './moderation';
import { roomRulesOf, type RoomRules } from './roomRules';
import { isModerator } from './party';
import { acceptStatement } from './statement';
import type { RandomBytes } from './suite';

export interface MemberOptions {
  readonly link: MeetingLink & { readonly statementHash: Bytes };
  readonly own: OwnIdentity;
  readonly random: RandomBytes;
  /** Uniform in [0, 1). */
  readonly chance: () => number;
  /** First guess of meeting time minus `now`, ms: the device's clock. */
  readonly clockOffset: number;
}

/**
 * One client's part in an encrypted meeting, without IO: events go in with the time, actions come out, {@link deadline} says when to come back
 * (docs/e2ee.md §23). Cryptography is awaited; events are taken one after another. It holds all keys; what {@link view} gives holds none.
 */
export class GroupMember {
  readonly #options: MemberOptions;
  readonly #clock: MeetingClock;
  #phase: MemberPhase = 'checking';
  #closed: CloseReason | null = null;
  #tools: Tools | null = null;
  #isConnected = false;
  #entrance: Entrance | null = null;
  #membership: Membership | null = null;
  #lastGeneration = 0;
  #knowsKnocks = false;
  #seen = '';
  #noticed: Alarm[] = [];
  /** One's raised hand, while another leaf is awaited. */
  #hand: { readonly generation: number; readonly content: Content } | null = null;
  #counter = new CounterWatch();
  #verifiedRoster: string | null = null;
  #roster: VerificationCode | null = null;
  #actions: MemberAction[] = [];
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: MemberOptions) {
    this.#options = options;
    this.#clock = new MeetingClock(options.clockOffset);
  }

  /** Takes one event, after those before it are done. @param now on a clock that never jumps, ms */
  receive(now: number, event: MemberEvent): Promise<readonly MemberAction[]> {
    const run = this.#tail.then(async () => {
      this.#actions = [];
      if (this.#phase !== 'closed') await this.#take(now, event);
      return this.#actions;
    });
    this.#tail = run.catch(() => undefined);
    return run;
  }

  /** Of the statement, once it is accepted: to be compared with those that this browser met before. */
  get identityRoots(): readonly Bytes[] {
    return this.#tools?.statement.identityRoots ?? [];
  }

  get phase(): MemberPhase {
    return this.#phase;
  }

  deadline(now: number): MemberDeadline {
    const candidates: MemberDeadline[] = [];
    if (this.#entrance !== null) candidates.push(this.#entrance.deadline);
    if (this.#membership !== null) candidates.push(...this.#membership.deadlines(now));
    candidates.push({ at: this.#counter.deadline, reason: 'counter' });
    return candidates.reduce((first, next) => (next.at < first.at ? next : first), { at: Number.POSITIVE_INFINITY, reason: 'heartbeat' } as MemberDeadline);
  }

  view(now: number): MemberView {
    const view = this.#membership?.view ?? null;
    const members = view === null ? [] : memberEntries(view, this.#membership!.forks.marked(now));
    return { ...this.#core(now), members, facts: view?.register.facts ?? null };
  }

  #core(now: number): Omit<MemberView, 'members' | 'facts'> {
    const membership = this.#membership;
    const view = membership?.view ?? null;
    const alarms = membership?.alarms.at(now) ?? [];
    return {
      phase: this.#phase,
      closed: this.#closed,
      generation: membership?.generation ?? this.#lastGeneration,
      epoch: view?.group.epoch ?? 0n,
      ownLeaf: view?.group.ownLeaf ?? null,
      hands: membership?.discussion.hands.queue ?? [],
      spotlight: membership?.discussion.spotlight.leaf ?? null,
      knocks: this.#isModerator ? this.#tools!.moderation.knocks : [],
      alarms,
      counter: this.#counter.counter,
      badge: badgeOf({
        link: this.#options.link.kind, isComingBack: membership === null && this.#lastGeneration > 0 && this.#phase !== 'closed', statementFits: this.#tools !== null, isActive: this.#phase === 'active',
        isInTree: view?.group.isMember ?? false, treeHolds: view !== null, sends: membership?.frames.sends ?? false, alarms,
        isVerified: this.#verifiedRoster !== null && this.#verifiedRoster === this.#roster?.digits,
      }),
    };
  }

  /** What people read to each other; null outside of a group. */
  async codes(): Promise<{ readonly epoch: VerificationCode; readonly roster: VerificationCode } | null> {
    const view = this.#membership?.view;
    return view === undefined || this.#roster === null ? null : { epoch: await epochCode(view.group.epochAuthenticator), roster: this.#roster };
  }

  /** What a breakout room has of this meeting (docs/e2ee.md §17); null for who does not moderate. */
  roomRules(persons: readonly string[]): RoomRules | null {
    const view = this.#membership?.view;
    return view === undefined || !this.#isModerator ? null : roomRulesOf(view, persons);
  }

  async #take(now: number, event: MemberEvent): Promise<void> {
    const membership = this.#membership;
    switch (event.type) {
      case 'statement': if (this.#phase === 'checking') await this.#check(now, event.bytes); break;
      case 'connected': await this.#connect(now); break;
      case 'disconnected':
        this.#isConnected = false;
        this.#entrance?.disconnect();
        this.#knowsKnocks = false;
        membership?.disconnect();
        break;
      case 'kindTold':
        if (event.kind !== this.#options.link.kind) this.#close(now, 'kindMismatch');
        break;
      case 'knockAnswered': await this.#entrance?.answered(now, event.state, event.generation, event.at); break;
      case 'knockRefused': this.#close(now, 'knockRefused'); break;
      case 'knockChanged': await this.#entrance?.changed(now, event.state, null); break;
      case 'foundAnswered': await this.#enter(now, await this.#entrance?.founded(now, event.verdict === 'accepted')); break;
      case 'welcomed': await this.#enter(now, await this.#entrance?.welcomed(now, event.generation, event.entry, event.welcome)); break;
      case 'logAppended':
        this.#clock.notBefore(event.entry.at, now);
        await membership?.append(now, event.entry);
        break;
      case 'logRead':
        if (membership?.readingSince != null) this.#clock.observe(event.at, membership.readingSince, now);
        await membership?.readBack(now, event.entries, event.last);
        break;
      case 'entryVoided': if (event.generation === membership?.generation) membership.voided(event.entry); break;
      case 'workOffered': membership?.workshop.offer(now, event.work); break;
      case 'workWithdrawn': membership?.workshop.withdraw(event.ids); break;
      case 'workTaken': await membership?.takeWork(now, event.work); break;
      case 'commitAnswered': membership?.answered(now, event.verdict); break;
      case 'messageAnswered': await membership?.messageAnswered(event.number, event.verdict); break;
      case 'knocked':
        if (membership !== null) await this.#tools!.moderation.knocked(membership.view, event.participantId, event.keyPackage, event.since, this.#clock.at(now), event.institution ?? null);
        break;
      case 'knockGone': this.#tools?.moderation.gone(event.participantId); break;
      case 'signalReceived': await membership?.hear(now, event.bytes); break;
      case 'digestReady': await membership?.signDigest(event.digest); break;
      case 'presence':
        membership?.workshop.setAway(event.away);
        this.#counter.tell(event.present, event.receivers);
        break;
      case 'outOfStep': await this.#comeBack(now); break;
      case 'ended': this.#close(now, event.reason); break;
      case 'noticed':
        if (event.isOver === true) membership?.alarms.clear(event.alarm);
        else if (membership !== null) await this.#notice(membership, event.alarm);
        else this.#noticed.push(event.alarm);
        break;
      case 'command': await this.#command(now, event.command); break;
      case 'time': break;
    }
    await this.#settle(now);
  }

  /** What follows from whatever happened: lost leaves, time, the counter. */
  async #settle(now: number): Promise<void> {
    await this.#entrance?.advance(now);
    const membership = this.#membership;
    if (membership !== null) {
      await membership.advance(now);
      if (membership.lost === 'removed' || membership.lost === 'replaced') this.#close(now, membership.lost);
      else if (membership.lost !== null) await this.#comeBack(now);
      else this.#phase = membership.isReplaying ? 'replaying' : 'active';
      this.#askForKnocks();
      await this.#count(now);
    }
    if (this.#entrance !== null) this.#phase = this.#entrance.phase;
    if (this.#entrance?.refused != null) this.#close(now, this.#entrance.refused);
    const sight = this.#sight(now);
    if (sight !== this.#seen) this.#act({ type: 'changed' });
    this.#seen = sight;
  }

  /** Differs whenever {@link view} does, and costs less. */
  #sight(now: number): string {
    const { phase, closed, generation, epoch, ownLeaf, hands, spotlight, alarms, counter, badge, knocks } = this.#core(now);
    const marked = [...this.#membership?.forks.marked(now) ?? []];
    return JSON.stringify([phase, closed, generation, String(epoch), ownLeaf, hands, spotlight, alarms, counter, badge, marked, knocks.map(knock => [knock.participantId, knock.name])]);
  }

  async #check(now: number, bytes: Bytes | null): Promise<void> {
    const { link, random } = this.#options;
    const statement = await acceptStatement(bytes, link.meetingId, link.statementHash);
    if (typeof statement === 'string') return this.#close(now, statement);
    const identities = new Identities(statement.identityRoots);
    const engine = await MlsEngine.create(random, async (chain, key) => {
      const identity = await identities.of(chain);
      return identity !== null && equal(identity.leafKey, key);
    });
    const guard = new GroupGuard(engine, identities);
    this.#tools = { statement, engine, guard, identities, moderation: new Moderation(guard) };
    await this.#knock(now);
  }

  async #connect(now: number): Promise<void> {
    this.#isConnected = true;
    this.#membership?.connect(now);
    await this.#entrance?.connect(now);
  }

  async #knock(now: number): Promise<void> {
    const { own, random } = this.#options;
    this.#entrance = new Entrance(this.#tools!, { own, random, clock: this.#clock, act: action => this.#act(action) }, this.#lastGeneration);
    if (this.#isConnected) await this.#entrance.connect(now);
  }

  async #enter(now: number, entered: Entered | null | undefined): Promise<void> {
    if (entered == null) return;
    const { generation, own, view, entry } = entered;
    const { engine, guard, moderation } = this.#tools!;
    this.#entrance = null;
    this.#lastGeneration = generation;
    this.#knowsKnocks = false;
    moderation.forget();
    this.#membership = await Membership.begin({
      engine, guard, time: moment => this.#clock.at(moment), chance: this.#options.chance, act: action => this.#act(action),
    }, generation, own, view, entry, now);
    for (const alarm of this.#noticed) await this.#notice(this.#membership, alarm);
    this.#noticed = [];
    if (this.#hand?.generation === generation) await this.#membership.say(this.#hand.content);
    this.#hand = null;
    if (entry > 0) this.#membership.connect(now);
  }

  /** Other identity roots than before concern this browser only; the rest is for all to see. */
  async #notice(membership: Membership, alarm: Alarm): Promise<void> {
    if (alarm.kind === 'rootsChanged') membership.alarms.raise(alarm);
    else await membership.raise(alarm);
  }

  /** Who waits is told to moderators only, and to a new one when he asks. */
  #askForKnocks(): void {
    if (this.#knowsKnocks && !this.#isModerator) this.#tools!.moderation.forget();
    if (!this.#knowsKnocks && this.#isModerator && this.#isConnected) this.#act({ type: 'listKnocks' });
    this.#knowsKnocks = this.#isModerator && this.#isConnected;
  }

  /** As a new leaf: the old one is given up, whatever it was. */
  async #comeBack(now: number): Promise<void> {
    const membership = this.#membership;
    const content = membership?.discussion.handOf(membership.view.group.ownLeaf) ?? null;
    if (membership !== null && content !== null) this.#hand = { generation: membership.generation, content };
    membership?.close(now);
    this.#membership = null;
    this.#counter = new CounterWatch();
    if (this.#tools !== null) await this.#knock(now);
  }

  #close(now: number, reason: CloseReason): void {
    this.#membership?.close(now);
    this.#membership = null;
    this.#entrance = null;
    this.#phase = 'closed';
    this.#closed = reason;
  }

  async #count(now: number): Promise<void> {
    const membership = this.#membership;
    if (membership === null) return;
    const { register } = membership.view;
    const members = [...register.members.values()].map(({ device, leaf }) => ({ device, role: register.roleOf(leaf)! }));
    this.#roster = await rosterCode(register.statement.hash, members);
    const alarm = { kind: 'countMismatch', leaf: null } as const;
    const change = this.#counter.check(now, register.members.size);
    if (change === 'begins') await membership.raise(alarm);
    if (change === 'over') membership.alarms.clear(alarm);
    if (membership.alarms.at(now).length > 0) this.#verifiedRoster = null;
  }

  get #isModerator(): boolean {
    const view = this.#membership?.view;
    const role = view?.register.roleOf(view.group.ownLeaf) ?? null;
    return role !== null && isModerator(role);
  }

  async #command(now: number, command: MemberCommand): Promise<void> {
    const membership = this.#membership;
    if (command.type === 'comeBack') return this.#comeBack(now);
    if (command.type === 'say') return membership === null ? this.#act({ type: 'unsaid', content: command.content }) : membership.say(command.content);
    if (membership === null) return;
    if (command.type === 'confirmCode') {
      if (this.#roster?.digits === command.roster) this.#verifiedRoster = command.roster;
      return;
    }
    if (!this.#isModerator) return;
    const action = await this.#tools!.moderation.run(membership.view, membership.own.leafKey, command, this.#clock.at(now));
    if (action !== null) this.#act(action);
  }

  #act(action: MemberAction): void {
    this.#actions.push(action);
  }
}
