import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { markPhase } from '../../media/timings';
import type { Stay } from '../../session/stay';
import '../../i18n/encryption';
import { toBase64Url } from '../../e2ee/mls/bytes';
import { rememberLink } from '../../session/knownLinks';
import type { GroupSession, GroupState } from '../../session/groupSession';
import type { ReactionSession } from '../../session/reactions';
import { encryptionView, roomBadge, type EncryptionActions, type EncryptionView, type TileProof } from '../../state/encryption';
import { moderationView } from '../../state/moderation';
import type { Roster } from '../../state/roster';
import { useStore } from '../../state/store';
import type { RoomActions, TogetherActions } from './model';
import { useModeration } from './moderation/useModeration';
import { preferInRoom, roomPreferences } from './roomPreferences';
import { RoomView } from './RoomView';
import { SoundOutputs } from './SoundOutputs';
import { useSitting } from './sitting/useSitting';
import { useConversation } from './useConversation';
import { useGroup } from './useGroup';
import { useReactions } from './useReactions';
import { useSpeaking } from './useSpeaking';
import { useTalk } from './useTalk';

/** The room of a stay. */
export default function RoomPage({ stay }: { stay: Stay }) {
  const { t } = useTranslation();
  const { session, local } = stay;
  const moderation = useModeration(stay);
  const room = useStore(session.room);
  const group = useGroup(session.group);
  const { session: talk, conversation } = useConversation(session.group);
  const { session: reacting, reactions } = useReactions(session.group);
  const further = useTalk(session.group, talk, stay.link.meetingId);
  const sitting = useSitting(session.group);
  const media = useStore(local.state);
  const { dataSaver } = useStore(roomPreferences);
  const peer = useStore(session.peer);
  const notice = useStore(moderation.notice);
  const [problem, setProblem] = useState<string | null>(null);
  const speaking = useSpeaking(session, media.microphone.on ? media.microphone.track : null);
  useEffect(() => {
    // Whoever is in has verified the fragment; lists of the server are held to it later.
    if (stay.link.statementHash !== null) void rememberLink(stay.link.meetingId, toBase64Url(stay.link.statementHash));
  }, [stay]);
  useEffect(() => stay.saving.set(dataSaver !== 'off'), [stay, dataSaver]);

  const actions = useMemo<RoomActions>(() => ({
    setOn: (kind, on) => void local.setOn(kind, on),
    chooseDevice: (kind, id) => void local.choose(kind, id),
    chooseSpeaker: id => local.chooseSpeaker(id),
    setEffect: (kind, on) => void local.setEffect(kind, on),
    shareScreen: () => void local.shareScreen(roomPreferences.value.shareHint).then(found => setProblem(found === null ? null : t('room.screenUnavailable'))),
    hintScreen: shareHint => {
      preferInRoom({ shareHint });
      local.hintScreen(shareHint);
    },
    stopScreen: () => local.stopScreen(),
    setView: view => session.setView(view),
    frameShown: () => markPhase('first-frame-decoded'),
    retryNow: () => session.retryNow(),
    leave: () => void session.leave(),
    end: () => void session.end(),
    encryption: session.group === null ? null : actionsOf(session.group),
    conversation: talk === null ? null : {
      say: (text, to) => talk.say(text, to),
      retry: id => talk.retry(id),
      discard: id => talk.discard(id),
      raiseHand: raised => talk.raiseHand(raised),
      react: (message, reaction, isOn) => talk.react(message, reaction, isOn),
      see: () => talk.see(),
    },
    moderation: session.group === null ? null : {
      moderate: (act, participantId) => moderation.moderate(act, participantId),
      setControls: change => moderation.setControls(change),
      askToShare: asks => moderation.askToShare(asks),
      unmute: () => void local.setOn('microphone', true),
      declineUnmute: () => moderation.declineUnmute(),
      explain: reason => moderation.explain(reason),
    },
    together: session.group === null || reacting === null ? null : togetherOf(session.group, reacting),
    talk: further?.actions ?? null,
    sitting: sitting.actions,
  }), [session, local, moderation, talk, reacting, further?.actions, sitting.actions, t]);
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
        moderation: moderationView(room, notice),
        reactions,
        talk: further?.model ?? null,
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

function togetherOf(group: GroupSession, reacting: ReactionSession): TogetherActions {
  return {
    react: reaction => reacting.react(reaction),
    spotlight: leaf => group.command({ type: 'say', content: { type: 'spotlight', leaf, since: 0 } }),
  };
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
