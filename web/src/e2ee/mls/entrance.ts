import type { Bytes } from './bytes';
import type { MeetingClock } from './clock';
import { Doorway } from './doorway';
import type { MlsEngine, OwnKeyPackage } from './engine';
import type { GroupGuard, GroupView } from './guard';
import type { Identities, OwnIdentity } from './identity';
import type { CloseReason, KnockState, MemberAction, MemberPhase } from './memberTypes';
import type { Moderation } from './moderation';
import type { SignedStatement } from './statement';
import type { RandomBytes } from './suite';
import { acceptWelcome } from './welcome';

/** How long after `admitted` or `returning` a Welcome is awaited, ms. */
const welcomePatience = 10_000;

/** A waiting client makes itself a new key package after this time, ms: certificates live for 12 hours. */
const renewal = 6 * 3600_000;

/** Largest error of the clock that a key package may be made by, ms: half of the least that the rules allow. */
const clockTolerance = 30_000;

/** Welcomes that may fail before it is told to the person. */
const welcomeTries = 3;

/** What there is once the statement is accepted. */
export interface Tools {
  readonly statement: SignedStatement;
  readonly engine: MlsEngine;
  readonly guard: GroupGuard;
  readonly identities: Identities;
  readonly moderation: Moderation;
}

export interface EntrancePorts {
  readonly own: OwnIdentity;
  readonly random: RandomBytes;
  readonly clock: MeetingClock;
  readonly act: (action: MemberAction) => void;
}

/** The way in is done: a leaf in a generation. */
export interface Entered {
  readonly generation: number;
  readonly own: OwnKeyPackage;
  readonly view: GroupView;
  /** The log's entry that led here; 0 for a founder. */
  readonly entry: number;
}

/** The way in (docs/e2ee.md §12): knocks, waits, founds or takes a Welcome. Each knock is with a new leaf key; what it leads to, if anything, is {@link Entered}. */
export class Entrance {
  readonly #tools: Tools;
  readonly #ports: EntrancePorts;
  #phase: Extract<MemberPhase, 'knocking' | 'founding' | 'waiting' | 'joining'> = 'knocking';
  #refused: CloseReason | null = null;
  #doorway: Doorway | null = null;
  #isConnected = false;
  #askedAt = 0;
  #ticketSent = false;
  #isCorrected = false;
  #retryAt: number | null = null;
  #founding: { readonly generation: number; readonly view: GroupView } | null = null;
  #failures = 0;
  readonly #earliest: number;

  /** @param earliest generation that may be entered: who was in one never takes part in one before it */
  constructor(tools: Tools, ports: EntrancePorts, earliest: number) {
    this.#tools = tools;
    this.#ports = ports;
    this.#earliest = earliest;
  }

  get phase(): MemberPhase {
    return this.#phase;
  }

  /** Why there is no way in; null while there may be. */
  get refused(): CloseReason | null {
    return this.#refused;
  }

  get deadline(): { readonly at: number; readonly reason: 'welcome' | 'renewal' } {
    return { at: this.#retryAt ?? Number.POSITIVE_INFINITY, reason: this.#phase === 'waiting' ? 'welcome' : 'renewal' };
  }

  async connect(now: number): Promise<void> {
    this.#isConnected = true;
    await this.knock(now);
  }

  disconnect(): void {
    this.#isConnected = false;
  }

  async advance(now: number): Promise<void> {
    if (this.#retryAt !== null && now >= this.#retryAt) await this.knock(now);
  }

  async knock(now: number): Promise<void> {
    const { own, random, clock } = this.#ports;
    const { statement, engine, identities } = this.#tools;
    this.#phase = 'knocking';
    this.#ticketSent = false;
    this.#retryAt = null;
    this.#founding = null;
    this.#doorway = null;
    if (!this.#isConnected) return;
    this.#doorway = await Doorway.prepare(statement, engine, identities, own, random, clock.at(now));
    if (this.#doorway === null) {
      this.#refused = 'certificateInvalid';
      return;
    }
    if (!this.#doorway.isWelcome) {
      this.#refused = 'accountsOnly';
      return;
    }
    this.#askedAt = now;
    this.#ports.act({ type: 'knock', keyPackage: this.#doorway.own.bytes, ticket: null });
  }

  /** Who knocked by a wrong clock knocks once more by the right one: certificates bear the time. */
  async answered(now: number, state: KnockState, generation: number, at: number): Promise<void> {
    const { clock } = this.#ports;
    const believed = clock.at(now);
    clock.observe(at, this.#askedAt, now);
    if (Math.abs(clock.at(now) - believed) > clockTolerance && !this.#isCorrected) {
      this.#isCorrected = true;
      return this.knock(now);
    }
    await this.changed(now, state, generation);
  }

  /** @param generation the living or the last one; null where the server did not say */
  async changed(now: number, state: KnockState, generation: number | null): Promise<void> {
    if (this.#doorway === null || this.#phase === 'joining') return;
    const isEntitled = this.#doorway.role !== null;
    switch (state) {
      case 'foundGroup':
        if (generation === null) return this.knock(now);
        return isEntitled ? this.#found(generation) : this.#wait(now + renewal);
      case 'waiting':
        if (isEntitled && generation !== null && generation > 0 && !this.#ticketSent) return this.#enterByStatement(now, generation);
        return this.#wait(now + renewal);
      case 'returning':
      case 'admitted':
        return this.#wait(now + welcomePatience);
      case 'expired':
        return this.#wait(now + renewal);
      case 'denied':
        this.#refused = 'denied';
    }
  }

  async founded(now: number, isAccepted: boolean): Promise<Entered | null> {
    const founding = this.#founding;
    this.#founding = null;
    if (founding === null) return null;
    if (!isAccepted) {
      await this.knock(now);
      return null;
    }
    const view = { ...founding.view, committedAt: this.#ports.clock.at(now) };
    return { generation: founding.generation, own: this.#doorway!.own, view, entry: 0 };
  }

  async welcomed(now: number, generation: number, entry: number, welcome: Bytes): Promise<Entered | null> {
    if (this.#doorway === null || generation < this.#earliest || entry < 1) return null;
    const { engine, guard, statement } = this.#tools;
    const { own } = this.#doorway;
    this.#phase = 'joining';
    const view = await acceptWelcome(engine, guard, statement, generation, own, welcome);
    if (typeof view !== 'string') return { generation, own, view, entry };
    if (++this.#failures >= welcomeTries) this.#refused = 'welcomeRefused';
    else await this.knock(now);
    return null;
  }

  #wait(until: number): void {
    this.#phase = 'waiting';
    this.#retryAt = until;
  }

  async #enterByStatement(now: number, generation: number): Promise<void> {
    const doorway = this.#doorway!;
    const ticket = await doorway.ticket(generation, this.#ports.clock.at(now));
    this.#ticketSent = true;
    this.#askedAt = now;
    this.#wait(now + welcomePatience);
    this.#ports.act({ type: 'knock', keyPackage: doorway.own.bytes, ticket });
  }

  async #found(last: number): Promise<void> {
    const generation = last + 1;
    const doorway = this.#doorway!;
    const view = generation < this.#earliest ? null : await doorway.found(generation);
    if (view === null) return;
    this.#founding = { generation, view };
    this.#phase = 'founding';
    this.#retryAt = null;
    this.#ports.act({ type: 'foundGroup', expectedGeneration: last, groupId: view.group.groupId, keyPackage: doorway.own.bytes });
  }
}
