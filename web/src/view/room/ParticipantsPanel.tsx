import { useTranslation } from 'react-i18next';
import { Avatar } from '../parts/Avatar';
import { IconButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import type { RoomModel } from './model';
import styles from './ParticipantsPanel.module.css';

export function ParticipantsPanel({ model, onClose }: { model: RoomModel; onClose(): void }) {
  const { t } = useTranslation();
  const { roster, self } = model.room;
  const participants = roster?.participants ?? [];
  return (
    <aside className={styles.panel} aria-label={t('people.title')} data-testid="participants-panel" onKeyDown={event => { if (event.key === 'Escape') onClose(); }}>
      <header className={styles.head}>
        <h2>{t('people.title')} <span>{participants.length}</span></h2>
        <IconButton icon="close" label={t('people.close')} data-testid="participants-close" onPress={onClose} autoFocus />
      </header>
      <ul className={styles.list}>
        {participants.map(participant => {
          const own = participant.id === self;
          const micOn = own ? model.local.microphone.on : participant.media.microphone;
          const cameraOn = own ? model.local.camera.on : participant.media.camera;
          return (
            <li key={participant.id} data-testid={`participant-${participant.id}`}>
              <span className={styles.face}><Avatar id={participant.id} name={participant.displayName} /></span>
              <span className={styles.name}>
                <span>{own ? t('room.yourTile', { name: participant.displayName }) : participant.displayName}</span>
                {(participant.role === 'host' || participant.connection === 'reconnecting') && (
                  <small>{t(participant.connection === 'reconnecting' ? 'room.reconnectingShort' : 'room.host')}</small>
                )}
              </span>
              <span className={micOn ? styles.on : styles.off} role="img" aria-label={t(micOn ? 'room.micOn' : 'room.micOff')}><Icon name={micOn ? 'microphone' : 'microphoneOff'} size={20} /></span>
              <span className={cameraOn ? styles.on : styles.off} role="img" aria-label={t(cameraOn ? 'room.camOn' : 'room.camOff')}><Icon name={cameraOn ? 'camera' : 'cameraOff'} size={20} /></span>
            </li>
          );
        })}
      </ul>
    </aside>
  );
}
