import { equal, hex, type Bytes } from '../e2ee/mls/bytes';
import type { SittingContent } from '../e2ee/mls/sittingContent';
import { Identities } from '../e2ee/mls/identity';
import { sha256 } from '../e2ee/mls/hashing';
import { acceptStatement, groupIdOf, type SignedStatement } from '../e2ee/mls/statement';
import type { RandomBytes } from '../e2ee/mls/suite';
import { encodeAct, parseAct, type SittingAct } from '../state/sitting/acts';
import { appendAct, emptyLog, encodeHistory, parseHistory, PieceGatherer, piecesOf, replay, type ActRecord, type Hall, type SittingLog } from '../state/sitting/chain';
import { minutesHash } from '../state/sitting/minutes';
import { recordOf, type SittingRecord } from '../state/sitting/record';
import { chairOf, type SittingState } from '../state/sitting/state';
import { Store } from '../state/store';
import type { GroupSession, GroupState, Heard } from './groupSession';
import type { Clock } from './timing';

/** How long the next one waits whether those before him tell newcomers the history, ms. */
const turn = 1_500;

/** How long who came back waits for the history before he goes on with what he knows, ms. */
const patience = 20_000;

/** Most acts that are kept until the history comes. */
const earlyMaximum = 2_000;

/** What of a group a sitting needs. */
export type SittingGroup = Pick<GroupSession, 'listen' | 'command' | 'statement' | 'meetingId'>
  & { readonly state: Pick<Store<Pick<GroupState, 'view'>>, 'value' | 'subscribe'> };

export interface SittingView {
  /** Null: none was called. */
  readonly sitting: SittingState | null;
  readonly self: string | null;
  /** What was missed is being told: nothing can be done meanwhile. */
  readonly isCatchingUp: boolean;
  /** An own act under way. */
  readonly isBusy: boolean;
  /** The last own act got nowhere. */
  readonly hasFailed: boolean;
  /** People who signed that they saw another history of this sitting. */
  readonly contradicts: readonly string[];
  /** Add to the own clock for that of the chair, ms. */
  readonly offset: number;
}

type SaidAct = Extract<Heard, { readonly type: 'said' }>;

/** The formal sitting of a group: hears acts, verifies and applies them in the log's order, says one's own, and tells who comes what was before. */
export class SittingSession {
  readonly state = new Store<SittingView>({ sitting: null, self: null, isCatchingUp: false, isBusy: false, hasFailed: false, contradicts: [], offset: 0 });
  readonly #group: SittingGroup;
  readonly #random: RandomBytes;
  readonly #clock: Clock;
  readonly #gatherer = new PieceGatherer();
  #statement: SignedStatement | null = null;
  #hall: Hall | null = null;
  #generation = 0;
  #log: SittingLog | null = null;
  #through = 0;
  /** Certificates of one's own leaf and of all leaves. */
  #own: string | null = null;
  #people: ReadonlySet<string> = new Set();
  /** Heard while the history is awaited. */
  #early: SaidAct[] | null = [];
  /** How many acts newcomers are to be told, and the way not to. */
  #owed: { readonly count: number; readonly cancel: () => void } | null = null;
  #patience: (() => void) | null = null;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(group: SittingGroup, random: RandomBytes, clock: Clock) {
    this.#group = group;
    this.#random = random;
    this.#clock = clock;
  }

  /** Listens until the function that is given back is called. */
  open(): () => void {
    const unfollow = this.#group.state.subscribe(() => this.#follow());
    this.#follow();
    const unhear = this.#group.listen(['sitting', 'sittingHistory'], heard => this.#next(() => this.#hear(heard)));
    return () => {
      unhear();
      unfollow();
      this.#settle();
      this.#patience?.();
    };
  }

  /** Says an act; what becomes of it the log tells. */
  act(act: SittingAct): void {
    void this.#next(async () => {
      await this.#enterHall();
      const log = this.#log;
      if (log === null || (this.#early !== null && log.state !== null)) return this.#set({ hasFailed: true });
      const isOpening = act.type === 'open';
      const fresh = isOpening ? await emptyLog(this.#hall!) : log;
      const bytes = encodeAct({
        sitting: isOpening ? hex(this.#random(16)) : log.sitting, at: this.#clock.now(), seen: fresh.heads.length - 1, head: fresh.heads[fresh.heads.length - 1]!, act,
      });
      if (bytes === null) return this.#set({ hasFailed: true });
      this.#set({ isBusy: true, hasFailed: false });
      this.#group.command({ type: 'say', content: { type: 'sitting', act: bytes, signature: new Uint8Array() } });
    });
  }

  /** The chair fixes the minutes as they stand. */
  fix(): void {
    void this.#next(async () => {
      const state = this.#log?.state ?? null;
      if (state !== null) this.act({ type: 'fix', minutes: await minutesHash(state) });
    });
  }

  /** The signed record, when all that was heard so far is taken; null without a sitting. */
  record(): Promise<SittingRecord | null> {
    return this.#next(() => this.#record());
  }

  async #record(): Promise<SittingRecord | null> {
    const log = this.#log;
    const { statement, meetingId } = this.#group;
    if (log === null || log.state === null || statement === null) return null;
    return recordOf({ meetingId, generation: this.#generation, statement }, log.records, log.heads[log.heads.length - 1]!, log.state);
  }

  #next<T>(run: () => Promise<T>): Promise<T> {
    const next = this.#tail.then(run);
    this.#tail = next.catch(() => undefined);
    return next;
  }

  #follow(): void {
    const view = this.#group.state.value.view;
    if (view === null) return;
    if (view.phase === 'closed') this.#settle();
    const own = view.members.find(member => member.leaf === view.ownLeaf);
    if (view.phase !== 'active' || own === undefined) return;
    if (own.party !== this.state.value.self) this.#set({ self: own.party });
    const people = new Set(view.members.map(member => member.certificate));
    if (own.certificate !== this.#own || view.generation !== this.#generation) this.#arrive(view.generation, own.certificate);
    else if ([...people].some(certificate => !this.#people.has(certificate))) this.#owe();
    this.#people = people;
  }

  /** A new leaf heard nothing from before: somebody who was there tells. */
  #arrive(generation: number, own: string): void {
    if (generation !== this.#generation) {
      this.#hall = null;
      this.#log = null;
      this.#through = 0;
      this.#early = [];
      this.#set({ sitting: null });
    }
    this.#generation = generation;
    this.#own = own;
    this.#early ??= [];
    this.#set({ isCatchingUp: this.#log?.state != null });
    this.#patience?.();
    this.#patience = this.#clock.after(patience, () => void this.#next(() => this.#goOn()));
  }

  async #goOn(): Promise<void> {
    this.#patience?.();
    const early = this.#early ?? [];
    this.#early = null;
    this.#set({ isCatchingUp: false });
    for (const heard of early) if (heard.entry > this.#through) await this.#take(heard);
  }

  async #hear(heard: Heard): Promise<void> {
    const { content } = heard;
    if (heard.type === 'unsaid') {
      if (content.type === 'sitting') this.#set({ isBusy: false, hasFailed: true });
      return;
    }
    if (heard.generation !== this.#generation || !await this.#enterHall()) return;
    if (content.type === 'sittingHistory') return this.#gather(content);
    if (content.type !== 'sitting') return;
    const isOpening = heard.by.role !== 'participant' && parseAct(content.act)?.act.type === 'open';
    // Whoever is there when a sitting is called needs no history.
    if (this.#early !== null && isOpening && this.#log!.state === null) await this.#goOn();
    if (this.#early !== null) this.#early = [...this.#early, heard].slice(-earlyMaximum);
    else await this.#take(heard);
  }

  async #take(heard: SaidAct): Promise<void> {
    const { by, chain, entry, isOwn, content } = heard;
    const { act, signature } = content as Extract<SittingContent, { readonly type: 'sitting' }>;
    const record: ActRecord = { entry, role: by.role, isNamed: by.name !== null, chain, act, signature };
    const appended = await appendAct(this.#log!, record, this.#hall!);
    if (isOwn) this.#set({ isBusy: false, hasFailed: typeof appended === 'string' && appended !== 'duplicate' });
    if (typeof appended === 'string') return;
    this.#log = appended.log;
    this.#through = entry;
    const sitting = appended.log.state!;
    const isNew = appended.log.records.length === 1;
    const contradicts = isNew ? [] : this.state.value.contradicts;
    this.#set({
      sitting, contradicts: appended.agrees || contradicts.includes(by.party) ? contradicts : [...contradicts, by.party],
      ...(by.party === chairOf(sitting) && !isOwn ? { offset: parseAct(act)!.at - this.#clock.now() } : isOwn ? { offset: 0 } : {}),
    });
  }

  async #gather(content: Extract<SittingContent, { readonly type: 'sittingHistory' }>): Promise<void> {
    const whole = await this.#gatherer.take(content);
    const history = whole === null ? null : parseHistory(whole);
    if (history === null) return;
    const own = this.#log!;
    if (this.#early === null) {
      // Others told who came what we would have said.
      const isTrue = history.records.every(({ signature }, index) => equal(signature, own.records[index]?.signature ?? new Uint8Array()));
      if (this.#owed !== null && isTrue && history.records.length >= this.#owed.count) this.#settle();
      return;
    }
    const log = await replay(history.records, this.#hall!);
    if (log === null || log.state === null) return;
    // What one has seen oneself cannot become otherwise.
    const extendsOwn = own.state === null || log.heads[own.heads.length - 1] === own.heads[own.heads.length - 1];
    if (!extendsOwn && own.sitting === log.sitting) return;
    this.#log = log;
    this.#through = history.through;
    this.#set({ sitting: log.state });
    await this.#goOn();
  }

  /** Newcomers are to hear the history: from the chair, or else from whoever is next. */
  #owe(): void {
    const view = this.#group.state.value.view!;
    const log = this.#log;
    const state = log?.state ?? null;
    if (log === null || state === null || this.#early !== null) return;
    const rank = (leaf: number, role: string, person: string) => (person === chairOf(state) ? -2 : role === 'participant' ? leaf + 1_000 : leaf);
    const order = view.members.filter(({ certificate }) => this.#people.has(certificate))
      .sort((a, b) => rank(a.leaf, a.role, a.party) - rank(b.leaf, b.role, b.party));
    const place = order.findIndex(member => member.leaf === view.ownLeaf);
    this.#settle();
    this.#owed = { count: log.records.length, cancel: this.#clock.after(200 + place * turn, () => void this.#next(() => this.#tell())) };
  }

  #settle(): void {
    this.#owed?.cancel();
    this.#owed = null;
  }

  async #tell(): Promise<void> {
    this.#owed = null;
    const log = this.#log;
    if (log === null || log.state === null || this.#early !== null) return;
    for (const piece of await piecesOf(encodeHistory({ through: this.#through, records: log.records })) ?? []) {
      this.#group.command({ type: 'say', content: { type: 'sittingHistory', ...piece } });
    }
  }

  /** The statement and the generation say under which names acts stand. */
  async #enterHall(): Promise<boolean> {
    if (this.#hall !== null) return true;
    const { statement: bytes, meetingId } = this.#group;
    if (bytes === null || this.#generation === 0) return false;
    this.#statement ??= await accepted(bytes, meetingId);
    if (this.#statement === null) return false;
    const { hash, identityRoots } = this.#statement;
    this.#hall = { groupId: groupIdOf(hash, this.#generation), statementHash: hash, identities: new Identities(identityRoots) };
    this.#log = await emptyLog(this.#hall);
    return true;
  }

  #set(change: Partial<SittingView>): void {
    this.state.update(state => ({ ...state, ...change }));
  }
}

/** The worker has compared it with the link before there was a group. */
async function accepted(bytes: Bytes, meetingId: string): Promise<SignedStatement | null> {
  const statement = await acceptStatement(bytes, meetingId, await sha256(bytes));
  return typeof statement === 'string' ? null : statement;
}
