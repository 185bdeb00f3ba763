import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { markPhase } from '../../media/timings';
import type { Stay } from '../../session/stay';
import '../../i18n/encryption';
import type { GroupSession, GroupState } from '../../session/groupSession';
import { encryptionView, roomBadge, type EncryptionActions, type EncryptionView, type TileProof } from '../../state/encryption';
import type { Roster } from '../../state/roster';
import { useStore } from '../../state/store';
import { useMediaKeys } from '../parts/mediaKeys';
import type { RoomActions } from './model';
import { RoomView } from './RoomView';
import { SoundOutputs } from './SoundOutputs';
import { useSitting } from './sitting/useSitting';
import { useConversation } from './useConversation';
import { useGroup } from './useGroup';
import { useSpeaking } from './useSpeaking';

/** The room of a stay. */
export default function RoomPage({ stay }: { stay: Stay }) {
  const { t } = useTranslation();
  const { session, local } = stay;
  const room = useStore(session.room);
  const group = useGroup(session.group);
  const { session: talk, conversation } = useConversation(session.group);
  const sitting = useSitting(session.group);
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
    encryption: session.group === null ? null : actionsOf(session.group),
    conversation: talk === null ? null : {
      say: text => talk.say(text),
      retry: id => talk.retry(id),
      discard: id => talk.discard(id),
      raiseHand: raised => talk.raiseHand(raised),
      see: () => talk.see(),
    },
    sitting: sitting.actions,
  }), [session, local, talk, sitting.actions, t]);
  const encryption = useMemo(() => viewOf(session.group, group, room.roster), [session, group, room.roster]);

  return (
    <RoomView
      model={{
        room,
        local: media,
        meetingUrl: stay.url,
        kind: stay.link.kind,
        badge: roomBadge(stay.link.kind, encryption),
        encryption,
        conversation,
        sitting: sitting.view,
        speaking,
        videoOf: binding => peer.current?.seats[binding.seat]?.video ?? null,
      }}
      actions={actions}
      problem={problem}
      sound={<SoundOutputs session={session} speakerId={media.speakerId} />}
    />
  );
}

function actionsOf(group: GroupSession): EncryptionActions {
  return {
    admit: ids => ids.forEach(participantId => group.command({ type: 'admit', participantId, role: 'participant' })),
    deny: participantId => group.command({ type: 'deny', participantId }),
    remove: leaf => group.command({ type: 'remove', leaf }),
    setRole: (leaf, role) => group.command({ type: 'setRole', leaf, role }),
    confirmGuest: leaf => group.command({ type: 'confirmGuest', leaf }),
    confirmCode: roster => group.command({ type: 'confirmCode', roster }),
    comeBack: () => group.command({ type: 'comeBack' }),
  };
}

function viewOf(group: GroupSession | null, state: GroupState | null, roster: Roster | null): EncryptionView | null {
  if (group === null || state?.view == null) return null;
  const leafOf = new Map<string, number>();
  const proofs = new Map<string, TileProof>();
  for (const { id } of roster?.participants ?? []) {
    const leaf = group.leafOf(id);
    const proof = group.proofOf(id);
    if (leaf !== null) leafOf.set(id, leaf);
    if (proof !== null) proofs.set(id, proof);
  }
  return encryptionView(state.view, { codes: state.codes, leafOf, proofs });
}
