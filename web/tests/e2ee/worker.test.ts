import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FrameDigest } from '../../src/e2ee/frames/digest';
import { hex, type Bytes } from '../../src/e2ee/mls/bytes';
import { sha256 } from '../../src/e2ee/mls/hashing';
import type { MemberCommand, MemberEvent, MemberView } from '../../src/e2ee/mls/memberTypes';
import { createDeviceKey, verify, type SigningKey } from '../../src/e2ee/mls/signing';
import { acceptStatement } from '../../src/e2ee/mls/statement';
import type { Answers, FromWorker, Question, ToWorker } from '../../src/e2ee/protocol';
import { WorkerHost, type FrameSink } from '../../src/e2ee/workerHost';
import { encode } from '../../src/e2ee/mls/codec';
import { randomBytes, start, type Meeting } from './people';
import { Scene } from './scene';
import { SimulatedServer, type Peer } from './server';
import type { World } from './world';

vi.setConfig({ testTimeout: 60_000 });

/** Keys as the frames get them. */
class FakeFrames implements FrameSink {
  readonly baseKeys: Bytes[] = [];
  readonly digests: FrameDigest[] = [];
  readonly held = new Set<bigint>();
  readonly counts = { sent: 0, received: 0, dropped: {} };
  sending: bigint | null = null;

  addEpoch(epoch: bigint, baseKey: Uint8Array): void {
    if (this.held.has(epoch)) throw new Error('The epoch is held already.');
    this.held.add(epoch);
    this.baseKeys.push(baseKey.slice());
  }

  sendAs(_: number, epoch: bigint): void {
    if (!this.held.has(epoch)) throw new Error('The epoch is not held.');
    this.sending = epoch;
  }

  stopSending(): void {
    this.sending = null;
  }

  retireEpoch(epoch: bigint): void {
    this.held.delete(epoch);
  }

  setLeaves(): void {}

  acceptDigest(_: number, digest: FrameDigest): void {
    this.digests.push(digest);
  }
}

/** A page with its worker: all that the worker says is kept, as everything that leaves it. */
class Page implements Peer {
  isOnline = true;
  isAsleep = false;
  knowsRoots = true;
  readonly frames = new FakeFrames();
  readonly heard: FromWorker[] = [];
  readonly drawn: Bytes[] = [];
  readonly host: WorkerHost;
  view: MemberView | null = null;
  server: SimulatedServer | null = null;
  #number = 0;

  private constructor(readonly world: World, readonly name: string, readonly key: SigningKey, readonly person: Peer['person']) {
    this.host = new WorkerHost({
      frames: this.frames,
      store: { deviceKey: async () => key, pinRoots: async () => this.knowsRoots },
      random: length => {
        const bytes = randomBytes(length);
        this.drawn.push(bytes.slice());
        return bytes;
      },
      chance: world.chance,
      now: () => world.now,
      today: () => start + world.now,
      after: (milliseconds, run) => {
        let isOver = false;
        world.later(milliseconds, async () => {
          if (!isOver) await run();
        });
        return () => { isOver = true; };
      },
      post: message => this.#post(message),
    });
  }

  static async create(world: World, name: string): Promise<Page> {
    const { key } = await createDeviceKey();
    const device = await sha256(key.publicKey);
    return new Page(world, name, key, { name, own: { deviceKey: key, account: { guestName: name } }, device, party: { type: 'device', device } });
  }

  say(message: ToWorker): Promise<void> {
    return this.host.handle(structuredClone(message));
  }

  async ask<T extends Question>(question: T): Promise<Answers[T['type']]> {
    const number = ++this.#number;
    await this.say({ type: 'ask', number, question });
    const answer = this.heard.find(message => message.type === 'answer' && message.number === number);
    if (answer?.type !== 'answer') throw new Error('no answer');
    return answer.answer as Answers[T['type']];
  }

  async open(server: SimulatedServer, meeting: Pick<Meeting, 'meetingId' | 'hash' | 'bytes'>): Promise<void> {
    this.server = server;
    await this.say({ type: 'open', meetingId: meeting.meetingId, fragment: meeting.hash, identity: { type: 'guest', name: this.name } });
    await this.receive({ type: 'statement', bytes: meeting.bytes });
    server.connected(this);
    await this.receive({ type: 'connected' });
  }

  command(command: MemberCommand): Promise<void> {
    return this.say({ type: 'command', command });
  }

  async receive(event: MemberEvent): Promise<void> {
    if (event.type === 'command' || event.type === 'time' || event.type === 'digestReady') throw new Error('not from the server');
    await this.say({ type: 'event', event });
  }

  #post(message: FromWorker): void {
    this.heard.push(structuredClone(message));
    if (message.type === 'view') this.view = message.view;
    if (message.type === 'action') this.server?.post(this, message.action);
  }
}

/** Every byte string within a value. */
function* bytesIn(value: unknown): Generator<Uint8Array> {
  if (value instanceof Uint8Array) yield value;
  else if (value instanceof Map) for (const inner of value.values()) yield* bytesIn(inner);
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* bytesIn(inner);
}

let world: World;
let meeting: Meeting;
let server: SimulatedServer;
let a: Page;
let b: Page;

beforeEach(async () => {
  ({ world } = await Scene.create());
  a = await Page.create(world, 'Retno');
  b = await Page.create(world, 'Budi');
  const founded = await a.ask({
    type: 'found', identity: { type: 'guest', name: 'Retno' }, at: start,
    wish: { label: 'biasa', labelRank: 0, guestsAllowed: true, recordingAllowed: false, succession: 'anybody', membersMaximum: 100, coHosts: [], identityRoots: [randomBytes(32)] },
  });
  const statement = await acceptStatement(founded.statement, founded.meetingId, founded.statementHash);
  if (typeof statement === 'string') throw new Error(statement);
  meeting = { meetingId: founded.meetingId, bytes: founded.statement, hash: founded.statementHash, statement };
  server = new SimulatedServer(world, meeting);
});

async function together(): Promise<void> {
  await a.open(server, meeting);
  await world.until('the founding', () => a.view?.phase === 'active');
  await b.open(server, meeting);
  await world.until('the knock', () => (a.view?.knocks.length ?? 0) > 0);
  await a.command({ type: 'admit', participantId: a.view!.knocks[0]!.participantId, role: 'participant' });
  await world.until('both are in', () => b.view?.phase === 'active' && a.view!.members.length === 2 && a.frames.sending === b.frames.sending);
}

describe('the worker', () => {
  it('founds, enters and talks', async () => {
    await together();
    expect(a.view).toMatchObject({ badge: 'encrypted', members: [{ name: 'Retno', role: 'host' }, { name: 'Budi' }] });
    expect(a.frames.baseKeys.at(-1)).toEqual(b.frames.baseKeys.at(-1));
    await b.command({ type: 'say', content: { type: 'chat', id: new Uint8Array(16), text: 'halo' } });
    await world.until('the message', () => a.heard.some(message => message.type === 'said'));
    expect(await a.ask({ type: 'codes' })).toEqual(await b.ask({ type: 'codes' }));
  });

  it('gives out no key, no seed and nothing that it drew in secret', async () => {
    await together();
    await a.command({ type: 'remove', leaf: 1 });
    await world.run(60_000);
    const secrets = [a, b].flatMap(page => [...page.frames.baseKeys, ...page.drawn.filter(bytes => bytes.length >= 32)]).map(hex);
    expect(secrets.length).toBeGreaterThan(6);
    const out = [a, b].flatMap(page => page.heard.flatMap(message => [...bytesIn(message)].map(hex)));
    for (const secret of secrets) expect(out.some(bytes => bytes.includes(secret))).toBe(false);
  });

  it('carries files from page to page, while their keys cross from worker to worker alone', async () => {
    await together();
    const [id, file, plain] = [randomBytes(16), randomBytes(16), randomBytes(1_000)];
    const ciphertext = await a.ask({ type: 'sealFile', id, file: new Blob([plain]) });
    const none = new Uint8Array();
    await a.command({ type: 'say', content: { type: 'file', id, file, name: 'berkas.pdf', size: plain.length, key: none, hash: none } });
    await world.until('the file', () => b.heard.some(message => message.type === 'said') && a.heard.some(message => message.type === 'said'));
    for (const page of [a, b]) expect(page.heard.find(message => message.type === 'said')).toMatchObject({ content: { type: 'file', name: 'berkas.pdf', key: none, hash: none } });
    const opened = await b.ask({ type: 'openFile', file, ciphertext });
    expect(new Uint8Array(await (opened as Blob).arrayBuffer())).toEqual(plain);
    const keys = a.drawn.filter(bytes => bytes.length === 32).map(hex);
    const out = [a, b].flatMap(page => page.heard.flatMap(message => [...bytesIn(message)].map(hex)));
    for (const key of keys) expect(out.some(bytes => bytes.includes(key))).toBe(false);
    await b.say({ type: 'close' });
    expect(await b.ask({ type: 'openFile', file, ciphertext })).toBe('broken');
  });

  it('proves that it holds its device key', async () => {
    const accountId = randomBytes(16);
    const { deviceKey, proof } = await a.ask({ type: 'device', accountId, at: start });
    const request = encode(writer => writer.fixed(accountId).fixed(deviceKey).uint64(start));
    expect(await verify(deviceKey, 'device', request, proof)).toBe(true);
    expect(deviceKey).toEqual(a.key.publicKey);
  });

  it('signs digests of its frames, and hears those of others', async () => {
    await together();
    const digest = { epoch: 1n, keyId: 1n, firstCounter: 0n, tags: randomBytes(200) };
    await a.host.digestReady(digest);
    await world.until('the digest', () => b.frames.digests.length > 0);
    expect(b.frames.digests).toEqual([digest]);
    const signal = a.heard.findLast(message => message.type === 'action' && message.action.type === 'sendSignal');
    if (signal?.type !== 'action' || signal.action.type !== 'sendSignal') throw new Error('no signal');
    const forged = signal.action.signal.slice();
    forged[80] = forged[80]! ^ 1;
    await b.receive({ type: 'signalReceived', bytes: forged });
    await b.receive({ type: 'signalReceived', bytes: signal.action.signal });
    expect(b.frames.digests).toHaveLength(1);
  });

  it('warns of an identity authority that it did not meet before', async () => {
    b.knowsRoots = false;
    await together();
    expect(b.view).toMatchObject({ badge: 'attention', alarms: [{ kind: 'rootsChanged' }] });
    expect(a.view).toMatchObject({ badge: 'encrypted', alarms: [] });
  });

  it('holds no key and sends nothing after it is closed, and counts another generation anew', async () => {
    await together();
    await b.say({ type: 'close' });
    expect(b.frames.sending).toBeNull();
    expect(b.frames.held.size).toBe(0);
    // The host alone, as a new leaf: the next generation begins at epoch 0 again.
    b.isOnline = false;
    server.disconnected(b);
    await a.command({ type: 'comeBack' });
    await world.until('generation 2', () => a.view?.generation === 2 && a.view.phase === 'active');
    expect(a.frames.sending).toBe(0n);
  });

  it('stops everything when it fails, and says no more than that', async () => {
    await together();
    a.frames.addEpoch = () => { throw new TypeError('secret in here'); };
    await a.command({ type: 'comeBack' });
    await world.run(5_000);
    expect(a.heard.at(-1)).toEqual({ type: 'failed', name: 'TypeError' });
    expect(a.frames.sending).toBeNull();
  });
});
