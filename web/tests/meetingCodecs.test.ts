import { beforeEach, describe, expect, it } from 'vitest';
import { MeetingSession } from '../src/session/meetingSession';
import type { MediaState, NegotiateRequest } from '../src/signaling/contract';
import { FakePeer, FakeServer, ManualClock, settle } from './fakes';

const media: MediaState = { microphone: false, camera: true, screen: false, screenAudio: false };

let clock: ManualClock;
let server: FakeServer;
let session: MeetingSession;

beforeEach(() => {
  clock = new ManualClock();
  server = new FakeServer();
  FakePeer.made = [];
  session = new MeetingSession('m', { connect: server.connect, clock, createPeer: observer => new FakePeer(observer), mark: () => undefined, group: null });
});

const peer = (): FakePeer => FakePeer.made[FakePeer.made.length - 1]!;

async function inMeeting(): Promise<void> {
  session.prepare();
  await settle();
  await session.join('Budi', media);
  await settle();
  peer().become('connected');
  await settle();
}

describe('codecs', () => {
  it('are switched on the connection that is there, without a negotiation', async () => {
    await inMeeting();
    server.hub.client.codecsChanged(['vp8', 'vp9']);
    await settle();
    expect(peer().codecs).toEqual([['vp8', 'vp9']]);
    expect(server.of('negotiate')).toHaveLength(0);
  });

  it('are negotiated again on the same connection where the browser cannot switch', async () => {
    await inMeeting();
    peer().switchesCodecs = false;
    server.hub.client.codecsChanged(['vp8']);
    await settle();
    expect(FakePeer.made).toHaveLength(1);
    expect(server.of('negotiate')).toHaveLength(1);
    expect((server.of('negotiate')[0] as NegotiateRequest)).toMatchObject({ fresh: false, offer: { sdp: 'offer 1.2' } });
  });

  it('that overtook the answer are switched after it', async () => {
    session.prepare();
    await settle();
    server.hub.client.codecsChanged(['vp8']);
    await settle();
    await session.join('Budi', media);
    await settle();
    expect(peer().codecs).toEqual([['vp8']]);
    expect(server.of('negotiate')).toHaveLength(0);
  });

  it('of an earlier connection mean nothing to a fresh one, whose answer says what to send', async () => {
    await inMeeting();
    server.hub.client.codecsChanged(['vp8']);
    server.hub.client.mediaFailed('lost');
    await clock.advance(100);
    expect(FakePeer.made).toHaveLength(2);
    expect(peer().codecs).toEqual([]);
  });
});

describe('redundant audio', () => {
  it('is switched on the connection as the server says', async () => {
    await inMeeting();
    const [peer] = FakePeer.made;
    expect(peer!.redundancy).toBeNull();
    server.hub.client.redundancyChanged(true);
    expect(peer!.redundancy).toBe(true);
    server.hub.client.redundancyChanged(false);
    expect(peer!.redundancy).toBe(false);
    expect(server.of('negotiate')).toHaveLength(0);
  });
});
