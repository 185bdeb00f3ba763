import { useEffect, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton, TextButton } from '../parts/Controls';
import { Mark } from '../parts/Mark';
import { prefer } from '../preferences';
import { activities, type PanelId } from './activities';
import { ActivitiesMenu, CameraMenu, LeaveMenu, MicrophoneMenu, MoreMenu, type MoreItem } from './menus';
import type { RoomActions, RoomModel } from './model';
import styles from './Toolbar.module.css';

interface ToolbarProps {
  ref: Ref<HTMLElement>;
  model: RoomModel;
  actions: RoomActions;
  layout: 'grid' | 'speaker';
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
  onCopyLink(): void;
  onSettings(): void;
}

export function Toolbar({ ref, model, actions, layout, narrow, isHost, count, waiting, panel, unread, handUp, onPanel, onCopyLink, onSettings }: ToolbarProps) {
  const { t } = useTranslation();
  const { microphone, camera, screen } = model.local;
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  const toggleLayout = () => prefer({ layout: layout === 'grid' ? 'speaker' : 'grid' });
  const layoutLabel = t(layout === 'grid' ? 'controls.layoutSpeaker' : 'controls.layoutGrid');
  const layoutIcon = layout === 'grid' ? 'speakerLayout' : 'grid';
  const toggleShare = () => (screen.video === null ? actions.shareScreen() : actions.stopScreen());
  const shareLabel = t(screen.video === null ? 'controls.share' : 'controls.stopShare');
  const { conversation } = actions;
  const toggleHand = () => conversation?.raiseHand(!handUp);
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
            label={t(microphone.on ? 'controls.mute' : 'controls.unmute')}
            shortcut="Ctrl + D"
            data-testid="room-mic"
            onPress={() => actions.setOn('microphone', !microphone.on)}
          />
          <MicrophoneMenu local={model.local} actions={actions} />
        </span>
        <span className={styles.split}>
          <IconButton
            icon={camera.on ? 'camera' : 'cameraOff'}
            look={camera.on ? 'plain' : 'off'}
            label={t(camera.on ? 'controls.cameraOff' : 'controls.cameraOn')}
            shortcut="Ctrl + E"
            data-testid="room-camera"
            onPress={() => actions.setOn('camera', !camera.on)}
          />
          <CameraMenu local={model.local} actions={actions} />
        </span>
        {canShare && !narrow && (
          <IconButton icon={screen.video === null ? 'screen' : 'screenStop'} look={screen.video === null ? 'filled' : 'active'} label={shareLabel} data-testid="room-share" onPress={toggleShare} />
        )}
        {!narrow && <IconButton icon={layoutIcon} look="filled" label={layoutLabel} data-testid="room-layout" onPress={toggleLayout} />}
        {conversation !== null && !narrow && (
          <IconButton
            icon="hand" look={handUp ? 'active' : 'filled'} label={handLabel} shortcut="Ctrl + Shift + H" aria-pressed={handUp} data-testid="room-hand" onPress={toggleHand}
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
              { id: 'layout', icon: layoutIcon, label: layoutLabel, run: toggleLayout },
              ...(canShare ? [{ id: 'share', icon: 'screen' as const, label: shareLabel, run: toggleShare }] : []),
              { id: 'copy', icon: 'link', label: t('controls.copyLink'), run: onCopyLink },
              { id: 'settings', icon: 'settings', label: t('controls.settings'), run: onSettings },
            ]}
          />
        )}
        <span className={styles.leave}>
          {narrow
            ? <IconButton icon="leave" look="off" label={t('controls.leave')} data-testid="room-leave" onPress={actions.leave} />
            : <TextButton look="danger" icon="leave" data-testid="room-leave" onPress={actions.leave}>{t('controls.leave')}</TextButton>}
          {isHost && <LeaveMenu onLeave={actions.leave} onEnd={actions.end} />}
        </span>
      </div>
      {!narrow && (
        <div className={styles.side}>
          {chat}
          {people}
          {activityItems.length > 0 && <ActivitiesMenu items={activityItems} news={news} isOpen={offered.some(({ id }) => id === panel)} />}
          <IconButton icon="link" label={t('controls.copyLink')} data-testid="room-copy-link" onPress={onCopyLink} />
          <IconButton icon="settings" label={t('controls.settings')} data-testid="room-settings" onPress={onSettings} />
        </div>
      )}
    </section>
  );
}

function ChatButton({ isOpen, unread, calls, onPress }: { isOpen: boolean; unread: number; calls: number; onPress(): void }) {
  const { t } = useTranslation();
  const label = unread === 0 ? t('chat.title') : `${t('chat.title')}, ${t('chat.unread', { count: unread })}`;
  return (
    <IconButton icon="chat" look={isOpen ? 'active' : 'plain'} label={label} shortcut="Ctrl + Shift + M" aria-expanded={isOpen} data-opens="chat" data-testid="room-chat" onPress={onPress}>
      {unread > 0 && <span className={`${styles.badge} ${styles.unread}`} aria-hidden="true" data-testid="chat-unread">{calls > 0 && '@'}{unread > 99 ? '99+' : unread}</span>}
    </IconButton>
  );
}

function PeopleButton({ isOpen, count, waiting, onPress }: { isOpen: boolean; count: number; waiting: number; onPress(): void }) {
  const { t } = useTranslation();
  const label = waiting === 0 ? `${t('controls.participants')}: ${count}` : `${t('controls.participants')}, ${t('knock.waitingCount', { count: waiting })}`;
  return (
    <IconButton icon="people" look={isOpen ? 'active' : 'plain'} label={label} aria-expanded={isOpen} data-opens="people" data-testid="room-participants" onPress={onPress}>
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
