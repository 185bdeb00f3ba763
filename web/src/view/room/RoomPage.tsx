import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { markPhase } from '../../media/timings';
import type { Stay } from '../../session/stay';
import { kindOf } from '../../e2ee/link';
import { roomBadge } from '../../state/encryption';
import { meetingUrl } from '../../state/meetingLink';
import { useStore } from '../../state/store';
import { useMediaKeys } from '../parts/mediaKeys';
import type { RoomActions } from './model';
import { RoomView } from './RoomView';
import { SoundOutputs } from './SoundOutputs';
import { useSpeaking } from './useSpeaking';

/** The room of a stay. */
export default function RoomPage({ stay }: { stay: Stay }) {
  const { t } = useTranslation();
  const { session, local } = stay;
  const room = useStore(session.room);
  const media = useStore(local.state);
  const peer = useStore(session.peer);
  const [problem, setProblem] = useState<string | null>(null);
  const speaking = useSpeaking(session, media.microphone.on ? media.microphone.track : null);
  useMediaKeys(local);

  const actions = useMemo<RoomActions>(() => ({
    setOn: (kind, on) => void local.setOn(kind, on),
    chooseDevice: (kind, id) => void local.choose(kind, id),
    chooseSpeaker: id => local.chooseSpeaker(id),
    shareScreen: () => void local.shareScreen().then(found => setProblem(found === null ? null : t('room.screenUnavailable'))),
    stopScreen: () => local.stopScreen(),
    setView: view => session.setView(view),
    frameShown: () => markPhase('first-frame-decoded'),
    retryNow: () => session.retryNow(),
    leave: () => void session.leave(),
    end: () => void session.end(),
    encryption: null,
  }), [session, local, t]);

  return (
    <RoomView
      model={{
        room,
        local: media,
        meetingUrl: meetingUrl(location.origin, session.meetingId),
        kind: kindOf(session.meetingId),
        badge: roomBadge(kindOf(session.meetingId), null),
        encryption: null,
        speaking,
        videoOf: binding => peer.current?.seats[binding.seat]?.video ?? null,
      }}
      actions={actions}
      problem={problem}
      sound={<SoundOutputs session={session} speakerId={media.speakerId} />}
    />
  );
}
