import { describe, expect, it } from 'vitest';
import { ModerationSession } from '../src/session/moderation';
import type { MediaCut, MediaState, MeetingControls, MuteCause, Participant, ParticipantRights } from '../src/signaling/contract';
import { chatLocksOf, isGranted, moderationActsOn, moderationView, refusalOf, stopped, type Device } from '../src/state/moderation';
import { initialRoom, type RoomState } from '../src/state/room';
import { Store } from '../src/state/store';
import { FakeServer, settle, silent } from './fakes';

const free: MeetingControls = {
  microphonesLocked: false, camerasLocked: false, chatLocked: false, meetingLocked: false, frozen: false, sharing: 'granted', mutedFrom: 3, cameraOffFrom: 20, privateChat: 'everybody',
};
const plain: ParticipantRights = { standing: 'participant', muted: 'none', askedToUnmute: false, asksToShare: false };
const all: MediaState = { microphone: true, camera: true, screen: true, screenAudio: true };

function person(change: Partial<Participant> = {}, rights: Partial<ParticipantRights> = {}): Participant {
  return { id: 'p', displayName: 'Budi', role: 'participant', media: all, connection: 'connected', joinedAt: 0, rights: { ...plain, ...rights }, ...change };
}

function room(own: Participant, controls: MeetingControls | null = free, others: Participant[] = []): RoomState {
  return {
    ...initialRoom, phase: 'inMeeting', self: own.id,
    roster: { meetingId: 'm', kind: 'encrypted', revision: 1, startedAt: 0, participants: [own, ...others], videoCodecs: ['vp8'], controls },
  };
}

describe('what may be on', () => {
  it('is what the server would say', () => {
    const refusals = (controls: Partial<MeetingControls>, who = person()) =>
      (['microphone', 'camera', 'screen'] as const).map(device => refusalOf(device, who, { ...free, ...controls }));
    expect(refusals({})).toEqual([null, null, 'sharingNotGranted']);
    expect(refusals({}, person({}, { standing: 'presenter' }))).toEqual([null, null, null]);
    expect(refusals({ sharing: 'everybody' })).toEqual([null, null, null]);
    expect(refusals({ sharing: 'moderators' }, person({}, { standing: 'presenter' }))).toEqual([null, null, 'sharingLocked']);
    expect(refusals({ microphonesLocked: true, camerasLocked: true })).toEqual(['microphonesLocked', 'camerasLocked', 'sharingNotGranted']);
    expect(refusals({ frozen: true })).toEqual(['frozen', 'frozen', 'frozen']);
    expect(refusals({}, person({}, { standing: 'observer' }))).toEqual(['observer', 'observer', 'observer']);
    for (const role of ['host', 'coHost'] as const) expect(refusals({ frozen: true, microphonesLocked: true, sharing: 'moderators' }, person({ role }))).toEqual([null, null, null]);
  });

  it('leaves the chat to who may write', () => {
    const view = (controls: Partial<MeetingControls>, who = person()) => moderationView(room(who, { ...free, ...controls }), null);
    const locks = (controls: Partial<MeetingControls>, own?: Participant) => Object.values(chatLocksOf(view(controls, own)));
    expect(locks({})).toEqual([null, null, null]);
    expect(locks({ chatLocked: true })).toEqual(['locked', 'locked', null]);
    expect(locks({ frozen: true, privateChat: 'nobody' })).toEqual(['frozen', 'frozen', 'frozen']);
    expect(locks({ privateChat: 'moderators' })).toEqual([null, 'moderatorsOnly', null]);
    expect(locks({ chatLocked: true, privateChat: 'nobody' })).toEqual(['locked', 'notPrivately', 'notPrivately']);
    expect(locks({}, person({}, { standing: 'observer' }))).toEqual(['observer', 'observer', 'observer']);
    expect(locks({ chatLocked: true, frozen: true, privateChat: 'nobody' }, person({ role: 'coHost' }))).toEqual([null, null, null]);
    expect(moderationView(room(person(), null), null)).toBeNull();
  });
});

describe('acts on people', () => {
  it('go down the ranks only, and never unmute', () => {
    const host = person({ id: 'h', role: 'host' });
    const coHost = person({ id: 'c', role: 'coHost' });
    expect(moderationActsOn(person({ id: 'q' }), person(), free)).toEqual([]);
    expect(moderationActsOn(coHost, host, free)).toEqual([]);
    expect(moderationActsOn(host, host, free)).toEqual([]);
    expect(moderationActsOn(host, coHost, free)).toEqual(['mute', 'stopShare']);
    expect(moderationActsOn(host, person(), free)).toEqual(['mute', 'stopShare', 'makePresenter', 'makeObserver']);
    expect(moderationActsOn(coHost, person({ media: silent }, { standing: 'presenter' }), free)).toEqual(['askToUnmute', 'makeParticipant', 'makeObserver']);
    expect(moderationActsOn(coHost, person({ media: silent }), { ...free, microphonesLocked: true })).toEqual(['makePresenter', 'makeObserver']);
  });
});

describe('the server\'s word about oneself', () => {
  const muted = (cause: MuteCause) => person({ media: { ...all, microphone: false } }, { muted: cause });

  it('stops a device that it has switched off, and not one that the person has', () => {
    expect(stopped(person(), muted('moderator'), free, 2)).toEqual([{ device: 'microphone', what: 'muted' }]);
    expect(stopped(person(), muted('none'), free, 2)).toEqual([]);
    expect(stopped(muted('moderator'), muted('moderator'), free, 2)).toEqual([]);
    expect(stopped(person(), person({ media: { ...all, camera: false } }), free, 2)).toEqual([]);
    expect(stopped(person(), person({ media: { ...all, camera: false } }), { ...free, camerasLocked: true }, 2)).toEqual([{ device: 'camera', what: 'camerasLocked' }]);
    expect(stopped(person({}, { standing: 'presenter' }), person({ media: { ...all, screen: false } }, { standing: 'presenter' }), free, 2)).toEqual([{ device: 'screen', what: 'shareStopped' }]);
    expect(stopped(person(), person({ media: silent }, { muted: 'moderator' }), { ...free, frozen: true }, 2).map(({ device, what }) => [device, what]))
      .toEqual([['microphone', 'frozen'], ['camera', 'frozen'], ['screen', 'frozen']]);
  });

  it('counts whole for who comes in, by another leaf too', () => {
    const entering = person({ media: silent }, { muted: 'entry' });
    const told = [{ device: 'microphone', what: 'enteredMuted' }, { device: 'camera', what: 'enteredUnseen' }, { device: 'screen', what: 'sharingNotGranted' }];
    expect(stopped(null, entering, free, 20)).toEqual(told);
    expect(stopped(person({ id: 'before' }), entering, free, 20)).toEqual(told);
    // A device that was still being opened is off in a small meeting only because of that.
    const opening = person({ media: silent }, { standing: 'presenter' });
    expect(stopped(null, opening, free, 2)).toEqual([]);
    expect(stopped(null, opening, free, 3)).toEqual([{ device: 'microphone', what: 'enteredMuted' }]);
    expect(stopped(null, { ...opening, role: 'coHost' }, free, 30)).toEqual([]);
    expect(stopped(null, person({ media: silent }, { muted: 'moderator', standing: 'presenter' }), free, 2)).toEqual([{ device: 'microphone', what: 'muted' }]);
  });

  it('tells who asked that he may share', () => {
    expect(isGranted(person({}, { asksToShare: true }), person({}, { standing: 'presenter' }))).toBe(true);
    expect(isGranted(person({}, { asksToShare: true }), person())).toBe(false);
    expect(isGranted(person(), person({}, { standing: 'presenter' }))).toBe(false);
  });
});

describe('a session under moderation', () => {
  function meet(own = person({}, { standing: 'presenter' })) {
    const on = new Set<Device>(['microphone', 'camera', 'screen']);
    const switched: Device[] = [];
    const server = new FakeServer();
    const hub = server.connect({} as never, () => undefined);
    const told = new Store(room(own));
    const cuts = new Store<readonly MediaCut[]>([]);
    const session = new ModerationSession({
      room: told, cuts, hub: () => hub, isOn: device => on.has(device),
      switchOff: device => {
        on.delete(device);
        switched.push(device);
      },
    });
    return { session, server, hub, told, cuts, switched, close: session.open() };
  }

  it('only ever switches devices off', async () => {
    const { session, told, switched, close } = meet();
    expect(switched).toEqual([]);
    told.set(room(person({ media: { ...all, microphone: false } }, { muted: 'moderator', standing: 'presenter' })));
    expect(switched).toEqual(['microphone']);
    expect(session.notice.value).toEqual({ id: 1, what: 'muted' });
    told.set(room(person({}, { standing: 'presenter', askedToUnmute: true })));
    told.set(room(person({}, { standing: 'presenter' }), { ...free, frozen: false }));
    expect(switched).toEqual(['microphone']);
    close();
    told.set(room(person({ media: silent }, { muted: 'moderator' }), { ...free, frozen: true }));
    expect(switched).toEqual(['microphone']);
  });

  it('takes the server\'s no to a wish', () => {
    const { session, cuts, switched } = meet();
    cuts.set([{ source: 'screen', reason: 'sharingNotGranted' }, { source: 'screenAudio', reason: 'sharingNotGranted' }]);
    expect(switched).toEqual(['screen']);
    expect(session.notice.value?.what).toBe('sharingNotGranted');
  });

  it('asks what a moderator wants, on the socket in use', async () => {
    const { session, server, hub } = meet();
    session.moderate('mute', 'p');
    await hub.start();
    session.moderate('muteAll', null);
    session.setControls({ frozen: true });
    session.askToShare(true);
    session.declineUnmute();
    await settle();
    expect(server.of('moderate')).toEqual([{ act: 'muteAll', participantId: null }]);
    expect(server.of('setControls')).toEqual([{ frozen: true }]);
    expect(server.of('askToShare')).toEqual([true]);
    expect(server.calls.filter(({ method }) => method === 'declineUnmute')).toHaveLength(1);
  });
});
