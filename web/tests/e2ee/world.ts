import { equal, hex, type Bytes } from '../../src/e2ee/mls/bytes';
import { GroupMember } from '../../src/e2ee/mls/member';
import type { Content } from '../../src/e2ee/mls/content';
import type { MemberAction, MemberCommand, MemberEvent, MemberView } from '../../src/e2ee/mls/memberTypes';
import { randomBytes, start, type Meeting, type Person } from './people';
import type { SimulatedServer } from './server';

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

/** Virtual time: what is due happens in its order, and nothing waits for a real clock. */
export class World {
  now = 0;
  readonly clients: Client[] = [];
  readonly chance: () => number;
  #queue: { at: number; order: number; run: () => Promise<void> | void }[] = [];
  #order = 0;

  constructor(seed = 1) {
    this.chance = seeded(seed);
  }

  later(delay: number, run: () => Promise<void> | void): void {
    this.#queue.push({ at: this.now + delay, order: this.#order++, run });
  }

  /** Lets time pass. */
  async run(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      const next = [...this.#queue].sort((a, b) => a.at - b.at || a.order - b.order)[0];
      const timers = this.clients.filter(client => !client.isAsleep).map(client => ({ client, at: client.member.deadline(client.now).at + client.lag }));
      const timer = timers.sort((a, b) => a.at - b.at)[0];
      const at = Math.min(next?.at ?? Infinity, timer?.at ?? Infinity);
      if (at > end) break;
      this.now = Math.max(this.now, at);
      if (next !== undefined && next.at <= at) {
        this.#queue = this.#queue.filter(item => item !== next);
        await next.run();
      } else {
        await timer!.client.receive({ type: 'time' });
      }
    }
    this.now = end;
  }

  /** Lets time pass until something holds; fails when it takes too long. */
  async until(what: string, holds: () => boolean, patience = 60_000): Promise<number> {
    const from = this.now;
    while (!holds()) {
      if (this.now - from > patience) throw new Error(`waited in vain for: ${what}\n${this.clients.map(client => client.toString()).join('\n')}`);
      await this.run(10);
    }
    return this.now - from;
  }
}

/** The keys of a client's frames, as the machine says. */
class FrameRecorder {
  readonly epochs = new Map<bigint, { readonly key: Bytes; until: number }>();
  sending: { readonly leaf: number; readonly epoch: bigint; readonly context: number } | null = null;
  leaves: ReadonlySet<number> = new Set();
  readonly used = new Set<string>();
  stops = 0;

  take(action: MemberAction): void {
    switch (action.type) {
      case 'addEpoch': this.epochs.set(action.epoch, { key: action.baseKey, until: Infinity }); break;
      case 'retireEpoch': { const epoch = this.epochs.get(action.epoch); if (epoch !== undefined) epoch.until = action.at; break; }
      case 'setLeaves': this.leaves = action.leaves; break;
      case 'stopSending': this.sending = null; this.stops++; break;
      case 'sendAs': {
        const name = `${action.context}.${action.leaf}.${hex(this.epochs.get(action.epoch)!.key)}`;
        if (this.used.has(name)) throw new Error('a key id is used twice under one key');
        this.used.add(name);
        this.sending = action;
        break;
      }
    }
  }
}

/** What a browser does by itself. */
const local: ReadonlySet<MemberAction['type']> = new Set(['addEpoch', 'sendAs', 'stopSending', 'retireEpoch', 'setLeaves', 'acceptDigest', 'said', 'unsaid', 'changed']);

/** A browser in a meeting: the machine, its frames, its socket. */
export class Client {
  readonly member: GroupMember;
  readonly frames = new FrameRecorder();
  readonly said: { leaf: number; name: string | null; content: Content }[] = [];
  readonly unsaid: Content[] = [];
  readonly actions: MemberAction[] = [];
  isOnline = false;
  isAsleep = false;
  /** How far its clock is behind: clocks stand still in a sleeping machine, ms. */
  lag = 0;
  readonly #world: World;
  readonly #server: SimulatedServer;

  constructor(world: World, server: SimulatedServer, readonly person: Person, readonly meeting: Meeting, fragment = meeting.hash) {
    this.#world = world;
    this.#server = server;
    this.member = new GroupMember({
      link: { kind: 'encrypted', meetingId: meeting.meetingId, statementHash: fragment },
      own: person.own, random: randomBytes, chance: world.chance, clockOffset: start + 250,
    });
    world.clients.push(this);
  }

  get now(): number {
    return this.#world.now - this.lag;
  }

  get view(): MemberView {
    return this.member.view(this.now);
  }

  get names(): (string | null)[] {
    return this.view.members.map(member => member.name);
  }

  /** Opens the link. */
  async open(statement: Bytes | null = this.meeting.bytes): Promise<void> {
    await this.receive({ type: 'statement', bytes: statement });
    await this.connect();
  }

  async connect(): Promise<void> {
    this.isOnline = true;
    this.#server.connected(this);
    await this.receive({ type: 'connected' });
  }

  async disconnect(): Promise<void> {
    this.isOnline = false;
    this.#server.disconnected(this);
    await this.receive({ type: 'disconnected' });
  }

  /** The page is gone, or its worker crashed: nothing of it acts any more. */
  crash(): void {
    this.isOnline = false;
    this.isAsleep = true;
    this.#server.disconnected(this);
  }

  /** The machine sleeps with its socket half open: it neither acts nor hears. */
  sleep(): void {
    this.isAsleep = true;
  }

  /** Its clock stands still meanwhile. */
  async sleepFor(milliseconds: number): Promise<void> {
    this.isAsleep = true;
    await this.#world.run(milliseconds);
    this.lag += milliseconds;
    this.isAsleep = false;
  }

  command(command: MemberCommand): Promise<void> {
    return this.receive({ type: 'command', command });
  }

  async receive(event: MemberEvent): Promise<void> {
    for (const action of await this.member.receive(this.now, event)) {
      this.frames.take(action);
      if (action.type === 'said') this.said.push({ leaf: action.by.leaf, name: action.by.name, content: action.content });
      if (action.type === 'unsaid') this.unsaid.push(action.content);
      if (action.type !== 'changed') this.actions.push(action);
      if (this.isOnline && !local.has(action.type)) this.#server.post(this, action);
    }
  }

  /** Would this client's frames be seen by another now? */
  isHeardBy(other: Client): boolean {
    const { sending } = this.frames;
    if (sending === null) return false;
    const mine = this.frames.epochs.get(sending.epoch);
    const theirs = other.frames.epochs.get(sending.epoch);
    return mine !== undefined && theirs !== undefined && theirs.until > this.#world.now && equal(mine.key, theirs.key) && other.frames.leaves.has(sending.leaf);
  }

  toString(): string {
    const { phase, closed, generation, epoch, members, alarms, badge } = this.view;
    return `${this.person.name}: ${phase} ${closed ?? ''} g${generation} e${epoch} [${members.map(member => `${member.leaf}:${member.name}`).join(', ')}] ${badge} ${alarms.map(a => a.kind).join()}`;
  }
}

/** All are in one epoch, hear each other, and see the same people. */
export function areTogether(...clients: readonly Client[]): boolean {
  return clients.every(client => client.view.phase === 'active' && client.view.members.length === clients.length
    && clients.every(other => other === client || client.isHeardBy(other)));
}
