import { EncryptionClient, type WorkerLike } from '../../src/e2ee/client';
import { decryptFrame, encryptFrame } from '../../src/e2ee/frames/frameCipher';
import { FrameKeyStore } from '../../src/e2ee/frames/keys';
import { utf8, type Bytes } from '../../src/e2ee/mls/bytes';
import type { MemberCommand, MemberEvent, MemberView } from '../../src/e2ee/mls/memberTypes';
import type { FromWorker, SpokenIdentity, ToWorker } from '../../src/e2ee/protocol';
import { WorkerHost } from '../../src/e2ee/workerHost';
import { GroupSession } from '../../src/session/groupSession';
import { MeetingSession } from '../../src/session/meetingSession';
import type { Clock } from '../../src/session/timing';
import { FakePeer, settle, silent } from '../fakes';
import { randomBytes, start, type Meeting, type Person } from './people';
import type { SimulatedServer } from './server';
import { Socket, type SocketOwner } from './socket';
import type { World } from './world';

const opus = { codec: 'opus', isKeyFrame: false } as const;

/** The product's worker without its thread: what it is told and says is copied, as between threads. */
class InProcessWorker implements WorkerLike {
  readonly keys: FrameKeyStore;
  isTerminated = false;
  /** How many messages it took, and when the last of them is done. */
  taken = 0;
  done: Promise<unknown> = Promise.resolve();
  readonly #host: WorkerHost;
  readonly #listeners = new Map<string, (event: never) => void>();

  /** @param later on virtual time, cancelled by what it gives back */
  constructor(world: World, person: Person, later: (milliseconds: number, run: () => Promise<void> | void) => () => void) {
    this.keys = new FrameKeyStore({ now: () => world.now, after: (milliseconds, run) => later(milliseconds, run) });
    const frames = this.keys;
    this.#host = new WorkerHost({
      frames: {
        addEpoch: (epoch, baseKey) => frames.addEpoch(epoch, baseKey),
        sendAs: (leaf, epoch, context) => frames.sendAs(leaf, epoch, context),
        stopSending: () => frames.stopSending(),
        retireEpoch: (epoch, at) => frames.retireEpoch(epoch, at),
        setLeaves: leaves => frames.setLeaves(leaves),
        acceptDigest: () => undefined,
        counts: { sent: 0, received: 0, dropped: {} },
      },
      store: { deviceKey: async () => person.own.deviceKey, pinRoots: async () => true },
      random: randomBytes,
      chance: world.chance,
      now: () => world.now,
      today: () => start + world.now,
      after: (milliseconds, run) => later(milliseconds, () => (this.isTerminated ? undefined : run())),
      post: message => this.#say(message),
    });
  }

  postMessage(message: ToWorker): void {
    if (this.isTerminated) return;
    this.taken++;
    this.done = this.#host.handle(structuredClone(message));
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, listener);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  /** The thread is gone, and the browser tells the page. */
  crash(): void {
    this.isTerminated = true;
    this.#listeners.get('error')!(undefined as never);
  }

  #say(message: FromWorker): void {
    if (!this.isTerminated) this.#listeners.get('message')!({ data: structuredClone(message) } as never);
  }
}

/**
 * A page of a browser: the product's own session, group, worker and frame keys on virtual time, before the simulated server. Only threads and the media
 * connection are not there.
 */
export class Tab implements SocketOwner {
  isOnline = false;
  isAsleep = false;
  readonly worker: InProcessWorker;
  readonly session: MeetingSession;
  readonly group: GroupSession;
  readonly #world: World;
  #socket: Socket | null = null;
  #peer: FakePeer | null = null;
  #isOffline = false;

  constructor(world: World, server: SimulatedServer, readonly person: Person, readonly meeting: Meeting) {
    this.#world = world;
    this.worker = new InProcessWorker(world, person, (milliseconds, run) => this.#later(milliseconds, run));
    const clock: Clock = { now: () => start + world.now, chance: world.chance, after: (milliseconds, run) => this.#later(milliseconds, run) };
    this.group = new GroupSession({ kind: 'encrypted', meetingId: meeting.meetingId, statementHash: meeting.hash }, {
      clock, mark: () => undefined,
      statements: { get: async () => meeting.bytes },
      welcomes: { put: async () => null, get: async () => null },
      start: observer => ({ client: new EncryptionClient(this.worker, observer), post: () => undefined }),
    });
    this.session = new MeetingSession(meeting.meetingId, {
      connect: (client, onClosed) => this.#socket = new Socket(world, server, this, client, onClosed, {
        isThere: () => !this.#isOffline, mediaConnected: () => this.#peer?.become('connected'),
      }),
      createPeer: observer => this.#peer = new FakePeer(observer),
      group: this.group, clock, mark: () => undefined,
    });
  }

  get view(): MemberView | null {
    return this.group.state.value.view;
  }

  /** Sends media and says so: in the room, with a worker, under a key. */
  get isSending(): boolean {
    return !this.worker.isTerminated && this.worker.keys.sending !== null && this.#peer?.closed === false;
  }

  async open(): Promise<void> {
    const { account } = this.person.own;
    const identity: SpokenIdentity = 'certificate' in account ? { type: 'account', certificate: account.certificate } : { type: 'guest', name: account.guestName };
    this.session.prepare();
    void this.session.join(this.person.name, silent, identity);
    await this.idle();
  }

  async command(command: MemberCommand): Promise<void> {
    this.group.command(command);
    await this.idle();
  }

  /** The worker's thread fails. */
  async crashWorker(): Promise<void> {
    this.worker.crash();
    await this.idle();
  }

  /** The socket breaks, the next one comes when `meanwhile` is over. @param limit longest time until it is there, ms */
  async loseSocket(limit: number, meanwhile: () => Promise<void>): Promise<void> {
    this.#isOffline = true;
    await this.#socket?.stop();
    await this.idle();
    await meanwhile();
    this.#isOffline = false;
    this.session.retryNow();
    await this.#world.until('a new socket', () => this.isOnline, limit);
  }

  async receive(event: MemberEvent): Promise<void> {
    this.#socket?.take(event);
    await this.idle();
  }

  /** What leaves this page of a frame of its microphone; or why nothing does. */
  async seal(sound: string): Promise<Bytes | string> {
    if (!this.isSending) return 'notSending';
    const sealed = await encryptFrame(this.worker.keys, opus, utf8(sound));
    return typeof sealed === 'string' ? sealed : sealed.data;
  }

  /** What this page hears of a frame; or why nothing. */
  async hear(frame: Bytes | string): Promise<string> {
    if (typeof frame === 'string') return frame;
    if (this.worker.isTerminated) return 'closed';
    const opened = await decryptFrame(this.worker.keys, opus, frame.slice());
    return typeof opened === 'string' ? opened : new TextDecoder().decode(opened.data);
  }

  /** Until neither page nor worker has anything to do. */
  async idle(): Promise<void> {
    for (;;) {
      const { taken } = this.worker;
      await this.worker.done;
      await settle();
      if (taken === this.worker.taken) return;
    }
  }

  #later(milliseconds: number, run: () => Promise<void> | void): () => void {
    let isOver = false;
    this.#world.later(milliseconds, async () => {
      if (isOver) return;
      await run();
      await this.idle();
    });
    return () => { isOver = true; };
  }
}
