import { useEffect, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton, TextButton } from '../parts/Controls';
import { Mark } from '../parts/Mark';
import type { Reaction } from '../../e2ee/mls/content';
import { hintOf } from '../../state/shortcuts';
import { activities, type PanelId } from './activities';
import { LayoutButton } from './LayoutOptions';
import { ActivitiesMenu, CameraMenu, LeaveMenu, MicrophoneMenu, MoreMenu, ShareMenu, type MoreItem } from './menus';
import type { RoomActions, RoomModel } from './model';
import { useMediaGuard } from './moderation/useMediaGuard';
import { ReactionButton } from './Reactions';
import styles from './Toolbar.module.css';
import type { FullScreen } from './useFullScreen';

interface ToolbarProps {
  ref: Ref<HTMLElement>;
  model: RoomModel;
  actions: RoomActions;
  narrow: boolean;
  isHost: boolean;
  count: number;
  /** How many ask to be let in. */
  waiting: number;
  /** The panel that is open. */
  panel: PanelId | null;
  /** Messages that were not seen. */
  unread: number;
  /** Of one's own. */
  handUp: boolean;
  onPanel(panel: PanelId): void;
  /** Opens the meeting's controls; null for who is no moderator. */
  onHost: (() => void) | null;
  fullScreen: FullScreen;
  onSmallWindow: (() => void) | null;
  /** Null where there is no group to see it. */
  onReact: ((reaction: Reaction) => void) | null;
  /** A host is asked first what becomes of the meeting. */
  onLeave(): void;
  onCopyLink(): void;
  onSettings(): void;
  /** Opens what stands behind a button where there is room for it. */
  onSheet(sheet: 'layout' | 'reactions' | 'shortcuts'): void;
}

export function Toolbar({
  ref, model, actions, narrow, isHost, count, waiting, panel, unread, handUp, fullScreen, onHost, onSmallWindow, onReact, onPanel, onLeave, onCopyLink, onSettings, onSheet,
}: ToolbarProps) {
  const { t } = useTranslation();
  const { microphone, camera, screen } = model.local;
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  const guard = useMediaGuard(model, actions);
  const toggleShare = () => (screen.video === null ? guard.share() : actions.stopScreen());
  const shareLabel = screen.video === null ? guard.shareLabel : t('controls.stopShare');
  const { conversation } = actions;
  const toggleHand = () => (guard.isObserver && !handUp ? actions.moderation?.explain('observer') : conversation?.raiseHand(!handUp));
  const handLabel = t(handUp ? 'hand.lower' : 'hand.raise');
  const people = <PeopleButton isOpen={panel === 'people'} count={count} waiting={waiting} onPress={() => onPanel('people')} />;
  const chat = conversation !== null && <ChatButton isOpen={panel === 'chat'} unread={unread} calls={model.conversation?.calls ?? 0} onPress={() => onPanel('chat')} />;
  const offered = activities.filter(({ isOffered }) => isOffered(model));
  const activityItems = offered.map(({ id, icon, label }): MoreItem => ({ id, icon, label: t(label), run: () => onPanel(id) }));
  const news = offered.reduce((sum, { newsOf }) => sum + newsOf(model), 0);
  return (
    <section className={styles.toolbar} ref={ref} aria-label={t('controls.label')}>
      {!narrow && (
        <div className={styles.side}>
          <span className={styles.brand}><Mark size={28} /></span>
          <Clock />
          <span>{t('room.participantCount', { count })}</span>
        </div>
      )}
      <div className={styles.middle}>
        <span className={styles.split}>
          <IconButton
            icon={microphone.on ? 'microphone' : 'microphoneOff'}
            look={microphone.on ? 'plain' : 'off'}
            label={guard.label('microphone', t(microphone.on ? 'controls.mute' : 'controls.unmute'))}
            shortcut={hintOf('microphone')}
            data-testid="room-mic"
            onPress={() => guard.setOn('microphone', !microphone.on)}
          />
          <MicrophoneMenu local={model.local} actions={actions} />
        </span>
        <span className={styles.split}>
          <IconButton
            icon={camera.on ? 'camera' : 'cameraOff'}
            look={camera.on ? 'plain' : 'off'}
            label={guard.label('camera', t(camera.on ? 'controls.cameraOff' : 'controls.cameraOn'))}
            shortcut={hintOf('camera')}
            data-testid="room-camera"
            onPress={() => guard.setOn('camera', !camera.on)}
          />
          <CameraMenu local={model.local} actions={actions} />
        </span>
        {canShare && !narrow && (
          <span className={styles.split}>
            <IconButton icon={screen.video === null ? 'screen' : 'screenStop'} look={screen.video === null ? 'plain' : 'active'} label={shareLabel} data-testid="room-share" onPress={toggleShare} />
            <ShareMenu actions={actions} />
          </span>
        )}
        {!narrow && <LayoutButton fullScreen={fullScreen} onSmallWindow={onSmallWindow} />}
        {!narrow && onReact !== null && <ReactionButton onReact={onReact} />}
        {conversation !== null && !narrow && (
          <IconButton
            icon="hand" look={handUp ? 'active' : 'filled'} label={handLabel} shortcut={hintOf('hand')} aria-pressed={handUp} data-testid="room-hand" onPress={toggleHand}
          />
        )}
        {narrow && chat}
        {narrow && conversation === null && people}
        {narrow && (
          <MoreMenu
            note={conversation === null ? 0 : waiting}
            items={[
              ...(conversation === null ? [] : [
                { id: 'hand', icon: 'hand' as const, label: handLabel, run: toggleHand },
                { id: 'people', icon: 'people' as const, label: `${t('controls.participants')} (${count})`, run: () => onPanel('people') },
              ]),
              ...activityItems,
              ...(onReact === null ? [] : [{ id: 'react', icon: 'smile' as const, label: t('react.title'), run: () => onSheet('reactions') }]),
              { id: 'layout', icon: 'grid', label: t('layout.title'), run: () => onSheet('layout') },
              ...(canShare ? [{ id: 'share', icon: 'screen' as const, label: shareLabel, run: toggleShare }] : []),
              ...(onHost === null ? [] : [{ id: 'host', icon: 'gavel' as const, label: t('moderation.title'), run: onHost }]),
              { id: 'copy', icon: 'link', label: t('controls.copyLink'), run: onCopyLink },
              { id: 'shortcuts', icon: 'keyboard', label: t('shortcut.title'), run: () => onSheet('shortcuts') },
              { id: 'settings', icon: 'settings', label: t('controls.settings'), run: onSettings },
            ]}
          />
        )}
        <span className={styles.leave}>
          {narrow
            ? <IconButton icon="leave" look="off" label={t('controls.leave')} data-testid="room-leave" onPress={onLeave} />
            : <TextButton look="danger" icon="leave" data-testid="room-leave" onPress={onLeave}>{t('controls.leave')}</TextButton>}
          {isHost && <LeaveMenu onLeave={onLeave} onEnd={actions.end} />}
        </span>
      </div>
      {!narrow && (
        <div className={styles.side}>
          {chat}
          {people}
          {activityItems.length > 0 && <ActivitiesMenu items={activityItems} news={news} isOpen={offered.some(({ id }) => id === panel)} />}
          {onHost !== null && <IconButton icon="gavel" label={t('moderation.title')} data-testid="room-host" onPress={onHost} />}
          <IconButton icon="link" label={t('controls.copyLink')} data-testid="room-copy-link" onPress={onCopyLink} />
          <IconButton icon="keyboard" label={t('shortcut.title')} shortcut={hintOf('help')} data-testid="room-shortcuts" onPress={() => onSheet('shortcuts')} />
          <IconButton icon="settings" label={t('controls.settings')} data-testid="room-settings" onPress={onSettings} />
        </div>
      )}
      {guard.question}
    </section>
  );
}

function ChatButton({ isOpen, unread, calls, onPress }: { isOpen: boolean; unread: number; calls: number; onPress(): void }) {
  const { t } = useTranslation();
  const label = unread === 0 ? t('chat.title') : `${t('chat.title')}, ${t('chat.unread', { count: unread })}`;
  return (
    <IconButton icon="chat" look={isOpen ? 'active' : 'plain'} label={label} shortcut={hintOf('chat')} aria-expanded={isOpen} data-opens="chat" data-testid="room-chat" onPress={onPress}>
      {unread > 0 && <span className={`${styles.badge} ${styles.unread}`} aria-hidden="true" data-testid="chat-unread">{calls > 0 && '@'}{unread > 99 ? '99+' : unread}</span>}
    </IconButton>
  );
}

function PeopleButton({ isOpen, count, waiting, onPress }: { isOpen: boolean; count: number; waiting: number; onPress(): void }) {
  const { t } = useTranslation();
  const label = waiting === 0 ? `${t('controls.participants')}: ${count}` : `${t('controls.participants')}, ${t('knock.waitingCount', { count: waiting })}`;
  return (
    <IconButton icon="people" look={isOpen ? 'active' : 'plain'} label={label} shortcut={hintOf('people')} aria-expanded={isOpen} data-opens="people" data-testid="room-participants" onPress={onPress}>
      <span className={waiting > 0 ? `${styles.badge} ${styles.waiting}` : styles.badge} aria-hidden="true">{waiting > 0 ? waiting : count}</span>
    </IconButton>
  );
}

function Clock() {
  const { i18n } = useTranslation();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 5_000);
    return () => clearInterval(timer);
  }, []);
  return <span className={styles.clock}>{now.toLocaleTimeString(i18n.language, { hour: '2-digit', minute: '2-digit' })}</span>;
}
