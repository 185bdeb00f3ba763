import { useCallback, useRef, useState, useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import '../../i18n/moderation';
import { unseen, type Audience } from '../../state/conversation';
import { handIsUp, heirs, memberAt, moderates } from '../../state/encryption';
import { chatLocksOf } from '../../state/moderation';
import type { Reaction } from '../../e2ee/mls/content';
import '../../i18n/room';
import { selfOf } from '../../state/room';
import { useMediaQuery, useTitle } from '../parts/hooks';
import { SettingsDialog } from '../parts/SettingsDialog';
import { Sheet } from '../parts/Sheet';
import { activities, type PanelId } from './activities';
import { Announcer } from './Announcer';
import { Banners } from './Banners';
import { BreakoutBar } from './breakout/BreakoutBar';
import { CaptionLines } from './CaptionLines';
import { ChatPanel } from './ChatPanel';
import { KnockToast } from './KnockToast';
import { LayoutOptions } from './LayoutOptions';
import type { RoomActions, RoomModel } from './model';
import { MediaNotices } from './MediaNotices';
import { HostLeave } from './moderation/HostLeave';
import { HostSheet } from './moderation/HostSheet';
import { ModerationNotices } from './moderation/ModerationNotices';
import { IdleNotice, MutedNudge } from './Notices';
import { ParticipantsPanel } from './ParticipantsPanel';
import { ReactionRow } from './Reactions';
import { RoomBar } from './RoomBar';
import styles from './RoomPage.module.css';
import { RoomSettings } from './RoomSettings';
import { SecurityBanners } from './SecurityBanners';
import { SecuritySheet } from './SecuritySheet';
import { ShortcutSheet } from './ShortcutSheet';
import { SittingBar } from './sitting/SittingBar';
import { SmallWindowView, useSmallWindow } from './SmallWindow';
import { Stage } from './Stage';
import { TalkAnnouncer } from './TalkAnnouncer';
import { Toolbar } from './Toolbar';
import { useDropGuard } from './useFileDrop';
import { useFullScreen } from './useFullScreen';
import { useHostNews } from './useHostNews';
import { useLeaveGuard } from './useLeaveGuard';
import { useLoweredHand } from './useLoweredHand';
import { useRoomShortcuts } from './useRoomShortcuts';

interface RoomViewProps {
  model: RoomModel;
  actions: RoomActions;
  /** What went wrong with something the person just asked for. */
  problem: string | null;
  sound: ReactNode;
}

export function RoomView({ model, actions, problem, sound }: RoomViewProps) {
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 720px)');
  const [panel, setPanel] = useState<PanelId | null>(null);
  const [draft, setDraft] = useState('');
  const [recipient, setRecipient] = useState<Audience | null>(null);
  const [settings, setSettings] = useState(false);
  const [security, setSecurity] = useState(false);
  const [hosting, setHosting] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [sheet, setSheet] = useState<'layout' | 'reactions' | 'shortcuts' | null>(null);
  const [toast, setToast] = useState<string | null>(null);
  const toolbar = useRef<HTMLElement>(null);
  const { encryption, conversation } = model;
  const count = encryption?.members.length ?? model.room.roster?.participants.length ?? 0;
  const knocks = moderates(encryption) ? encryption!.knocks : [];
  const handUp = handIsUp(encryption, conversation);
  const role = encryption === null ? selfOf(model.room)?.role : memberAt(encryption, encryption.ownLeaf)?.role;
  useTitle(`${t('room.title')} (${count}) · ${t('app.name')}`);

  useHostNews(encryption, setToast);
  useLoweredHand(model, handUp, actions.conversation);
  useEffect(() => {
    if (toast === null) return;
    const timer = setTimeout(() => setToast(null), 3_000);
    return () => clearTimeout(timer);
  }, [toast]);

  const toggle = (which: PanelId) => setPanel(panel === which ? null : which);
  /** The focus goes back to where the panel was opened. */
  const close = (which: string) => {
    setPanel(null);
    toolbar.current?.querySelector<HTMLElement>(`[data-opens=${which}]`)?.focus();
  };
  const { conversation: talk, together } = actions;
  useDropGuard();
  const fullScreen = useFullScreen();
  const smallWindow = useSmallWindow(useCallback(() => setToast(t('pip.failed')), [t]));
  const isTalking = useRoomShortcuts(model, actions, {
    hand: talk === null ? null : () => talk.raiseHand(!handUp),
    chat: talk === null ? null : () => (panel === 'chat' ? close('chat') : setPanel('chat')),
    people: () => (panel === 'people' ? close('people') : setPanel('people')),
    fullScreen: fullScreen.isOffered ? fullScreen.toggle : null,
    toolbar: () => toolbar.current?.querySelector('button')?.focus(),
    help: () => setSheet(open => (open === 'shortcuts' ? null : 'shortcuts')),
  });
  useLeaveGuard(model.local.screen.video !== null || isOnlyHost(model));
  const react = together === null ? null : (reaction: Reaction) => {
    if (!together.react(reaction)) setToast(t('react.tooMany'));
  };

  const copyLink = () => {
    navigator.clipboard.writeText(model.meetingUrl).then(
      () => setToast(t('controls.copied')),
      () => setToast(t('controls.copyFailed')),
    );
  };

  return (
    <div className={styles.room} data-testid="room" data-media={model.room.media} data-signaling={model.room.signaling.state}>
      <RoomBar badge={model.badge} view={encryption} onOpen={() => setSecurity(true)} />
      <div className={styles.banners}>
        {encryption !== null && <SecurityBanners view={encryption} actions={actions.encryption} onOpen={() => setSecurity(true)} />}
        <Banners model={model} problem={problem} onRetry={actions.retryNow} onStopScreen={actions.stopScreen} />
        <MediaNotices local={model.local} />
        {model.moderation !== null && actions.moderation !== null && <ModerationNotices model={model} view={model.moderation} actions={actions.moderation} />}
        <IdleNotice isAlone={count === 1} onLeave={actions.leave} />
        {sound}
        <BreakoutBar model={model} actions={actions} />
        <SittingBar model={model} actions={actions} />
      </div>
      <div className={styles.middle}>
        <Stage model={model} actions={actions} onView={actions.setView} onFrame={actions.frameShown} onCopyLink={copyLink} />
        {model.talk !== null && <CaptionLines captions={model.talk.captions} />}
        {panel === 'people' && <ParticipantsPanel model={model} actions={actions} onCompare={() => setSecurity(true)} onClose={() => close('people')} />}
        {panel === 'chat' && conversation !== null && talk !== null && model.talk !== null && actions.talk !== null && (
          <ChatPanel
            conversation={conversation} actions={talk} talk={model.talk} files={actions.talk.files} view={encryption} isOffline={model.room.signaling.state !== 'connected'} narrow={narrow}
            locks={chatLocksOf(model.moderation)} to={recipient} onTo={setRecipient}
            draft={draft} onDraft={setDraft} onClose={() => close('chat')}
          />
        )}
        {activities.map(({ id, isOffered, Panel }) => panel === id && isOffered(model) && (
          <Panel key={id} model={model} actions={actions} narrow={narrow} onClose={() => close('activities')} />
        ))}
      </div>
      <Toolbar
        ref={toolbar}
        model={model}
        actions={actions}
        narrow={narrow}
        isHost={role === 'host'}
        count={count}
        waiting={knocks.length}
        panel={panel}
        onPanel={toggle}
        unread={conversation === null ? 0 : unseen(conversation)}
        handUp={handUp}
        onHost={model.moderation?.isModerator === true ? () => setHosting(true) : null}
        onLeave={encryption !== null && heirs(encryption).length > 0 ? () => setLeaving(true) : actions.leave}
        onCopyLink={copyLink}
        onSettings={() => setSettings(true)}
        fullScreen={fullScreen}
        onSmallWindow={smallWindow.open}
        onReact={react}
        onSheet={setSheet}
      />
      <SettingsDialog open={settings} onClose={() => setSettings(false)}><RoomSettings /></SettingsDialog>
      {hosting && model.moderation?.isModerator === true && actions.moderation !== null && <HostSheet controls={model.moderation.controls} actions={actions.moderation} onClose={() => setHosting(false)} />}
      {leaving && encryption !== null && actions.encryption !== null && <HostLeave view={encryption} actions={actions} onClose={() => setLeaving(false)} />}
      {sheet === 'shortcuts' && <ShortcutSheet onClose={() => setSheet(null)} />}
      {sheet === 'layout' && (
        <Sheet title={t('layout.title')} testId="layout-sheet" onClose={() => setSheet(null)}>
          <LayoutOptions fullScreen={fullScreen} onSmallWindow={smallWindow.open} onDone={() => setSheet(null)} />
        </Sheet>
      )}
      {sheet === 'reactions' && react !== null && (
        <Sheet title={t('react.title')} testId="reactions-sheet" onClose={() => setSheet(null)}>
          <ReactionRow
            onReact={reaction => {
              setSheet(null);
              react(reaction);
            }}
          />
        </Sheet>
      )}
      {smallWindow.view !== null && <SmallWindowView view={smallWindow.view} model={model} actions={actions} />}
      {isTalking && <div className={styles.toast} data-testid="push-to-talk" aria-hidden="true">{t('nudge.talking')}</div>}
      <MutedNudge model={model} actions={actions} />
      {security && <SecuritySheet badge={model.badge} view={encryption} actions={actions.encryption} onLeave={actions.leave} onClose={() => setSecurity(false)} />}
      {actions.encryption !== null && moderates(encryption) && <KnockToast knocks={knocks} isListed={panel === 'people'} actions={actions.encryption} onShow={() => setPanel('people')} />}
      {toast !== null && <div className={styles.toast} role="status">{toast}</div>}
      <Announcer model={model} />
      {model.talk !== null && <TalkAnnouncer talk={model.talk} />}
    </div>
  );
}

/** Others are there, and nobody else could let people in or end the meeting. */
function isOnlyHost({ encryption, room }: RoomModel): boolean {
  if (encryption === null) return selfOf(room)?.role === 'host' && (room.roster?.participants.length ?? 0) > 1;
  const others = encryption.members.filter(({ leaf }) => leaf !== encryption.ownLeaf);
  return moderates(encryption) && others.length > 0 && others.every(({ role }) => role === 'participant');
}
