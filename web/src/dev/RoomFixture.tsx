import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alarm, Badge } from '../e2ee/mls/badge';
import type { ScreenSurface } from '../media/screenCapture';
import type { Participant } from '../signaling/contract';
import { conversationReducer } from '../state/conversation';
import { initialRoom, type RoomState } from '../state/room';
import type { RoomActions } from '../view/room/model';
import { RoomView } from '../view/room/RoomView';
import type { EncryptionActions, PauseCause } from '../state/encryption';
import { localState, paint } from './devices';
import { moderationOf, noModeration, rightsOf } from './moderation';
import { breakOutOn, breakoutOf } from './breakout';
import { conversationOf, saysMore, talkOn } from './conversation';
import { sitOn, sittingOf } from './sitting';
import { reactionsOf, togetherOn } from './together';
import { encryptionOf, names, type EncryptionScene } from './people';
import { talkOf, talkOnFixture } from './talk';

/**
 * A room of synthetic people: /dev/room?n=9&state=waiting&screen=1&self=off. No server, no devices. Its encryption is a scene:
 * badge=verified&alarms=fork,memberConflict:2&pause=silence&knocks=3&role=participant&marked=1&generation=2&receivers=4, changed by what is pressed
 * and by the event `fixture` with a part of a scene, or says=2 for so many messages; badge=broadcast has none. hands=2,0 are up; chat=many|few|none|unsaid is what was said, and what
 * is written there is said at once. own=coHost|participant|observer is one's own rank; asked=1 asks one to speak, asks=1 has somebody ask to share, frozen=1, locks=microphones,chat,
 * notice=muted. reactions=1:clap,2:heart float, spotlight=2 is on the stage of all, screen=2 so many share theirs. talk=polls,captions,uploads is what else people do.
 * share=monitor|window|browser is what one shares oneself, which reaches all but the last, fault=ownTab|blocked|system|busy|failed why one does not. sitting=gathering|session|vote|closed is a formal sitting, which leaf 0 chairs; as=4: seen by leaf 4.
 * breakout=open|inside|called|closing|choose|founding|returned: rooms beside this one.
 */
export default function RoomFixture() {
  const { t } = useTranslation();
  const query = new URLSearchParams(location.search);
  const fault = query.get('fault');
  const count = Math.max(1, Number(query.get('n') ?? '3'));
  const state = query.get('state');
  const model = useMemo(() => {
    const participants = Array.from({ length: count }, (_, index) => person(index, Number(query.get('screen') ?? '0')));
    const room: RoomState = {
      ...initialRoom,
      phase: 'inMeeting',
      self: 'p0',
      roster: { meetingId: 'fixture', kind: 'encrypted', revision: 1, startedAt: 0, participants, videoCodecs: ['vp8'] },
      seats: {
        seats: participants.slice(1).flatMap((participant, index) => [
          { seat: index, participantId: participant.id, source: 'camera' as const, pause: index === 4 ? 'bandwidth' as const : 'none' as const },
          ...(participant.media.screen ? [{ seat: 48 + index, participantId: participant.id, source: 'screen' as const, pause: 'none' as const }] : []),
        ]),
        voices: [],
      },
      delivery: participants.slice(1, -1).map(({ id }) => id),
      speakers: count > 1 ? ['p1'] : [],
      signaling: state === 'waiting' ? { state: 'waiting', retryAt: Date.now() + 7_000, attempt: 2, cause: 'network' } : { state: 'connected' },
      media: state === 'restarting' ? 'restarting' : 'connected',
    };
    const streams = new Map<number, MediaStream>();
    const own = query.get('self') === 'off' ? null : paint(0, false).getVideoTracks()[0]!;
    return {
      room,
      local: localState(own, query.get('share') as ScreenSurface | null),
      meetingUrl: `${location.origin}/m/rGk2h9QXwq0Tz5bV1nLc8fYd#Jm0r6cW8s3N1pVx2Zt7QyB5aHf4uKeLd9GoIiRkTnXw`,
      speaking: new Set(count > 1 ? ['p1'] : []),
      videoOf: (binding: { seat: number }) => {
        if (!streams.has(binding.seat)) streams.set(binding.seat, paint(binding.seat + 1, binding.seat >= 48));
        return streams.get(binding.seat)!;
      },
    };
    // The query never changes while the page lives.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [count, state]);
  const [scene, setScene] = useState(() => sceneOf(query, count));
  const [conversation, setConversation] = useState(() => conversationOf(query.get('chat') ?? 'none'));
  const [talk, setTalk] = useState(() => talkOf(query.get('talk') ?? '', encryptionOf(sceneOf(query, count)).members));
  const [sitting, setSitting] = useState(() => sittingOf(query.get('sitting') ?? 'none', Number(query.get('as') ?? '0')));
  const [breakout, setBreakout] = useState(() => {
    const { members, ownLeaf } = encryptionOf(sceneOf(query, count));
    return breakoutOf(query.get('breakout') ?? 'none', members, ownLeaf);
  });
  useEffect(() => {
    const change = (event: Event) => {
      const { says = 0, ...scene } = (event as CustomEvent<Partial<EncryptionScene> & { says?: number }>).detail;
      setScene(before => ({ ...before, ...scene }));
      setConversation(before => Array.from({ length: says }, (_, index) => saysMore(index)).reduce(conversationReducer, before));
    };
    addEventListener('fixture', change);
    return () => removeEventListener('fixture', change);
  }, []);
  const [reactions, setReactions] = useState(() => reactionsOf(query.get('reactions') ?? ''));
  const isBroadcast = scene.badge === 'broadcast';
  const encryption = useMemo(() => (isBroadcast ? null : encryptionOf(scene)), [isBroadcast, scene]);
  const badge = scene.badge;
  const actions = useMemo<RoomActions>(() => ({
    ...noActions, encryption: isBroadcast ? null : actionsOn(setScene), conversation: isBroadcast ? null : talkOn(setConversation, setScene), moderation: isBroadcast ? null : noModeration,
    together: isBroadcast ? null : togetherOn(setReactions, setScene), talk: isBroadcast ? null : talkOnFixture(setTalk, encryption!.members), sitting: isBroadcast ? null : sitOn(setSitting),
    breakout: isBroadcast ? null : breakOutOn(setBreakout),
  }), [isBroadcast, encryption]);
  const told = isBroadcast ? { conversation: null, moderation: null, talk: null, sitting: null, breakout: null } : { conversation, talk, sitting, breakout, moderation: moderationOf(query, model.room) };
  return (
    <RoomView
      model={{ ...model, ...told, badge, reactions, kind: isBroadcast ? 'openBroadcast' : 'encrypted', encryption }}
      actions={actions}
      problem={fault === null ? null : t(`sharing.${fault}Fault`)}
      sound={null}
    />
  );
}

function sceneOf(query: URLSearchParams, count: number): EncryptionScene {
  return {
    count,
    badge: (query.get('badge') ?? 'encrypted') as Badge,
    alarms: (query.get('alarms') ?? '').split(',').filter(text => text !== '').map(text => {
      const [kind, leaf] = text.split(':');
      return { kind: kind as Alarm['kind'], leaf: leaf === undefined ? null : Number(leaf) };
    }),
    pause: query.get('pause') as PauseCause | null,
    knocks: Number(query.get('knocks') ?? '0'),
    notice: query.get('told'),
    isAdmitting: query.has('admitting'),
    ownRole: (query.get('role') ?? 'host') as EncryptionScene['ownRole'],
    epoch: 1,
    people: 1,
    isMarked: query.get('marked') === '1',
    generation: Number(query.get('generation') ?? '1'),
    receivers: Number(query.get('receivers') ?? String(count)),
    spotlight: query.has('spotlight') ? Number(query.get('spotlight')) : null,
    hands: (query.get('hands') ?? '').split(',').filter(text => text !== '').map(Number),
  };
}

function actionsOn(change: (step: (scene: EncryptionScene) => EncryptionScene) => void): EncryptionActions {
  return {
    admit: ids => change(scene => ({ ...scene, knocks: Math.max(0, scene.knocks - ids.length) })),
    deny: ids => change(scene => ({ ...scene, knocks: Math.max(0, scene.knocks - ids.length) })),
    tellWaiting: notice => {
      change(scene => ({ ...scene, notice }));
      return Promise.resolve('none');
    },
    remove: () => change(scene => ({ ...scene, epoch: scene.epoch + 1, people: scene.people + 1 })),
    setRole: () => change(scene => ({ ...scene, epoch: scene.epoch + 1, people: scene.people + 1 })),
    handOver: () => change(scene => ({ ...scene, ownRole: 'coHost', epoch: scene.epoch + 1, people: scene.people + 1 })),
    confirmGuest: () => change(scene => ({ ...scene, epoch: scene.epoch + 1 })),
    confirmCode: () => change(scene => ({ ...scene, badge: 'verified' })),
    comeBack: () => change(scene => ({ ...scene, badge: 'paused', pause: 'comingBack', alarms: [] })),
  };
}

const noActions: Omit<RoomActions, 'encryption' | 'conversation' | 'moderation' | 'together' | 'talk' | 'sitting' | 'breakout'> = {
  setOn: () => undefined, chooseDevice: () => undefined, chooseSpeaker: () => undefined, setEffect: () => undefined,
  shareScreen: () => undefined, hintScreen: () => undefined, stopScreen: () => undefined,
  setView: () => undefined, frameShown: () => undefined, retryNow: () => undefined, leave: () => undefined, end: () => undefined,
};

function person(index: number, screens: number): Participant {
  return {
    id: `p${index}`,
    displayName: names[index % names.length]! + (index >= names.length ? ` ${Math.floor(index / names.length) + 1}` : ''),
    role: index === 0 ? 'host' : 'participant',
    media: { microphone: index % 3 !== 2, camera: index % 4 !== 2, screen: index >= 1 && index <= screens, screenAudio: false },
    connection: index === 7 ? 'reconnecting' : 'connected',
    joinedAt: index,
    rights: rightsOf(index),
  };
}
