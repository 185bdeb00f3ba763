import { equal, hex, type Bytes } from '../../src/e2ee/mls/bytes';
import { parseCommitData } from '../../src/e2ee/mls/commitData';
import { parseCommit } from '../../src/e2ee/mls/messages';
import { foundingRole } from '../../src/e2ee/mls/statement';
import type { KnockState, LogEntry, MemberAction, MemberEvent, WorkItem } from '../../src/e2ee/mls/memberTypes';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { start, type Meeting, type Person } from './people';
import type { World } from './world';

/** One way, ms. */
const latency = 10;
const grace = 20_000;

/** A browser as the server sees it. */
export interface Peer {
  readonly person: Person;
  isOnline: boolean;
  isAsleep: boolean;
  receive(event: MemberEvent): Promise<void>;
}

interface Place {
  readonly id: string;
  client: Peer;
  keyPackage: Bytes | null;
  leaf: number | null;
  state: KnockState;
  hadPlace: boolean;
  lostAt: number | null;
}

/** What is sent on its way to a client; a lying server changes it. Null drops it. */
export type Lie = (to: Peer, event: MemberEvent) => MemberEvent | readonly MemberEvent[] | null;

/**
 * The server's part of docs/e2ee.md §21 and §22, as members see it, on virtual time; and every lie that tests tell through it. It checks form and order
 * of commits and no signature.
 */
export class SimulatedServer {
  readonly places = new Map<string, Place>();
  readonly #world: World;
  readonly #meeting: Meeting;
  generation = 0;
  epoch = 0n;
  isOpen = false;
  log: LogEntry[] = [];
  last = 0;
  work = new Map<string, WorkItem & { readonly placeId: string | null; readonly refusedBy: Set<string> }>();
  lie: Lie = (_, event) => event;
  /** Looked at before a commit is judged; false: pretend that it never came. */
  hears: (from: Peer, action: MemberAction) => boolean = () => true;
  readonly #leaves = new Map<number, string>();
  readonly #reports = new Map<number, Set<string>>();
  #number = 0;
  /** Who held which leaf before the last commit: for entries that prove void. */
  #before: { readonly leaves: ReadonlyMap<number, string>; readonly held: ReadonlyMap<string, number | null> } | null = null;
  #clock = 0;

  constructor(world: World, meeting: Meeting, clockOffset = 0) {
    this.#world = world;
    this.#meeting = meeting;
    this.#clock = clockOffset;
  }

  get now(): number {
    return start + this.#world.now + this.#clock;
  }

  placeOf(client: Peer): Place {
    const id = hex(client.person.device);
    let place = this.places.get(id);
    if (place === undefined) {
      place = { id, client, keyPackage: null, leaf: null, state: 'waiting', hadPlace: false, lostAt: null };
      this.places.set(id, place);
    }
    return place;
  }

  connected(client: Peer): void {
    const place = this.placeOf(client);
    if (place.client !== client) {
      this.send(place.client, { type: 'ended', reason: 'replaced' });
      place.client = client;
    }
    place.lostAt = null;
    this.tellPresence();
  }

  disconnected(client: Peer): void {
    const place = this.placeOf(client);
    if (place.client !== client) return;
    place.lostAt = this.#world.now;
    const lostAt = this.#world.now;
    this.tellPresence();
    this.#world.later(grace, () => {
      if (place.lostAt === lostAt) this.#depart(place);
    });
  }

  /** A request is on its way to the server. */
  post(from: Peer, action: MemberAction): void {
    this.#world.later(latency, () => {
      if (this.hears(from, action)) this.#handle(from, action);
    });
  }

  send(to: Peer, event: MemberEvent): void {
    const told = this.lie(to, event);
    const events = told === null ? [] : Array.isArray(told) ? told as MemberEvent[] : [told as MemberEvent];
    for (const item of events) {
      this.#world.later(latency, async () => {
        if (to.isOnline && !to.isAsleep) await to.receive(item);
      });
    }
  }

  /** People in the meeting with a leaf. */
  get holders(): Place[] {
    return [...this.places.values()].filter(place => place.leaf !== null);
  }

  tellMembers(event: MemberEvent): void {
    for (const place of this.holders) this.send(place.client, event);
  }

  tellPresence(): void {
    const away = new Set(this.holders.filter(place => place.lostAt !== null).map(place => place.leaf!));
    this.tellMembers({ type: 'presence', present: this.holders.length, away, receivers: this.holders.length });
  }

  append(kind: LogEntry['kind'], bytes: Bytes): LogEntry {
    const entry = { generation: this.generation, entry: ++this.last, kind, bytes, at: this.now };
    this.log.push(entry);
    return entry;
  }

  #handle(from: Peer, action: MemberAction): void {
    const place = this.placeOf(from);
    switch (action.type) {
      case 'knock': this.#knock(place, action.keyPackage, action.ticket); break;
      case 'foundGroup': {
        const isFree = !this.isOpen && action.expectedGeneration === this.generation;
        if (isFree) {
          this.generation++;
          this.isOpen = true;
          this.epoch = 0n;
          this.log = [];
          this.last = 0;
          this.work.clear();
          for (const other of this.places.values()) other.hadPlace = false;
          this.#seat(place, 0);
        }
        this.send(from, { type: 'foundAnswered', verdict: isFree ? 'accepted' : 'stale' });
        this.tellPresence();
        break;
      }
      case 'readLog': {
        const isKnown = place.leaf !== null && this.isOpen && action.generation === this.generation;
        const entries = this.log.filter(entry => entry.entry > action.after);
        const isReachable = isKnown && (entries[0]?.entry ?? action.after + 1) === action.after + 1 && this.last - action.after <= 500;
        this.send(from, { type: 'logRead', entries: isReachable ? entries.slice(0, 64) : [], last: isReachable ? this.last : null, at: this.now });
        if (isReachable) this.send(from, { type: 'workOffered', work: [...this.work.values()] });
        break;
      }
      case 'takeWork': {
        const isCurrent = place.leaf !== null && action.generation === this.generation && action.epoch === this.epoch;
        this.send(from, { type: 'workTaken', work: isCurrent ? [...this.work.values()].slice(0, 50) : [] });
        break;
      }
      case 'refuseWork': {
        const item = this.work.get(action.id);
        item?.refusedBy.add(place.id);
        const online = this.holders.filter(holder => holder.lostAt === null).length;
        if (item === undefined || (item.refusedBy.size < 3 && item.refusedBy.size < online)) break;
        this.withdraw(action.id);
        this.#backToLobby(item.placeId === null ? undefined : this.places.get(item.placeId));
        break;
      }
      case 'postCommit': this.#commit(place, action.generation, action.epoch, action.commit, action.welcome); break;
      case 'postMessage': {
        const isFresh = place.leaf !== null && action.generation === this.generation && this.epoch - action.epoch <= 3n;
        if (isFresh) this.tellMembers({ type: 'logAppended', entry: this.append(action.kind, action.message) });
        this.send(from, { type: 'messageAnswered', number: action.number, verdict: isFresh ? 'accepted' : 'stale' });
        break;
      }
      case 'sendSignal':
        for (const other of this.holders) if (other !== place) this.send(other.client, { type: 'signalReceived', bytes: action.signal });
        break;
      case 'listKnocks':
        for (const other of this.places.values()) {
          if (other.leaf !== null || other.state !== 'waiting' || other.keyPackage === null) continue;
          this.send(from, { type: 'knocked', participantId: other.id, keyPackage: other.keyPackage, since: this.now });
        }
        break;
      case 'admit': {
        const waiting = this.places.get(action.participantId);
        if (waiting === undefined || waiting.keyPackage === null) break;
        waiting.state = 'admitted';
        this.send(waiting.client, { type: 'knockChanged', state: 'admitted' });
        this.tellMembers({ type: 'knockGone', participantId: waiting.id });
        this.offer('admission', { keyPackage: waiting.keyPackage, proof: action.ticket, placeId: waiting.id });
        break;
      }
      case 'deny': {
        const waiting = this.places.get(action.participantId);
        if (waiting !== undefined) this.send(waiting.client, { type: 'knockChanged', state: 'denied' });
        break;
      }
      case 'removeMember': this.offer('removal', { leaf: action.leaf, proof: action.removal }); break;
      case 'offerRecord': this.offer('record', { proof: action.record }); break;
      case 'reportEntry': this.#report(place, action.entry); break;
    }
  }

  /** Who was not let in by right asks people. */
  #backToLobby(place: Place | undefined): void {
    if (place === undefined || place.leaf !== null || place.keyPackage === null) return;
    place.hadPlace = false;
    place.state = 'waiting';
    this.send(place.client, { type: 'knockChanged', state: 'waiting' });
    this.tellMembers({ type: 'knocked', participantId: place.id, keyPackage: place.keyPackage, since: this.now });
  }

  #knock(place: Place, keyPackage: Bytes, ticket: Bytes | null): void {
    place.keyPackage = keyPackage;
    // Work of an earlier knock is for a key package that its owner has thrown away.
    for (const [id, item] of this.work) if (item.placeId === place.id) this.withdraw(id);
    const othersHere = this.holders.some(holder => holder !== place && holder.lostAt === null);
    if (this.isOpen && !othersHere) this.close();
    const answer = (state: KnockState): void => {
      place.state = state;
      this.send(place.client, { type: 'knockAnswered', state, generation: this.generation, at: this.now });
    };
    if (!this.isOpen) return answer(foundingRole(this.#meeting.statement, place.client.person.party) === null ? 'waiting' : 'foundGroup');
    if (ticket !== null) {
      this.offer('admission', { keyPackage, proof: ticket, placeId: place.id });
      return answer('returning');
    }
    if (place.hadPlace) {
      this.offer('return', { keyPackage, placeId: place.id });
      return answer('returning');
    }
    answer('waiting');
    this.tellMembers({ type: 'knocked', participantId: place.id, keyPackage, since: this.now });
  }

  /** Nobody is left: the next group is another generation. */
  close(): void {
    this.isOpen = false;
    this.#leaves.clear();
    this.work.clear();
    for (const place of this.places.values()) {
      place.leaf = null;
      if (place.lostAt === null && place.state === 'waiting') this.send(place.client, { type: 'knockChanged', state: 'foundGroup' });
    }
  }

  offer(kind: WorkItem['kind'], item: { leaf?: number; keyPackage?: Bytes; proof?: Bytes; placeId?: string }): void {
    const work = {
      id: `w${++this.#number}`, kind, leaf: item.leaf ?? null, keyPackage: item.keyPackage ?? null, proof: item.proof ?? null,
      placeId: item.placeId ?? null, refusedBy: new Set<string>(),
    };
    this.work.set(work.id, work);
    this.tellMembers({ type: 'workOffered', work: [work] });
  }

  withdraw(id: string): void {
    this.work.delete(id);
    this.tellMembers({ type: 'workWithdrawn', ids: [id] });
  }

  #depart(place: Place): void {
    if (place.leaf === null) return;
    if (this.holders.every(holder => holder === place || holder.lostAt !== null)) this.close();
    else this.offer('departure', { leaf: place.leaf });
  }

  #commit(place: Place, generation: number, epoch: bigint, bytes: Bytes, welcome: Bytes | null): void {
    const commit = parseCommit(bytes);
    const isMine = typeof commit !== 'string' && commit.sender === place.leaf && generation === this.generation;
    if (!isMine || typeof commit === 'string') return this.send(place.client, { type: 'commitAnswered', verdict: 'refused' });
    const data = parseCommitData(commit.data);
    if (data !== null && Math.abs(data.committedAt - this.now) > 60_000) return this.send(place.client, { type: 'commitAnswered', verdict: 'refused' });
    if (epoch !== this.epoch || commit.epoch !== this.epoch) return this.send(place.client, { type: 'commitAnswered', verdict: 'stale' });
    const before = this.holders.map(holder => holder.client);
    this.#before = { leaves: new Map(this.#leaves), held: new Map([...this.places.values()].map(({ id, leaf }) => [id, leaf])) };
    const added: Place[] = [];
    for (const leaf of commit.removes) {
      const gone = this.places.get(this.#leaves.get(leaf) ?? '');
      this.#leaves.delete(leaf);
      if (gone !== undefined && gone.leaf === leaf) gone.leaf = null;
    }
    for (const keyPackage of commit.adds) {
      const wire = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage });
      const owner = [...this.places.values()].find(candidate => candidate.keyPackage !== null && equal(candidate.keyPackage, wire));
      let leaf = 0;
      while (this.#leaves.has(leaf)) leaf++;
      if (owner === undefined) this.#leaves.set(leaf, '');
      else {
        this.#seat(owner, leaf);
        added.push(owner);
      }
    }
    this.epoch++;
    const entry = this.append('commit', bytes);
    this.send(place.client, { type: 'commitAnswered', verdict: 'accepted' });
    const newcomers = new Set(added.map(owner => owner.client));
    for (const client of new Set([...before, ...this.holders.map(holder => holder.client)])) {
      if (!newcomers.has(client)) this.send(client, { type: 'logAppended', entry });
    }
    for (const owner of added) {
      this.send(owner.client, { type: 'welcomed', generation: this.generation, entry: entry.entry, welcome: welcome! });
    }
    for (const [id, item] of this.work) if (this.#isDone(item, commit.removes, added)) this.withdraw(id);
    if (bytes.length > 0 && commit.data.length > 0) this.#withdrawRecords(commit.data);
    this.tellPresence();
  }

  #seat(place: Place, leaf: number): void {
    place.leaf = leaf;
    place.hadPlace = true;
    place.state = 'admitted';
    this.#leaves.set(leaf, place.id);
  }

  #isDone(item: WorkItem & { readonly placeId: string | null }, removes: readonly number[], added: readonly Place[]): boolean {
    if (item.kind === 'departure') return removes.includes(item.leaf!);
    if (item.kind === 'removal') return removes.includes(item.leaf!);
    return added.some(place => place.id === item.placeId);
  }

  #withdrawRecords(data: Bytes): void {
    for (const [id, item] of this.work) {
      if (item.kind === 'record' && item.proof !== null && hex(data).includes(hex(item.proof))) this.withdraw(id);
    }
  }

  #report(place: Place, entry: number): void {
    const reports = this.#reports.get(entry) ?? new Set();
    this.#reports.set(entry, reports.add(place.id));
    const voters = this.holders.filter(holder => holder.lostAt === null).length - 1;
    const isLast = this.log.filter(item => item.kind === 'commit').at(-1)?.entry === entry;
    if (reports.size * 2 <= voters || !isLast) return;
    this.epoch--;
    this.#leaves.clear();
    for (const [leaf, id] of this.#before!.leaves) this.#leaves.set(leaf, id);
    for (const [id, leaf] of this.#before!.held) this.places.get(id)!.leaf = leaf;
    this.tellPresence();
    this.tellMembers({ type: 'entryVoided', generation: this.generation, entry });
  }
}
