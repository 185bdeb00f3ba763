import { useTranslation } from 'react-i18next';
import type { Participant } from '../../signaling/contract';
import { Icon } from '../parts/Icon';
import type { RoomModel } from './model';
import styles from './ParticipantsPanel.module.css';

/** Whether a microphone and a camera are on. */
export function MediaSigns({ participant, model, isOwn }: { participant: Participant; model: RoomModel; isOwn: boolean }) {
  const { t } = useTranslation();
  const micOn = isOwn ? model.local.microphone.on : participant.media.microphone;
  const cameraOn = isOwn ? model.local.camera.on : participant.media.camera;
  return (
    <span className={styles.signs}>
      <span className={micOn ? styles.on : styles.off} role="img" aria-label={t(micOn ? 'room.micOn' : 'room.micOff')}><Icon name={micOn ? 'microphone' : 'microphoneOff'} size={20} /></span>
      <span className={cameraOn ? styles.on : styles.off} role="img" aria-label={t(cameraOn ? 'room.camOn' : 'room.camOff')}><Icon name={cameraOn ? 'camera' : 'cameraOff'} size={20} /></span>
    </span>
  );
}
