import type { DeviceStore } from './deviceStore';
import { FileSafe, withoutKey } from './files/fileSafe';
import { foundBy, foundMeeting } from './founding';
import type { FrameDigest } from './frames/digest';
import type { FrameCounts } from './frames/transforms';
import { encode } from './mls/codec';
import type { OwnIdentity } from './mls/identity';
import { GroupMember } from './mls/member';
import type { FrameAction, MemberAction, MemberEvent } from './mls/memberTypes';
import type { RandomBytes } from './mls/suite';
import type { Answers, FromWorker, Question, SpokenIdentity, ToWorker } from './protocol';

/** What the frames do with keys: the calls of `FrameKeys`, and digests of others whose signature holds. */
export interface FrameSink {
  addEpoch(epoch: bigint, baseKey: Uint8Array): void;
  sendAs(leaf: number, epoch: bigint, context: number): void;
  stopSending(): void;
  retireEpoch(epoch: bigint, atMilliseconds: number): void;
  setLeaves(leaves: ReadonlySet<number>): void;
  acceptDigest(leaf: number, digest: FrameDigest): void;
  readonly counts: FrameCounts;
}

export interface WorkerPorts {
  readonly frames: FrameSink;
  readonly store: DeviceStore;
  readonly random: RandomBytes;
  /** Uniform in [0, 1). */
  readonly chance: () => number;
  /** A clock that never jumps, ms. */
  readonly now: () => number;
  /** ms since 1970, by the device. */
  readonly today: () => number;
  /** Calls back after so many ms; the function given back cancels it. */
  readonly after: (milliseconds: number, run: () => Promise<void>) => () => void;
  readonly post: (message: FromWorker) => void;
}

/** Longest timer, ms: longer ones overflow in browsers. */
const longestTimer = 0x7fffffff;

/** The worker without a browser: owns the keys and the machine, and gives out nothing but what {@link FromWorker} holds. */
export class WorkerHost {
  readonly #ports: WorkerPorts;
  readonly #files: FileSafe;
  #member: GroupMember | null = null;
  #cancel: () => void = () => undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #hasFailed = false;

  constructor(ports: WorkerPorts) {
    this.#ports = ports;
    this.#files = new FileSafe(ports.random);
  }

  /** Messages are taken one after another, but for files: the group does not wait for them. */
  handle(message: ToWorker): Promise<void> {
    if (message.type === 'ask' && (message.question.type === 'sealFile' || message.question.type === 'openFile')) return this.#reply(message.number, message.question);
    const run = this.#tail.then(() => this.#guarded(() => this.#take(message)));
    this.#tail = run;
    return run;
  }

  /** The frames made a digest of what was sent. */
  digestReady(digest: FrameDigest): Promise<void> {
    return this.#event({ type: 'digestReady', digest });
  }

  /** Frames of a leaf contradict what it says that it sent. */
  contradicted(leaf: number): Promise<void> {
    return this.#event({ type: 'noticed', alarm: { kind: 'frameContradiction', leaf } });
  }

  async #take(message: ToWorker): Promise<void> {
    const { now, today, random, chance } = this.#ports;
    switch (message.type) {
      case 'open':
        if (this.#member !== null) return;
        this.#member = new GroupMember({
          link: { kind: 'encrypted', meetingId: message.meetingId, statementHash: message.fragment },
          own: await this.#identityOf(message.identity), random, chance, clockOffset: today() - now(),
        });
        this.#show();
        break;
      case 'event':
        await this.#receive(message.event);
        if (message.event.type === 'statement') await this.#pinRoots();
        break;
      case 'command': {
        const { command } = message;
        return this.#receive({ type: 'command', command: command.type === 'say' ? { ...command, content: this.#files.outgoing(command.content) } : command });
      }
      case 'close':
        await this.#receive({ type: 'ended', reason: 'ended' });
        this.#cancel();
        this.#member = null;
        this.#files.clear();
        break;
      case 'ask': return this.#reply(message.number, message.question);
    }
  }

  async #reply(number: number, question: Question): Promise<void> {
    const answer = await this.#answer(question).catch(() => null);
    this.#ports.post({ type: 'answer', number, answer });
  }

  async #answer(question: Question): Promise<Answers[keyof Answers] | null> {
    switch (question.type) {
      case 'found': return foundMeeting(await this.#identityOf(question.identity), question.wish, question.at, this.#ports.random);
      case 'foundRoom': {
        const rules = this.#member?.roomRules(question.persons) ?? null;
        return rules === null ? null : foundBy(await this.#identityOf(question.identity), rules, question.at, this.#ports.random);
      }
      case 'device': {
        const key = await this.#ports.store.deviceKey();
        const request = encode(writer => writer.fixed(question.accountId).fixed(key.publicKey).uint64(Math.floor(question.at)));
        return { deviceKey: key.publicKey, proof: await key.sign('device', request) };
      }
      case 'counts': return this.#ports.frames.counts;
      case 'codes': return await this.#member?.codes() ?? null;
      case 'sealFile': return this.#files.seal(question.id, question.file);
      case 'openFile': return this.#files.open(question.file, question.ciphertext);
    }
  }

  /** An authority that was not there before is shown: names of accounts rest on it. */
  async #pinRoots(): Promise<void> {
    const roots = this.#member?.identityRoots ?? [];
    if (roots.length === 0 || await this.#ports.store.pinRoots(roots)) return;
    await this.#receive({ type: 'noticed', alarm: { kind: 'rootsChanged', leaf: null } });
  }

  async #identityOf(identity: SpokenIdentity): Promise<OwnIdentity> {
    const deviceKey = await this.#ports.store.deviceKey();
    return { deviceKey, account: identity.type === 'guest' ? { guestName: identity.name } : { certificate: identity.certificate } };
  }

  #event(event: MemberEvent): Promise<void> {
    const run = this.#tail.then(() => this.#guarded(() => this.#receive(event)));
    this.#tail = run;
    return run;
  }

  async #receive(event: MemberEvent): Promise<void> {
    const member = this.#member;
    if (member === null) return;
    let isChanged = false;
    for (const action of await member.receive(this.#ports.now(), event)) {
      if (action.type === 'changed') isChanged = true;
      else this.#act(action);
    }
    if (isChanged) this.#show();
    this.#setTimer();
  }

  #act(action: Exclude<MemberAction, { readonly type: 'changed' }>): void {
    switch (action.type) {
      case 'addEpoch':
      case 'sendAs':
      case 'stopSending':
      case 'retireEpoch':
      case 'setLeaves':
      case 'acceptDigest':
        return drive(this.#ports.frames, action);
      case 'said':
        return this.#ports.post(this.#files.told(action));
      case 'unsaid':
        return this.#ports.post({ ...action, content: withoutKey(action.content) });
      default:
        return this.#ports.post({ type: 'action', action });
    }
  }

  #show(): void {
    if (this.#member !== null) this.#ports.post({ type: 'view', view: this.#member.view(this.#ports.now()) });
  }

  #setTimer(): void {
    this.#cancel();
    this.#cancel = () => undefined;
    const now = this.#ports.now();
    const { at } = this.#member?.deadline(now) ?? { at: Number.POSITIVE_INFINITY };
    if (at === Number.POSITIVE_INFINITY) return;
    this.#cancel = this.#ports.after(Math.min(longestTimer, Math.max(0, at - now)), () => this.#event({ type: 'time' }));
  }

  /** A bug must not leave anything sending under a state that nobody understands. */
  async #guarded(run: () => Promise<void>): Promise<void> {
    if (this.#hasFailed) return;
    try {
      await run();
    } catch (error) {
      this.#hasFailed = true;
      this.#cancel();
      this.#ports.frames.stopSending();
      this.#ports.post({ type: 'failed', name: error instanceof Error ? error.name : 'unknown' });
    }
  }
}

function drive(frames: FrameSink, action: FrameAction): void {
  switch (action.type) {
    case 'addEpoch':
      frames.addEpoch(action.epoch, action.baseKey);
      // The frames have taken what they need.
      action.baseKey.fill(0);
      return;
    case 'sendAs': return frames.sendAs(action.leaf, action.epoch, action.context);
    case 'stopSending': return frames.stopSending();
    case 'retireEpoch': return frames.retireEpoch(action.epoch, action.at);
    case 'setLeaves': return frames.setLeaves(action.leaves);
    case 'acceptDigest': return frames.acceptDigest(action.leaf, action.digest);
  }
}
