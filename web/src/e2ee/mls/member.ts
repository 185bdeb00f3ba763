import { badgeOf, type Alarm } from './badge';
import type { MeetingLink } from '../link';
import type { Bytes } from './bytes';
import { MeetingClock } from './clock';
import { epochCode, rosterCode, type VerificationCode } from './codes';
import { MlsEngine, type OwnKeyPackage } from './engine';
import { GroupGuard, type GroupView } from './guard';
import { certifyLeaf, Identities, type LeafIdentity, type OwnIdentity } from './identity';
import { CounterWatch } from './counterWatch';
import { Membership } from './membership';
import { memberEntries } from './memberView';
import type { CloseReason, MemberAction, MemberCommand, MemberDeadline, MemberEvent, MemberPhase, MemberView } from './memberTypes';
import { foundingTicket, Moderation } from './moderation';
import { isModerator } from './party';
import { Register } from './register';
import { createLeafKey } from './signing';
import { acceptStatement, foundingRole, groupIdOf, type SignedStatement } from './statement';
import type { RandomBytes } from './suite';
import { acceptWelcome } from './welcome';

/** How long after `admitted` or `returning` a Welcome is awaited, ms. */
const welcomePatience = 10_000;

/** A waiting client makes itself a new key package after this time, ms: certificates live for 12 hours. */
const renewal = 6 * 3600_000;

/** Welcomes that may fail before it is told to the person. */
const welcomeTries = 3;

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
  #statement: SignedStatement | null = null;
  #engine: MlsEngine | null = null;
  #guard: GroupGuard | null = null;
  #identities: Identities | null = null;
  #moderation: Moderation | null = null;
  #isConnected = false;
  #own: OwnKeyPackage | null = null;
  #ownIdentity: LeafIdentity | null = null;
  #askedAt = 0;
  #ticketSent = false;
  #retryAt: number | null = null;
  #founding: { readonly generation: number; readonly view: GroupView } | null = null;
  #membership: Membership | null = null;
  #lastGeneration = 0;
  #failures = 0;
  #knowsKnocks = false;
  #noticed: Alarm[] = [];
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
    return this.#statement?.identityRoots ?? [];
  }

  get phase(): MemberPhase {
    return this.#phase;
  }

  deadline(now: number): MemberDeadline {
    const candidates: MemberDeadline[] = [];
    if (this.#retryAt !== null) candidates.push({ at: this.#retryAt, reason: this.#phase === 'waiting' ? 'welcome' : 'renewal' });
    if (this.#membership !== null) candidates.push(...this.#membership.deadlines(now));
    candidates.push({ at: this.#counter.deadline, reason: 'counter' });
    return candidates.reduce((first, next) => (next.at < first.at ? next : first), { at: Number.POSITIVE_INFINITY, reason: 'heartbeat' } as MemberDeadline);
  }

  view(now: number): MemberView {
    const membership = this.#membership;
    const view = membership?.view ?? null;
    const alarms = membership?.alarms.at(now) ?? [];
    return {
      phase: this.#phase,
      closed: this.#closed,
      generation: membership?.generation ?? this.#lastGeneration,
      epoch: view?.group.epoch ?? 0n,
      ownLeaf: view?.group.ownLeaf ?? null,
      members: view === null ? [] : memberEntries(view, membership!.forks.marked(now)),
      knocks: this.#isModerator ? this.#moderation!.knocks : [],
      facts: view?.register.facts ?? null,
      alarms,
      counter: this.#counter.counter,
      badge: badgeOf({
        link: this.#options.link.kind, statementFits: this.#statement !== null, isActive: this.#phase === 'active',
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

  async #take(now: number, event: MemberEvent): Promise<void> {
    const membership = this.#membership;
    switch (event.type) {
      case 'statement': if (this.#phase === 'checking') await this.#check(now, event.bytes); break;
      case 'connected': await this.#connect(now); break;
      case 'disconnected':
        this.#isConnected = false;
        this.#knowsKnocks = false;
        membership?.disconnect();
        break;
      case 'kindTold':
        if (event.kind !== this.#options.link.kind) this.#close(now, 'kindMismatch');
        break;
      case 'knockAnswered':
        this.#clock.observe(event.at, this.#askedAt, now);
        await this.#knockChanged(now, event.state, event.generation);
        break;
      case 'knockRefused': this.#close(now, 'knockRefused'); break;
      case 'knockChanged': await this.#knockChanged(now, event.state, null); break;
      case 'foundAnswered': await this.#founded(now, event.verdict === 'accepted'); break;
      case 'welcomed': await this.#welcomed(now, event.generation, event.entry, event.welcome); break;
      case 'logAppended': await membership?.append(now, event.entry); break;
      case 'logRead': await membership?.readBack(now, event.entries, event.last); break;
      case 'entryVoided': if (event.generation === membership?.generation) membership.voided(event.entry); break;
      case 'workOffered': membership?.workshop.offer(now, event.work); break;
      case 'workWithdrawn': membership?.workshop.withdraw(event.ids); break;
      case 'workTaken': await membership?.takeWork(now, event.work); break;
      case 'commitAnswered': membership?.answered(now, event.verdict); break;
      case 'messageAnswered': await membership?.messageAnswered(event.number, event.verdict); break;
      case 'knocked':
        if (membership !== null) await this.#moderation!.knocked(membership.view, event.participantId, event.keyPackage, event.since, this.#clock.at(now));
        break;
      case 'knockGone': this.#moderation?.gone(event.participantId); break;
      case 'signalReceived': await membership?.hear(now, event.bytes); break;
      case 'digestReady': await membership?.signDigest(event.digest); break;
      case 'presence':
        membership?.workshop.setAway(event.away);
        this.#counter.tell(event.present, event.receivers);
        break;
      case 'outOfStep': await this.#comeBack(now); break;
      case 'ended': this.#close(now, event.reason); break;
      case 'noticed':
        if (membership !== null) await this.#notice(membership, event.alarm);
        else this.#noticed.push(event.alarm);
        break;
      case 'command': await this.#command(now, event.command); break;
      case 'time': break;
    }
    await this.#settle(now);
  }

  /** What follows from whatever happened: lost leaves, time, the counter. */
  async #settle(now: number): Promise<void> {
    if (this.#retryAt !== null && now >= this.#retryAt) await this.#knock(now);
    const membership = this.#membership;
    if (membership !== null) {
      await membership.advance(now);
      if (membership.lost === 'removed' || membership.lost === 'replaced') this.#close(now, membership.lost);
      else if (membership.lost !== null) await this.#comeBack(now);
      else this.#phase = membership.isReplaying ? 'replaying' : 'active';
      this.#askForKnocks();
      await this.#count(now);
    }
    this.#act({ type: 'changed' });
  }

  async #check(now: number, bytes: Bytes | null): Promise<void> {
    const { link, random } = this.#options;
    const statement = await acceptStatement(bytes, link.meetingId, link.statementHash);
    if (typeof statement === 'string') return this.#close(now, statement);
    const identities = new Identities(statement.identityRoots);
    this.#statement = statement;
    this.#identities = identities;
    this.#engine = await MlsEngine.create(random, async (chain, key) => {
      const identity = await identities.of(chain);
      return identity !== null && identity.leafKey.every((byte, index) => byte === key[index]);
    });
    this.#guard = new GroupGuard(this.#engine, identities);
    this.#moderation = new Moderation(this.#guard);
    this.#phase = 'knocking';
    if (this.#isConnected) await this.#knock(now);
  }

  async #connect(now: number): Promise<void> {
    this.#isConnected = true;
    if (this.#membership !== null) this.#membership.connect();
    else if (this.#statement !== null) await this.#knock(now);
  }

  /** Every knock is with a new leaf key and a new key package, and so is every leaf. */
  async #knock(now: number): Promise<void> {
    const { own, random } = this.#options;
    const leafKey = await createLeafKey(random(32));
    const certified = await certifyLeaf(own, leafKey.publicKey, this.#statement!.hash, this.#clock.at(now), random(16));
    if (certified === null) return this.#close(now, 'certificateInvalid');
    this.#own = await this.#engine!.createKeyPackage(certified.chain, leafKey, certified.certificate);
    this.#ownIdentity = await this.#identities!.of(certified.chain);
    if (this.#ownIdentity === null) return this.#close(now, 'certificateInvalid');
    this.#phase = 'knocking';
    this.#ticketSent = false;
    this.#retryAt = null;
    this.#askedAt = now;
    if (this.#isConnected) this.#act({ type: 'knock', keyPackage: this.#own.bytes, ticket: null });
  }

  async #knockChanged(now: number, state: string, generation: number | null): Promise<void> {
    if (this.#membership !== null || this.#own === null || this.#phase === 'joining') return;
    const role = foundingRole(this.#statement!, this.#ownIdentity!.party);
    switch (state) {
      case 'foundGroup':
        // Without a number, or for somebody who may not found, it is a question once more.
        if (generation !== null && role !== null) return this.#found(generation);
        return generation === null ? this.#knock(now) : this.#wait(now + renewal);
      case 'waiting':
        if (role !== null && generation !== null && generation > 0 && !this.#ticketSent) return this.#enterByStatement(now, generation, role);
        return this.#wait(now + renewal);
      case 'returning':
      case 'admitted':
        return this.#wait(now + welcomePatience);
      case 'expired':
        return this.#wait(now + renewal);
      default:
        return this.#close(now, 'denied');
    }
  }

  #wait(until: number): void {
    this.#phase = 'waiting';
    this.#retryAt = until;
  }

  async #enterByStatement(now: number, generation: number, role: 'host' | 'coHost'): Promise<void> {
    const { own } = this.#options;
    const groupId = groupIdOf(this.#statement!.hash, generation);
    const ticket = await foundingTicket(groupId, this.#ownIdentity!, this.#own!.reference, role, own.deviceKey, this.#clock.at(now));
    this.#ticketSent = true;
    this.#askedAt = now;
    this.#wait(now + welcomePatience);
    this.#act({ type: 'knock', keyPackage: this.#own!.bytes, ticket });
  }

  async #found(last: number): Promise<void> {
    const generation = last + 1;
    if (generation < this.#lastGeneration) return;
    const own = this.#own!;
    const { certificateHash, device, party } = this.#ownIdentity!;
    const group = await this.#engine!.found(groupIdOf(this.#statement!.hash, generation), own);
    const register = await Register.start(this.#statement!, generation);
    const fault = await register.apply({ type: 'founded', epoch: 0n, certificateHash, device, party, keyPackageRef: own.reference }, this.#ownIdentity);
    if (fault !== null) return;
    this.#founding = { generation, view: { group, register, committedAt: 0 } };
    this.#phase = 'founding';
    this.#retryAt = null;
    this.#act({ type: 'foundGroup', expectedGeneration: last, groupId: group.groupId, keyPackage: own.bytes });
  }

  async #founded(now: number, isAccepted: boolean): Promise<void> {
    const founding = this.#founding;
    this.#founding = null;
    if (founding === null) return;
    if (!isAccepted) return this.#knock(now);
    const view = { ...founding.view, committedAt: this.#clock.at(now) };
    await this.#enter(now, founding.generation, view, 0);
  }

  async #welcomed(now: number, generation: number, entry: number, welcome: Bytes): Promise<void> {
    if (this.#membership !== null || this.#own === null || generation < this.#lastGeneration || entry < 1) return;
    this.#phase = 'joining';
    const view = await acceptWelcome(this.#engine!, this.#guard!, this.#statement!, generation, this.#own, welcome);
    if (typeof view === 'string') {
      if (++this.#failures >= welcomeTries) return this.#close(now, 'welcomeRefused');
      return this.#knock(now);
    }
    this.#failures = 0;
    await this.#enter(now, generation, view, entry);
    this.#membership!.connect();
  }

  async #enter(now: number, generation: number, view: GroupView, entry: number): Promise<void> {
    this.#retryAt = null;
    this.#lastGeneration = generation;
    const ports = {
      engine: this.#engine!, guard: this.#guard!, time: (moment: number) => this.#clock.at(moment), chance: this.#options.chance,
      act: (action: MemberAction) => this.#act(action),
    };
    this.#moderation!.forget();
    this.#knowsKnocks = false;
    this.#membership = await Membership.begin(ports, generation, this.#own!, view, entry, now);
    for (const alarm of this.#noticed) await this.#notice(this.#membership, alarm);
    this.#noticed = [];
  }

  /** Other identity roots than before concern this browser only; the rest is for all to see. */
  async #notice(membership: Membership, alarm: Alarm): Promise<void> {
    if (alarm.kind === 'rootsChanged') membership.alarms.raise(alarm);
    else await membership.raise(alarm);
  }

  /** Who waits is told to moderators only, and to a new one when he asks. */
  #askForKnocks(): void {
    if (this.#knowsKnocks && !this.#isModerator) this.#moderation!.forget();
    if (!this.#knowsKnocks && this.#isModerator && this.#isConnected) this.#act({ type: 'listKnocks' });
    this.#knowsKnocks = this.#isModerator && this.#isConnected;
  }

  /** As a new leaf: the old one is given up, whatever it was. */
  async #comeBack(now: number): Promise<void> {
    this.#membership?.close(now);
    this.#membership = null;
    this.#counter = new CounterWatch();
    if (this.#statement !== null) await this.#knock(now);
  }

  #close(now: number, reason: CloseReason): void {
    this.#membership?.close(now);
    this.#membership = null;
    this.#own = null;
    this.#retryAt = null;
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
    if (membership === null) return;
    if (command.type === 'say') return membership.say(command.content);
    if (command.type === 'confirmCode') {
      this.#verifiedRoster = this.#roster?.digits ?? null;
      return;
    }
    if (!this.#isModerator) return;
    const action = await this.#moderation!.run(membership.view, membership.own.leafKey, command, this.#clock.at(now));
    if (action !== null) this.#act(action);
  }

  #act(action: MemberAction): void {
    this.#actions.push(action);
  }
}
