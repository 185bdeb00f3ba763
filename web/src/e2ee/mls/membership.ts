import type { FrameDigest } from '../frames/digest';
import { equal, hex, type Bytes } from './bytes';
import { Alarms } from './alarms';
import type { Alarm } from './badge';
import { encodeContent, kindOf, parseContent, type Content } from './content';
import { Discussion } from './discussion';
import { heralds } from './election';
import type { MlsEngine, OwnKeyPackage, PendingCommit } from './engine';
import { ForkWatch } from './forks';
import { FrameSwitch } from './frameSwitch';
import type { AppliedCommit, GroupGuard, GroupView } from './guard';
import type { LogEntry, MemberAction, Verdict, WorkItem } from './memberTypes';
import { planCommit } from './plan';
import { Sealing } from './sealing';
import { isSignalBy, parseSignal, signSignal } from './signals';
import { signSitting } from './sittingContent';
import { Workshop } from './workshop';

/** Most work that the server gives at once. */
const workPage = 50;

/** How far ahead of the log's next entry entries are kept. */
const earlyMaximum = 1_000;

/** Why a membership is over. */
export type LossReason = 'removed' | 'departed' | 'replaced' | 'tooFarBehind';

export interface MembershipPorts {
  readonly engine: MlsEngine;
  readonly guard: GroupGuard;
  /** Meeting time, ms. */
  readonly time: (now: number) => number;
  /** Uniform in [0, 1). */
  readonly chance: () => number;
  readonly act: (action: MemberAction) => void;
}

/**
 * One leaf in one generation, from its first epoch until it is lost: applies the log in its order, commits when it is its turn, sends and hears
 * heartbeats, and says under which keys frames go. A new leaf is a new membership; nothing of it is ever stored.
 */
export class Membership {
  readonly generation: number;
  readonly own: OwnKeyPackage;
  readonly forks: ForkWatch;
  readonly frames = new FrameSwitch();
  readonly workshop: Workshop;
  readonly alarms = new Alarms();
  readonly discussion: Discussion;
  readonly #sealing: Sealing;
  readonly #ports: MembershipPorts;
  readonly #early = new Map<number, LogEntry>();
  #view: GroupView;
  #applied: number;
  #readingSince: number | null = null;
  #isOffline = false;
  #pending: (PendingCommit & { readonly workIds: readonly string[] }) | null = null;
  #lost: LossReason | null = null;
  /** Last digest of each leaf key: an old one is not heard again. */
  readonly #digests = new Map<string, number>();
  #sequence = 0;

  private constructor(ports: MembershipPorts, generation: number, own: OwnKeyPackage, view: GroupView, entry: number, now: number, isFounder: boolean) {
    this.#ports = ports;
    this.generation = generation;
    this.own = own;
    this.#view = view;
    this.#applied = entry;
    const self = view.group.ownLeaf;
    this.#sealing = new Sealing(ports.engine);
    this.discussion = new Discussion({ generation, beginning: entry, sealing: this.#sealing, act: action => this.#act(action) });
    this.forks = new ForkWatch(self, now);
    this.workshop = new Workshop(self, now, view.register.members.size, isFounder ? null : ports.chance());
  }

  /** @param entry number of the log's entry that led here; 0 for a founder */
  static async begin(ports: MembershipPorts, generation: number, own: OwnKeyPackage, view: GroupView, entry: number, now: number): Promise<Membership> {
    const membership = new Membership(ports, generation, own, view, entry, now, entry === 0);
    await membership.#enter(now, null);
    return membership;
  }

  get view(): GroupView {
    return this.#view;
  }

  get lost(): LossReason | null {
    return this.#lost;
  }

  /** Entries are missing: the state is of yesterday. */
  get isReplaying(): boolean {
    return this.#readingSince !== null;
  }

  /** When the log was asked for; null while nothing is awaited. */
  get readingSince(): number | null {
    return this.#readingSince;
  }

  async append(now: number, entry: LogEntry): Promise<void> {
    if (entry.generation !== this.generation || entry.entry <= this.#applied || this.#lost !== null) return;
    // What is far ahead comes by reading, page by page.
    if (entry.entry <= this.#applied + earlyMaximum) this.#early.set(entry.entry, entry);
    await this.#drain(now);
    if (entry.entry > this.#applied) this.#read(now);
  }

  async readBack(now: number, entries: readonly LogEntry[], last: number | null): Promise<void> {
    this.#readingSince = null;
    if (last === null) {
      this.#lose('tooFarBehind');
      return;
    }
    for (const entry of entries) if (entry.generation === this.generation && entry.entry > this.#applied) this.#early.set(entry.entry, entry);
    await this.#drain(now);
    if (this.#lost !== null) return;
    if (this.#applied < last) {
      // A page without the next entry would have us ask for ever.
      if (entries.length > 0) this.#read(now);
      else this.#lose('tooFarBehind');
      return;
    }
    // Whatever was under way before the log was read to its end did not get there.
    this.discussion.outbox.reset();
    if (this.#pending !== null) this.#post(now, this.#pending);
    await this.flush();
  }

  disconnect(): void {
    this.#isOffline = true;
    this.#readingSince = null;
    this.workshop.free(0);
  }

  connect(now: number): void {
    this.#isOffline = false;
    this.#read(now);
  }

  /** The server says that an entry, which it had taken, holds for nobody. If it held for us we are on our own, and the heartbeats tell. */
  voided(entry: number): void {
    this.#early.delete(entry);
  }

  async takeWork(now: number, work: readonly WorkItem[]): Promise<void> {
    if (this.#pending !== null || this.#lost !== null) return;
    // Less than a full page is all that there is.
    if (work.length < workPage) this.workshop.keepOnly(new Set(work.map(({ id }) => id)));
    if (work.length === 0) this.workshop.free(now);
    else await this.#commit(now, work);
  }

  answered(now: number, verdict: Verdict): void {
    if (this.#pending === null) return;
    // Accepted: the log says so too, and only it counts.
    if (verdict === 'accepted') return;
    this.#pending = null;
    this.workshop.free(now, verdict === 'refused' ? 2_000 : 0);
    this.workshop.postpone(now, this.#ports.chance());
    if (verdict === 'stale') this.#read(now);
  }

  async messageAnswered(number: number, verdict: Verdict): Promise<void> {
    this.discussion.answered(number, verdict);
    await this.flush();
  }

  async say(content: Content): Promise<void> {
    this.discussion.say(content.type === 'sitting' ? { ...content, signature: await this.#signSitting(content.act) } : content);
    await this.flush();
  }

  #signSitting(act: Bytes): Promise<Bytes> {
    const { group, register } = this.#view;
    return signSitting(this.own.leafKey, group.groupId, register.members.get(group.ownLeaf)!.certificateHash, act);
  }

  /** Encrypts and posts what is not under way, under the current epoch. */
  async flush(): Promise<void> {
    if (this.#isOffline || this.isReplaying || this.#lost !== null) return;
    for (const { number, content } of this.discussion.outbox.unsent) {
      const wire = content.type === 'private' ? await this.#sealing.seal(this.#view, content) : content;
      const plaintext = wire === null ? null : encodeContent(wire);
      const sealed = plaintext === null ? null : await this.#ports.engine.encrypt(this.#view.group, plaintext);
      if (sealed === null) {
        this.discussion.discard(number);
        continue;
      }
      this.#view = { ...this.#view, group: sealed.group };
      this.discussion.outbox.sent(number, sealed.message);
      this.#act({ type: 'postMessage', number, generation: this.generation, epoch: this.#view.group.epoch, message: sealed.message, kind: kindOf(content) });
    }
  }

  /** Heartbeats are judged here, digests by the frames once it is sure who signed them. */
  async hear(now: number, bytes: Bytes): Promise<void> {
    const signal = parseSignal(bytes);
    if (signal === null || !this.#view.group.isOwnGroup(signal.groupId)) return;
    if (signal.type === 'heartbeat') {
      await this.forks.hear(now, signal, key => isSignalBy(bytes, key));
      this.#judgeForks(now);
      return;
    }
    const { leaf, sequence, digest } = signal;
    const key = this.#view.register.members.get(leaf)?.identity?.leafKey;
    if (key === undefined || leaf === this.#view.group.ownLeaf) return;
    const name = hex(key);
    if (sequence <= (this.#digests.get(name) ?? 0) || !await isSignalBy(bytes, key)) return;
    this.#digests.set(name, sequence);
    this.#act({ type: 'acceptDigest', leaf, digest });
  }

  async signDigest(digest: FrameDigest): Promise<void> {
    if (this.#lost !== null || this.#isOffline) return;
    const { groupId, ownLeaf } = this.#view.group;
    const signal = await signSignal({ type: 'digest', groupId, leaf: ownLeaf, sequence: ++this.#sequence, digest }, this.own.leafKey);
    this.#act({ type: 'sendSignal', signal });
  }

  async raise(alarm: Alarm): Promise<void> {
    if (this.alarms.raise(alarm)) await this.say({ type: 'alarm', ...alarm });
  }

  /** Lets time pass. */
  async advance(now: number): Promise<void> {
    if (this.#lost !== null) return;
    for (const action of this.frames.advance(now)) this.#act(action);
    this.#judgeForks(now);
    const { conflicting } = this.forks;
    for (const { kind, leaf } of this.alarms.at(now)) if (kind === 'memberConflict' && !conflicting.has(leaf!)) this.alarms.clear({ kind, leaf });
    for (const leaf of conflicting) await this.raise({ kind: 'memberConflict', leaf });
    if (this.#isOffline || this.isReplaying) return;
    if (this.forks.takeBeat(now)) await this.#beat();
    if (this.workshop.isOverdue(now)) {
      this.workshop.free(now);
      this.#read(now);
      return;
    }
    const { at, reason } = this.workshop.due;
    if (now < at || this.workshop.isBusy || this.#pending !== null) return;
    if (reason === 'update') {
      await this.#commit(now, []);
    } else {
      this.workshop.busy(now);
      this.#act({ type: 'takeWork', generation: this.generation, epoch: this.#view.group.epoch });
    }
  }

  deadlines(now: number): { readonly at: number; readonly reason: 'heartbeat' | 'commit' | 'update' | 'switch' | 'counter' }[] {
    if (this.#lost !== null) return [];
    const always = [
      { at: this.frames.deadline, reason: 'switch' }, { at: this.forks.deadline(now), reason: 'heartbeat' },
      { at: this.alarms.deadline(now), reason: 'counter' },
    ] as const;
    if (this.#isOffline || this.isReplaying) return [...always];
    return [...always, { at: this.forks.beatAt, reason: 'heartbeat' }, this.workshop.due];
  }

  /** No frame is sent from here on: the leaf is given up. */
  close(now: number): void {
    for (const action of this.frames.close(now)) this.#act(action);
    this.discussion.close();
    this.#sealing.close();
    this.#view.group.forget();
  }

  async #drain(now: number): Promise<void> {
    for (let entry = this.#early.get(this.#applied + 1); entry !== undefined; entry = this.#early.get(this.#applied + 1)) {
      this.#early.delete(entry.entry);
      this.#applied = entry.entry;
      if (entry.kind === 'commit') await this.#apply(now, entry);
      else await this.#open(now, entry);
      if (this.#lost !== null) return;
    }
    for (const number of this.#early.keys()) if (number <= this.#applied) this.#early.delete(number);
  }

  async #apply(now: number, entry: LogEntry): Promise<void> {
    const pending = this.#pending;
    const isOwn = pending !== null && equal(pending.commit, entry.bytes);
    const outcome = await this.#ports.guard.apply(this.#view, entry.bytes, isOwn ? pending.after : null);
    if (typeof outcome === 'string') {
      this.#act({ type: 'reportEntry', generation: this.generation, entry: entry.entry, fault: outcome });
      await this.raise({ kind: 'entryRefused', leaf: null });
      return;
    }
    this.#pending = null;
    if (!isOwn && pending !== null) {
      pending.after.forget();
      this.workshop.postpone(now, this.#ports.chance());
    }
    await this.#take(now, outcome, isOwn);
    outcome.before.group.forget();
  }

  async #take(now: number, applied: AppliedCommit, isOwn: boolean): Promise<void> {
    const { before, after, commit, data } = applied;
    this.#view = after;
    this.alarms.clear({ kind: 'entryRefused', leaf: null });
    if (!after.group.isMember) {
      const index = commit.removes.indexOf(before.group.ownLeaf);
      const reason = data.removes[index]?.type ?? 'departed';
      this.#lose(reason);
      return;
    }
    await this.#enter(now, { hadPath: commit.pathLeaf !== null, isOwn, hadRemoves: commit.removes.length > 0 });
    this.discussion.changed(applied);
    await this.flush();
  }

  async #enter(now: number, commit: { readonly hadPath: boolean; readonly isOwn: boolean; readonly hadRemoves: boolean } | null): Promise<void> {
    const { group, register } = this.#view;
    const leaves = [...register.members.keys()];
    const moderators = new Set(register.moderators);
    this.#sealing.enter(group);
    for (const action of this.frames.enter(now, group, commit?.hadRemoves ?? true)) this.#act(action);
    await this.forks.begin(now, {
      epoch: group.epoch,
      transcriptHash: group.transcriptHash,
      keys: new Map([...register.members].map(([leaf, member]) => [leaf, member.identity!.leafKey])),
      moderators,
      heralds: new Set([...moderators, ...await heralds(group.transcriptHash, leaves)]),
    });
    await this.workshop.begin(now, this.#view, commit);
    this.#judgeForks(now);
  }

  async #open(now: number, entry: LogEntry): Promise<void> {
    if (this.discussion.takeOwn(this.#view, entry.entry, entry.bytes)) return;
    const opened = await this.#ports.engine.decrypt(this.#view.group, entry.bytes);
    if (opened === null) return;
    this.#view = { ...this.#view, group: opened.group };
    const content = parseContent(opened.plaintext);
    if (content === null || kindOf(content) !== entry.kind) return; // in another kind it would pass a lock that holds for its own
    const heard = content.type === 'sealed' ? await this.#sealing.open(this.#view, opened, content) : content;
    if (heard === null || !this.discussion.take(this.#view, opened.sender, opened.senderKey, entry.entry, heard)) return;
    if (content.type === 'alarm') this.alarms.hear(now, content);
  }

  async #commit(now: number, work: readonly WorkItem[]): Promise<void> {
    const { engine, guard, time } = this.#ports;
    const { pending, done, refused } = await planCommit(engine, guard, this.#view, work, time(now));
    for (const { id, fault } of refused) {
      this.workshop.withdraw([id]);
      this.#act({ type: 'refuseWork', id, fault });
    }
    if (pending === null) {
      this.workshop.free(now, 2_000);
      this.workshop.postpone(now, this.#ports.chance());
      return;
    }
    this.#pending = { ...pending, workIds: done };
    this.#post(now, this.#pending);
  }

  #post(now: number, { commit, welcome, workIds }: PendingCommit & { readonly workIds: readonly string[] }): void {
    this.workshop.busy(now);
    this.#act({ type: 'postCommit', generation: this.generation, epoch: this.#view.group.epoch, commit, welcome, workIds });
  }

  async #beat(): Promise<void> {
    const { group } = this.#view;
    const signal = await signSignal({
      type: 'heartbeat', groupId: group.groupId, leaf: group.ownLeaf, sequence: ++this.#sequence, epoch: group.epoch, transcriptHash: group.transcriptHash,
    }, this.own.leafKey);
    this.#act({ type: 'sendSignal', signal });
  }

  #judgeForks(now: number): void {
    const state = this.forks.state(now);
    if (state === 'fork') this.alarms.raise({ kind: 'fork', leaf: null });
    for (const action of this.frames.allow(now, state === 'together')) this.#act(action);
  }

  #read(now: number): void {
    if (this.isReplaying || this.#isOffline || this.#lost !== null) return;
    this.#readingSince = now;
    this.#act({ type: 'readLog', generation: this.generation, after: this.#applied });
  }

  /** Whoever asks closes it. */
  #lose(reason: LossReason): void {
    this.#lost = reason;
  }

  #act(action: MemberAction): void {
    this.#ports.act(action);
  }
}

