import { beforeEach, describe, expect, it } from 'vitest';
import { MeetingSession } from '../src/session/meetingSession';
import type { JoinRequest, LayerDemand, MediaState, NegotiateRequest, ResumeRequest } from '../src/signaling/contract';
import { FakePeer, FakeServer, ManualClock, participantOf, settle, silent } from './fakes';

const media: MediaState = { microphone: false, camera: true, screen: false, screenAudio: false };

let clock: ManualClock;
let server: FakeServer;
let session: MeetingSession;
let marks: string[];

beforeEach(() => {
  clock = new ManualClock();
  server = new FakeServer();
  FakePeer.made = [];
  marks = [];
  session = new MeetingSession('m', {
    connect: server.connect, clock, createPeer: observer => new FakePeer(observer), mark: phase => marks.push(phase), group: null,
  });
});

const peer = (): FakePeer => FakePeer.made[FakePeer.made.length - 1]!;
const state = () => session.room.value;

async function inMeeting(): Promise<void> {
  session.prepare();
  await settle();
  await session.join('Budi', media);
  await settle();
  peer().become('connected');
  await settle();
}

function others(count: number): void {
  server.participants = [
    ...server.participants.filter(participant => participant.id === 'self'),
    ...Array.from({ length: count }, (_, index) => participantOf(`p${index}`, silent, `p${index}`, index + 1)),
  ];
}

function tellRoster(): void {
  server.hub.client.meetingChanged({ revision: ++server.revision, upserted: server.participants, removed: [], videoCodecs: null, red: null });
}

describe('joining', () => {
  it('makes socket and offer before the click, so that joining is one request', async () => {
    session.prepare();
    await settle();
    expect(server.hub.open).toBe(true);
    expect(peer().offers).toEqual([{ seats: 4, iceRestart: false }]);
    await session.join('Budi', media);
    expect(server.calls.map(call => call.method)).toEqual(['join']);
    expect((server.of('join')[0] as JoinRequest)).toMatchObject({ meetingId: 'm', displayName: 'Budi', media, offer: { sdp: 'offer 1.1' } });
    expect(peer().accepted).toEqual(['answer to offer 1.1']);
    expect(state().phase).toBe('inMeeting');
    expect(marks).toContain('signaling-answered');
  });

  it('waits for a server that is not there yet, and joins by itself when it comes', async () => {
    server.up = false;
    session.prepare();
    await settle();
    await session.join('Budi', media);
    expect(state().phase).toBe('joining');
    await clock.advance(20_000);
    expect(state().phase).toBe('joining');
    server.up = true;
    await clock.advance(4_000);
    expect(state().phase).toBe('inMeeting');
    expect(server.of('join')).toHaveLength(1);
  });

  it('stays in the lobby when refused, and can try again with the same offer', async () => {
    server.refuse.join = 'meetingFull';
    session.prepare();
    await settle();
    await session.join('Budi', media);
    expect(state()).toMatchObject({ phase: 'lobby', joinError: { code: 'meetingFull' } });
    server.refuse = {};
    await session.join('Budi', media);
    expect(state().phase).toBe('inMeeting');
  });

  it('joins on a new socket when the old one dies without an answer', async () => {
    session.prepare();
    await settle();
    const first = server.hub;
    first.join = () => new Promise(() => undefined);
    const join = session.join('Budi', media);
    await clock.advance(15_000);
    await join;
    expect(server.hub).not.toBe(first);
    expect(state().phase).toBe('inMeeting');
  });
});

describe('seats', () => {
  it('grow by one renegotiation when the people outnumber them', async () => {
    await inMeeting();
    others(4);
    tellRoster();
    await settle();
    expect(server.of('negotiate')).toHaveLength(0);
    others(12);
    tellRoster();
    tellRoster();
    await settle();
    const requests = server.of('negotiate') as NegotiateRequest[];
    expect(requests).toHaveLength(1);
    expect(requests[0]!.fresh).toBe(false);
    expect(requests[0]!.offer.plan.seats).toHaveLength(25);
    expect(session.peer.value.seats).toBe(25);
    expect(FakePeer.made).toHaveLength(1);
  });

  it('grow right after joining a large meeting', async () => {
    others(30);
    await inMeeting();
    expect((server.of('negotiate') as NegotiateRequest[]).map(request => request.offer.plan.seats.length)).toEqual([49]);
  });

  it('are negotiated again after the socket was lost in the middle', async () => {
    await inMeeting();
    let open = (): void => undefined;
    server.gate = new Promise(resolve => (open = resolve));
    others(6);
    tellRoster();
    await settle();
    server.hub.drop();
    open();
    server.gate = null;
    await settle();
    expect(peer().rollbacks).toBe(1);
    await clock.advance(3_000);
    expect(peer().accepted).toHaveLength(2);
    expect((server.of('negotiate').at(-1) as NegotiateRequest).offer.plan.seats).toHaveLength(9);
  });
});

describe('a lost socket', () => {
  it('is opened again, and the place resumed with the media untouched', async () => {
    await inMeeting();
    server.hub.drop();
    await settle();
    expect(state().signaling).toMatchObject({ state: 'waiting', cause: 'network' });
    await clock.advance(500);
    expect(server.of('resume')).toEqual([{ meetingId: 'm', participantId: 'self', offer: null }]);
    expect(state().signaling.state).toBe('connected');
    expect(FakePeer.made).toHaveLength(1);
  });

  it('is tried again for as long as it takes', async () => {
    await inMeeting();
    server.crash();
    await clock.advance(60 * 60_000);
    expect(server.hubs.length).toBeGreaterThan(300);
    server.up = true;
    await clock.advance(13_000);
    expect(state().signaling.state).toBe('connected');
  });

  it('comes back with a fresh media connection when the old one died meanwhile', async () => {
    await inMeeting();
    server.crash();
    peer().state = 'failed';
    server.up = true;
    await clock.advance(2_000);
    const [resume] = server.of('resume') as ResumeRequest[];
    expect(resume!.offer!.sdp).toBe('offer 2.1');
    expect(FakePeer.made[0]!.closed).toBe(true);
    expect(peer().accepted).toEqual(['answer to offer 2.1']);
  });

  it('joins anew under the same name, as muted as before, when the place is gone', async () => {
    await inMeeting();
    session.setMedia(silent);
    server.forgetful = true;
    server.hub.drop();
    await clock.advance(2_000);
    expect(server.of('join')).toHaveLength(2);
    expect(server.of('join')[1]).toMatchObject({ displayName: 'Budi', media: silent });
    expect(state().phase).toBe('inMeeting');
    expect(peer().accepted).toHaveLength(1);
  });

  it('ends the stay when the meeting has ended meanwhile', async () => {
    await inMeeting();
    server.refuse.resume = 'meetingEnded';
    server.hub.drop();
    await clock.advance(2_000);
    expect(state()).toMatchObject({ phase: 'over', over: 'meetingEnded' });
    expect(peer().closed).toBe(true);
  });

  it('says after the return what was muted while it was away', async () => {
    await inMeeting();
    server.crash();
    await settle();
    session.setMedia({ ...media, camera: false });
    server.up = true;
    await clock.advance(2_000);
    expect(server.of('setMedia').at(-1)).toEqual({ ...media, camera: false });
  });

  it('leaves off what the server has switched off, at the entry as after a return', async () => {
    server.cutsCamera = true;
    await inMeeting();
    expect(server.of('setMedia')).toEqual([]);
    server.hub.drop();
    await clock.advance(2_000);
    expect(server.of('setMedia')).toEqual([]);
    session.setMedia(silent);
    session.setMedia(media);
    await settle();
    expect(server.of('setMedia')).toEqual([silent, media]);
  });

  it('is opened at once when the person presses the button', async () => {
    await inMeeting();
    server.crash();
    await clock.advance(20_000);
    server.up = true;
    session.retryNow();
    await settle();
    expect(state().signaling.state).toBe('connected');
  });
});

describe('a server restart', () => {
  it('that was announced brings everything back by itself, on fresh media, within 10 s', async () => {
    await inMeeting();
    server.hub.client.serverStopping(1_500);
    server.crash();
    await settle();
    expect(state().signaling).toMatchObject({ state: 'waiting', cause: 'serverStopping' });
    await clock.advance(4_000);
    server.up = true;
    await clock.advance(6_000);
    expect(state().signaling.state).toBe('connected');
    expect((server.of('resume').at(-1) as ResumeRequest).offer).not.toBeNull();
    peer().become('connected');
    expect(state().media).toBe('connected');
  });

  it('that hangs after its announcement does not hold its clients for ever', async () => {
    await inMeeting();
    const first = server.hub;
    first.client.serverStopping(100);
    await clock.advance(16_000);
    expect(server.hub).not.toBe(first);
    expect(state().signaling.state).toBe('connected');
  });
});

describe('lost media', () => {
  it('that come back within 3 s cost nothing', async () => {
    await inMeeting();
    peer().become('disconnected');
    expect(state().media).toBe('interrupted');
    await clock.advance(2_900);
    peer().become('connected');
    await clock.advance(10_000);
    expect(server.of('negotiate')).toHaveLength(0);
    expect(state().media).toBe('connected');
  });

  it('are restarted by ICE, then by a fresh connection', async () => {
    await inMeeting();
    peer().become('disconnected');
    await clock.advance(3_000);
    expect(state().media).toBe('restarting');
    expect(peer().offers.at(-1)).toMatchObject({ iceRestart: true });
    await clock.advance(5_000);
    expect(FakePeer.made).toHaveLength(2);
    expect((server.of('negotiate') as NegotiateRequest[]).map(request => request.fresh)).toEqual([false, true]);
    peer().become('connected');
    expect(state().media).toBe('connected');
  });

  it('are replaced when the server says that they failed, tracks included', async () => {
    await inMeeting();
    const track = {} as MediaStreamTrack;
    session.setTracks({ microphone: track, camera: null, screen: null, screenAudio: null });
    server.hub.client.mediaFailed('gone');
    await settle();
    expect(FakePeer.made).toHaveLength(2);
    expect(peer().tracks.microphone).toBe(track);
    expect((server.of('negotiate')[0] as NegotiateRequest).fresh).toBe(true);
  });

  it('are tried again after a refusal', async () => {
    await inMeeting();
    server.refuse.negotiate = 'unavailable';
    server.hub.client.mediaFailed('gone');
    await settle();
    server.refuse = {};
    await clock.advance(3_000);
    expect(peer().accepted).toHaveLength(1);
  });

  it('of a connection that was replaced are no concern any more', async () => {
    await inMeeting();
    const old = peer();
    server.hub.client.mediaFailed('gone');
    await settle();
    peer().become('connected');
    old.become('failed');
    await clock.advance(10_000);
    expect(FakePeer.made).toHaveLength(2);
    expect(state().media).toBe('connected');
  });
});

describe('a missed revision', () => {
  it('is made good by asking for the whole', async () => {
    await inMeeting();
    others(2);
    server.revision = 9;
    server.hub.client.meetingChanged({ revision: 9, upserted: [], removed: [], videoCodecs: null, red: null });
    await settle();
    expect(state().roster).toMatchObject({ revision: 9 });
    expect(state().roster!.participants).toHaveLength(3);
    expect(state().needsResync).toBe(false);
  });
});

describe('layers that nobody watches', () => {
  const off: LayerDemand = { source: 'camera', wanted: false, rids: [] };

  it('are told to the connection that is there', async () => {
    await inMeeting();
    server.hub.client.layersWanted(off);
    expect(peer().demands).toEqual([off]);
  });

  it('are forgotten by a fresh connection, which hears of its own', async () => {
    await inMeeting();
    server.hub.client.layersWanted(off);
    server.hub.client.mediaFailed('lost');
    await clock.advance(100);
    expect(FakePeer.made).toHaveLength(2);
    expect(peer().demands).toEqual([]);
  });
});

describe('the view', () => {
  it('is told once it stands, once per change, and again after a return', async () => {
    await inMeeting();
    session.setView([{ participantId: 'a', source: 'camera', height: 90, pinned: false }]);
    session.setView([{ participantId: 'a', source: 'camera', height: 180, pinned: false }]);
    await clock.advance(200);
    session.setView([{ participantId: 'a', source: 'camera', height: 180, pinned: false }]);
    await clock.advance(200);
    expect(server.of('setView')).toEqual([[{ participantId: 'a', source: 'camera', height: 180, pinned: false }]]);
    server.hub.drop();
    await clock.advance(2_000);
    expect(server.of('setView')).toHaveLength(2);
  });
});

describe('rest', () => {
  it('is told at once, and again to a server that may not know it', async () => {
    await inMeeting();
    session.receiving.rest(true);
    session.receiving.rest(true);
    await settle();
    expect(server.of('rest')).toEqual([true]);
    server.hub.drop();
    await clock.advance(5_000);
    expect(server.of('rest')).toEqual([true, true]);
    session.receiving.rest(false);
    server.hub.drop();
    await clock.advance(5_000);
    expect(server.of('rest')).toEqual([true, true, false]);
  });
});

describe('the end', () => {
  it('by leaving tells the server and gives the media back', async () => {
    await inMeeting();
    await session.leave();
    expect(server.of('leave')).toHaveLength(1);
    expect(state()).toMatchObject({ phase: 'over', over: 'left' });
    expect(peer().closed).toBe(true);
    await clock.advance(60_000);
    expect(server.hubs).toHaveLength(1);
  });

  it('by the host is final: nothing connects again', async () => {
    await inMeeting();
    server.hub.client.ended('endedByHost');
    server.hub.drop();
    await clock.advance(60_000);
    expect(state()).toMatchObject({ phase: 'over', over: 'endedByHost' });
    expect(server.hubs).toHaveLength(1);
  });
});
