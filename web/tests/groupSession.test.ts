import { beforeEach, describe, expect, it } from 'vitest';
import { EncryptionClient, type EncryptionObserver, type WorkerLike } from '../src/e2ee/client';
import type { MemberView } from '../src/e2ee/mls/memberTypes';
import type { FromWorker, NetworkAction, NetworkEvent, ToWorker } from '../src/e2ee/protocol';
import { GroupSession } from '../src/session/groupSession';
import { MeetingSession } from '../src/session/meetingSession';
import type { GroupHub, KnockResult, MediaState } from '../src/signaling/contract';
import { FakePeer, FakeServer, ManualClock, participantOf, settle } from './fakes';

const meetingId = 'rGk2h9QXwq0Tz5bV1nLc8fYd';
const media: MediaState = { microphone: false, camera: true, screen: false, screenAudio: false };
const keyPackage = Uint8Array.of(1, 2, 3);

/** A worker of which only the messages are there. */
class FakeWorker implements WorkerLike {
  readonly posted: ToWorker[] = [];
  isTerminated = false;
  #listener: (event: MessageEvent<FromWorker>) => void = () => undefined;
  #crash: () => void = () => undefined;

  postMessage(message: ToWorker): void {
    this.posted.push(message);
    if (message.type === 'ask') this.say({ type: 'answer', number: message.number, answer: null });
  }

  terminate(): void {
    this.isTerminated = true;
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    if (type === 'message') this.#listener = listener as (event: MessageEvent<FromWorker>) => void;
    if (type === 'error') this.#crash = listener as () => void;
  }

  say(message: FromWorker): void {
    this.#listener({ data: message } as MessageEvent<FromWorker>);
  }

  act(action: NetworkAction): void {
    this.say({ type: 'action', action });
  }

  crash(): void {
    this.#crash();
  }

  get events(): NetworkEvent[] {
    return this.posted.flatMap(message => (message.type === 'event' ? [message.event] : []));
  }

  types(): string[] {
    return this.events.map(event => event.type);
  }
}

const view = (change: Partial<MemberView>): MemberView => ({
  phase: 'active', closed: null, generation: 1, epoch: 1n, ownLeaf: 1, members: [], hands: [], spotlight: null, knocks: [], facts: null, alarms: [],
  counter: { present: 1, keys: 1, receivers: 1 }, badge: 'encrypted', ...change,
});

let clock: ManualClock;
let server: FakeServer;
let worker: FakeWorker;
let group: GroupSession;
let session: MeetingSession;
let knockAnswers: KnockResult[];
let asked: { method: string; argument: unknown }[];
let statementAnswers: (Uint8Array<ArrayBuffer> | null | 'unreachable')[];

const head = { generation: 1, epoch: 0, entry: 0, at: 5 };
const knocked = (state: KnockResult['state']): KnockResult => ({ error: 'none', message: null, self: 'k1', state, group: head });

beforeEach(() => {
  clock = new ManualClock();
  server = new FakeServer();
  FakePeer.made = [];
  knockAnswers = [knocked('waiting')];
  asked = [];
  statementAnswers = [Uint8Array.of(9)];
  const note = <T>(method: string, answer: () => T) => (argument: unknown) => {
    asked.push({ method, argument });
    return Promise.resolve(answer());
  };
  server.group = {
    ...server.group,
    knock: note('knock', () => knockAnswers.shift() ?? knocked('waiting')),
    foundGroup: note('foundGroup', () => ({ error: 'none', message: null, verdict: 'accepted', group: head })),
    admit: note('admit', () => ({ error: 'none', message: null })),
    readLog: note('readLog', () => ({ error: 'none', message: null, fault: 'none', entries: [], group: { ...head, entry: 4 } })),
    removeMember: note('removeMember', () => ({ error: 'none', message: null })),
  } as unknown as GroupHub;
  worker = new FakeWorker();
  group = new GroupSession({ kind: 'encrypted', meetingId, statementHash: new Uint8Array(32) }, {
    clock, mark: () => undefined,
    statements: { get: () => Promise.resolve(statementAnswers.shift() ?? null) },
    welcomes: { put: () => Promise.resolve('w1'), get: (_, id) => Promise.resolve(id === 'w1' ? Uint8Array.of(7) : null) },
    start: (observer: EncryptionObserver) => ({ client: new EncryptionClient(worker, observer), post: () => undefined }),
  });
  session = new MeetingSession(meetingId, { connect: server.connect, clock, createPeer: observer => new FakePeer(observer), mark: () => undefined, group });
});

async function knock(): Promise<void> {
  session.prepare();
  await settle();
  await session.join('Budi', media);
  worker.act({ type: 'knock', keyPackage, ticket: null });
  await settle();
}

async function enter(): Promise<void> {
  await knock();
  server.hub.client.welcomed({ generation: 1, epoch: 1, entry: 3, leaf: 1, welcome: 'Bw', welcomeId: null });
  await settle();
  worker.say({ type: 'view', view: view({}) });
  await settle();
}

describe('the way in', () => {
  it('opens the link in the worker, and nothing is asked of the meeting before that', async () => {
    session.prepare();
    await settle();
    expect(worker.posted).toEqual([]);
    expect(asked).toEqual([]);
    await session.join('Budi', media);
    await settle();
    expect(worker.posted[0]).toMatchObject({ type: 'open', meetingId, identity: { type: 'guest', name: 'Budi' } });
    expect(worker.events).toContainEqual({ type: 'statement', bytes: Uint8Array.of(9) });
    expect(worker.types()).toContain('connected');
    expect(server.calls).toEqual([]);
  });

  it('asks for the statement again while the server cannot be reached', async () => {
    statementAnswers = ['unreachable', 'unreachable', Uint8Array.of(9)];
    session.prepare();
    await session.join('Budi', media);
    await settle();
    expect(worker.types()).not.toContain('statement');
    await clock.advance(4_000);
    expect(worker.types()).toContain('statement');
  });

  it('knocks, waits, and joins media only when a commit has added the leaf', async () => {
    await knock();
    expect(asked).toEqual([{ method: 'knock', argument: { meetingId, displayName: 'Budi', keyPackage: 'AQID', ticket: null, institution: null } }]);
    expect(worker.events).toContainEqual({ type: 'knockAnswered', state: 'waiting', generation: 1, at: 5 });
    expect(server.of('join')).toEqual([]);
    server.hub.client.welcomed({ generation: 1, epoch: 1, entry: 3, leaf: 1, welcome: 'Bw', welcomeId: null });
    await settle();
    expect(server.of('join')).toHaveLength(1);
    expect(worker.events).toContainEqual({ type: 'welcomed', generation: 1, entry: 3, welcome: Uint8Array.of(7) });
    expect(session.room.value.phase).toBe('inMeeting');
    expect(group.state.value.hasEntered).toBe(false);
    worker.say({ type: 'view', view: view({}) });
    expect(group.state.value.hasEntered).toBe(true);
  });

  it('fetches a Welcome that is too long for the socket', async () => {
    await knock();
    server.hub.client.welcomed({ generation: 1, epoch: 1, entry: 3, leaf: 1, welcome: null, welcomeId: 'w1' });
    await settle();
    expect(worker.events).toContainEqual({ type: 'welcomed', generation: 1, entry: 3, welcome: Uint8Array.of(7) });
  });

  it('joins media as soon as a group is founded', async () => {
    knockAnswers = [knocked('foundGroup')];
    await knock();
    worker.act({ type: 'foundGroup', expectedGeneration: 0, groupId: Uint8Array.of(4), keyPackage });
    await settle();
    expect(worker.events).toContainEqual({ type: 'foundAnswered', verdict: 'accepted' });
    expect(server.of('join')).toHaveLength(1);
  });

  it('knocks once more when the server had no time, with the same key package', async () => {
    knockAnswers = [{ ...knocked(null), error: 'tooManyRequests', self: null, group: null }, knocked('waiting')];
    await knock();
    expect(worker.types()).not.toContain('knockAnswered');
    await clock.advance(3_000);
    expect(worker.types()).toContain('knockAnswered');
    expect(asked).toHaveLength(2);
  });

  it('tells that the meeting is over', async () => {
    knockAnswers = [{ ...knocked(null), error: 'meetingEnded', self: null, group: null }];
    await knock();
    expect(session.room.value).toMatchObject({ phase: 'over', over: 'meetingEnded' });
  });
});

describe('a lost socket', () => {
  it('while waiting takes up the place in the lobby before the machine knocks anew', async () => {
    await knock();
    server.hub.drop();
    await clock.advance(5_000);
    expect(server.of('resume')).toEqual([{ meetingId, participantId: 'k1', offer: null }]);
    expect(worker.types().filter(type => type === 'connected' || type === 'disconnected')).toEqual(['connected', 'disconnected', 'connected']);
  });

  it('in the meeting resumes the place and lets the machine read the log', async () => {
    await enter();
    server.hub.drop();
    await clock.advance(5_000);
    expect(server.of('resume')).toHaveLength(1);
    expect(worker.types().slice(-1)).toEqual(['connected']);
    worker.act({ type: 'readLog', generation: 1, after: 3 });
    await settle();
    expect(worker.events).toContainEqual({ type: 'logRead', entries: [], last: 4, at: 5 });
  });

  it('that cost the place makes the machine come back as a new leaf, in the same room', async () => {
    await enter();
    server.forgetful = true;
    server.hub.drop();
    await clock.advance(5_000);
    expect(worker.types()).toContain('outOfStep');
    worker.act({ type: 'knock', keyPackage, ticket: null });
    await settle();
    server.hub.client.welcomed({ generation: 1, epoch: 2, entry: 5, leaf: 2, welcome: 'Bw', welcomeId: null });
    await settle();
    expect(server.of('join')).toHaveLength(2);
    expect(session.room.value.phase).toBe('inMeeting');
  });
});

describe('in the meeting', () => {
  it('tells the machine who is there, who is away and how many receivers there are', async () => {
    await enter();
    server.participants = [
      { ...participantOf('self', media, 'Budi'), leaf: 1 }, { ...participantOf('p2', media, 'Sari'), leaf: 0, connection: 'reconnecting' },
    ];
    server.hub.client.meetingChanged({ revision: ++server.revision, upserted: server.participants, removed: [], videoCodecs: null, red: null });
    server.hub.client.receiversChanged(2);
    expect(worker.events.slice(-1)).toEqual([{ type: 'presence', present: 2, away: new Set([0]), receivers: 2 }]);
  });

  it('takes news of receivers that overtake the answer to a resume for newer than it', async () => {
    await enter();
    server.participants = [{ ...participantOf('self', media, 'Budi'), leaf: 1 }];
    server.onResume = client => client.receiversChanged(3);
    server.hub.drop();
    await clock.advance(5_000);
    expect(worker.events.filter(event => event.type === 'presence').slice(-1)).toMatchObject([{ receivers: 3 }]);
  });

  it('names the participant of a leaf that shall go', async () => {
    await enter();
    server.participants = [{ ...participantOf('self', media, 'Budi'), leaf: 1 }, { ...participantOf('p2', media, 'Sari'), leaf: 0 }];
    server.hub.client.meetingChanged({ revision: ++server.revision, upserted: server.participants, removed: [], videoCodecs: null, red: null });
    worker.act({ type: 'removeMember', leaf: 0, removal: Uint8Array.of(5) });
    worker.act({ type: 'removeMember', leaf: 9, removal: Uint8Array.of(5) });
    await settle();
    expect(asked.filter(({ method }) => method === 'removeMember')).toEqual([{ method: 'removeMember', argument: { participantId: 'p2', removal: 'BQ' } }]);
  });

  it('alarms where a tile carries the frames of another than the server says, and takes it back', async () => {
    await enter();
    server.participants = [{ ...participantOf('self', media, 'Budi'), leaf: 1 }, { ...participantOf('p2', media, 'Sari'), leaf: 0 }];
    server.hub.client.meetingChanged({ revision: ++server.revision, upserted: server.participants, removed: [], videoCodecs: null, red: null });
    server.hub.client.seatsChanged({ seats: [{ seat: 0, participantId: 'p2', source: 'camera', pause: 'none' }], voices: [] });
    await clock.advance(1_500);
    worker.say({ type: 'slots', changes: [{ slot: 'seat-0-video', leaf: 3, epoch: 1n }] });
    expect(worker.events.slice(-1)).toEqual([{ type: 'noticed', alarm: { kind: 'tileMismatch', leaf: 0 }, isOver: false }]);
    expect([group.proofOf('p2'), group.leafOf('p2')]).toEqual(['mismatch', 3]);
    worker.say({ type: 'slots', changes: [{ slot: 'seat-0-video', leaf: 0, epoch: 1n }] });
    expect(worker.events.slice(-1)).toEqual([{ type: 'noticed', alarm: { kind: 'tileMismatch', leaf: 0 }, isOver: true }]);
  });

  it('keeps what is said until the room listens, in its order', async () => {
    await enter();
    const by = { leaf: 0, person: '00', party: 'a0', certificate: '00', name: 'Sari', organization: '', isGuest: true, isConfirmed: false, role: 'host', byOrganization: false, isMarked: false } as const;
    const said = (entry: number) => ({ type: 'said', generation: 1, entry, by, isOwn: false, chain: [], content: { type: 'chat', id: new Uint8Array(16), text: `kata ${entry}` } }) as const;
    worker.say(said(4));
    worker.say(said(5));
    const heard: unknown[] = [];
    const end = group.listen(['chat', 'hand'], one => heard.push(one));
    worker.say({ type: 'unsaid', content: { type: 'hand', raised: true, since: 0 } });
    expect(heard).toEqual([said(4), said(5), { type: 'unsaid', content: { type: 'hand', raised: true, since: 0 } }]);
    end();
    worker.say(said(6));
    group.listen(['hand'], one => heard.push(one));
    expect(heard).toHaveLength(3);
    group.listen(['chat'], one => heard.push(one));
    expect(heard.slice(3)).toEqual([said(6)]);
  });

  it('closes everything when the machine closes', async () => {
    await enter();
    worker.say({ type: 'view', view: view({ phase: 'closed', closed: 'removed', badge: 'none' }) });
    expect(worker.isTerminated).toBe(true);
    expect(FakePeer.made.every(peer => peer.closed)).toBe(true);
  });

  it('closes everything when the worker fails: nothing is sent without it', async () => {
    await enter();
    worker.crash();
    expect(group.state.value.hasFailed).toBe(true);
    expect(FakePeer.made.every(peer => peer.closed)).toBe(true);
  });
});
