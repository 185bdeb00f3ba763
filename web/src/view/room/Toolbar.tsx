import { useEffect, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton, TextButton } from '../parts/Controls';
import { Mark } from '../parts/Mark';
import { prefer } from '../preferences';
import { CameraMenu, LeaveMenu, MicrophoneMenu, MoreMenu } from './menus';
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
  people: boolean;
  onPeople(): void;
  onCopyLink(): void;
  onSettings(): void;
}

export function Toolbar({ ref, model, actions, layout, narrow, isHost, count, waiting, people, onPeople, onCopyLink, onSettings }: ToolbarProps) {
  const { t } = useTranslation();
  const { microphone, camera, screen } = model.local;
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  const toggleLayout = () => prefer({ layout: layout === 'grid' ? 'speaker' : 'grid' });
  const layoutLabel = t(layout === 'grid' ? 'controls.layoutSpeaker' : 'controls.layoutGrid');
  const layoutIcon = layout === 'grid' ? 'speakerLayout' : 'grid';
  const toggleShare = () => (screen.video === null ? actions.shareScreen() : actions.stopScreen());
  const shareLabel = t(screen.video === null ? 'controls.share' : 'controls.stopShare');
  return (
    <footer className={styles.toolbar} ref={ref} role="toolbar" aria-label={t('controls.label')}>
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
        {narrow && <PeopleButton people={people} count={count} waiting={waiting} onPeople={onPeople} />}
        {narrow && (
          <MoreMenu
            items={[
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
          <PeopleButton people={people} count={count} waiting={waiting} onPeople={onPeople} />
          <IconButton icon="link" label={t('controls.copyLink')} data-testid="room-copy-link" onPress={onCopyLink} />
          <IconButton icon="settings" label={t('controls.settings')} data-testid="room-settings" onPress={onSettings} />
        </div>
      )}
    </footer>
  );
}

function PeopleButton({ people, count, waiting, onPeople }: { people: boolean; count: number; waiting: number; onPeople(): void }) {
  const { t } = useTranslation();
  const label = waiting === 0 ? t('controls.participants') : `${t('controls.participants')}, ${t('knock.waitingCount', { count: waiting })}`;
  return (
    <IconButton icon="people" look={people ? 'active' : 'plain'} label={label} aria-expanded={people} data-testid="room-participants" onPress={onPeople}>
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
