import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { captureScreen } from '../../media/screenCapture';
import { markPhase } from '../../media/timings';
import type { Stay } from '../../session/stay';
import '../../i18n/encryption';
import { toBase64Url } from '../../e2ee/mls/bytes';
import { rememberLink } from '../../session/knownLinks';
import type { AdmissionSession } from '../../session/admissions';
import type { GroupSession, GroupState } from '../../session/groupSession';
import type { ReactionSession } from '../../session/reactions';
import { noAdmissions, type Admissions } from '../../state/admissions';
import { encryptionView, roomBadge, type EncryptionActions, type EncryptionView, type TileProof } from '../../state/encryption';
import { moderationView } from '../../state/moderation';
import type { Roster } from '../../state/roster';
import { Store, useStore } from '../../state/store';
import { useBreakout, type Breakouts } from './breakout/useBreakout';
import { OnTheWay } from './breakout/OnTheWay';
import type { RoomActions, TogetherActions } from './model';
import { useModeration } from './moderation/useModeration';
import { preferInRoom, roomPreferences } from './roomPreferences';
import { RoomView } from './RoomView';
import { SoundOutputs } from './SoundOutputs';
import { useSitting } from './sitting/useSitting';
import { useAdmissions } from './useAdmissions';
import { useConversation } from './useConversation';
import { useGroup } from './useGroup';
import { useReactions } from './useReactions';
import { useSpeaking } from './useSpeaking';
import { useTalk } from './useTalk';

/** Where there is no group nobody is admitted. */
const none = new Store(noAdmissions);

/** The room of a stay, or the breakout room that one is in beside it. */
export default function RoomPage({ stay }: { stay: Stay }) {
  const breakout = useBreakout(stay);
  const visit = breakout?.visit ?? null;
  return (
    <>
      <Room stay={stay} main={stay} breakout={breakout} isShown={visit === null} />
      {visit !== null && <VisitedRoom key={visit.room.meetingId} visit={visit} main={stay} breakout={breakout!} />}
    </>
  );
}

function VisitedRoom({ visit: { room, stay: { stay } }, main, breakout }: { visit: NonNullable<Breakouts['visit']>; main: Stay; breakout: Breakouts }) {
  const { phase } = useStore(stay.session.room);
  const group = useGroup(stay.session.group);
  if (phase !== 'inMeeting' || group?.hasEntered !== true) return <OnTheWay stay={stay} name={room.name} onBack={breakout.actions.back} />;
  return <Room stay={stay} main={main} breakout={breakout} isShown />;
}

interface RoomProps {
  stay: Stay;
  /** The same as `stay`, unless that is a breakout room. */
  main: Stay;
  breakout: Breakouts | null;
  /** False: what is said goes on being heard, and nothing of it is seen. */
  isShown: boolean;
}

function Room({ stay, main, breakout, isShown }: RoomProps) {
  const { t } = useTranslation();
  const { session, local } = stay;
  const moderation = useModeration(stay);
  const room = useStore(session.room);
  const group = useGroup(session.group);
  const admitting = useAdmissions(session.group);
  const admissions = useStore(admitting?.state ?? none);
  const { session: talk, conversation } = useConversation(session.group);
  const { session: reacting, reactions } = useReactions(session.group);
  const further = useTalk(session.group, talk, stay.link.meetingId);
  const sitting = useSitting(session.group);
  const media = useStore(local.state);
  const { dataSaver } = useStore(roomPreferences);
  const peer = useStore(session.peer);
  const notice = useStore(moderation.notice);
  const [problem, setProblem] = useState<string | null>(null);
  const speaking = useSpeaking(session, isShown && media.microphone.on ? media.microphone.track : null);
  useEffect(() => {
    // Whoever is in has verified the fragment; lists of the server are held to it later.
    if (stay.link.statementHash !== null && stay === main) void rememberLink(stay.link.meetingId, toBase64Url(stay.link.statementHash));
  }, [stay, main]);
  useEffect(() => stay.saving.set(dataSaver !== 'off'), [stay, dataSaver]);

  const { actions: act = null, removing } = breakout ?? {};
  const actions = useMemo<RoomActions>(() => ({
    setOn: (kind, on) => void local.setOn(kind, on),
    chooseDevice: (kind, id) => void local.choose(kind, id),
    chooseSpeaker: id => local.chooseSpeaker(id),
    setEffect: (kind, on) => void local.setEffect(kind, on),
    shareScreen: () => void captureScreen(roomPreferences.value.shareHint).then(found => {
      if (typeof found === 'object' && found !== null) local.giveScreen(found);
      setProblem(typeof found === 'string' ? t(`sharing.${found}Fault`) : null);
    }),
    hintScreen: shareHint => {
      preferInRoom({ shareHint });
      local.hintScreen(shareHint);
    },
    stopScreen: () => local.stopScreen(),
    setView: view => session.setView(view),
    frameShown: () => markPhase('first-frame-decoded'),
    retryNow: () => session.retryNow(),
    // Out of a breakout room one comes back to where one came from.
    leave: () => (stay === main ? void session.leave() : act?.back()),
    end: () => void session.end(),
    encryption: session.group === null || admitting === null ? null : actionsOf(session.group, admitting, stay, stay === main ? removing : undefined),
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
    breakout: act,
  }), [stay, main, session, local, moderation, admitting, talk, reacting, further?.actions, sitting.actions, act, removing, t]);
  const encryption = useMemo(() => viewOf(session.group, group, room.roster, admissions), [session, group, room.roster, admissions]);

  if (!isShown) return null;
  return (
    <RoomView
      model={{
        room,
        local: media,
        meetingUrl: main.url,
        kind: stay.link.kind,
        badge: roomBadge(stay.link.kind, encryption),
        encryption,
        conversation,
        moderation: moderationView(room, notice),
        reactions,
        talk: further?.model ?? null,
        sitting: sitting.view,
        breakout: breakout?.model ?? null,
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

/** @param removing told of a removal before it is asked for */
function actionsOf(group: GroupSession, admitting: AdmissionSession, stay: Stay, removing: ((leaf: number) => void) | undefined): EncryptionActions {
  return {
    admit: ids => admitting.admit(ids),
    deny: ids => admitting.deny(ids),
    tellWaiting: notice => stay.hubInUse()?.tellWaiting(notice).then(({ error }) => error, () => 'unavailable' as const) ?? Promise.resolve('unavailable'),
    remove: leaf => {
      removing?.(leaf);
      group.command({ type: 'remove', leaf });
    },
    setRole: (leaf, role) => group.command({ type: 'setRole', leaf, role }),
    handOver: leaf => group.command({ type: 'handOver', leaf }),
    confirmGuest: leaf => group.command({ type: 'confirmGuest', leaf }),
    confirmCode: roster => group.command({ type: 'confirmCode', roster }),
    comeBack: () => group.command({ type: 'comeBack' }),
  };
}

function viewOf(group: GroupSession | null, state: GroupState | null, roster: Roster | null, admissions: Admissions): EncryptionView | null {
  if (group === null || state?.view == null) return null;
  const leafOf = new Map<string, number>();
  const proofs = new Map<string, TileProof>();
  for (const { id } of roster?.participants ?? []) {
    const leaf = group.leafOf(id);
    const proof = group.proofOf(id);
    if (leaf !== null) leafOf.set(id, leaf);
    if (proof !== null) proofs.set(id, proof);
  }
  return encryptionView(state.view, { codes: state.codes, leafOf, proofs, lobby: { admissions, notice: state.notice } });
}
