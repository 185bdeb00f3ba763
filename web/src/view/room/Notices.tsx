import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../state/store';
import { TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import type { RoomActions, RoomModel } from './model';
import { reasonKey } from './moderation/reasons';
import { roomPreferences } from './roomPreferences';
import styles from './RoomPage.module.css';
import { useMutedSpeech } from './useMutedSpeech';

/** Says that the person speaks while muted, and where moderators do not let him be heard, that instead of an offer to unmute. */
export function MutedNudge({ model, actions }: { model: RoomModel; actions: RoomActions }) {
  const { t } = useTranslation();
  const { mutedNudge } = useStore(roomPreferences);
  const { speaks, dismiss } = useMutedSpeech(model.local.microphone, mutedNudge);
  if (!speaks) return null;
  const lock = model.moderation?.refusals.microphone ?? null;
  return (
    <div className={`${styles.toast} ${styles.asking}`} role="status" data-testid="muted-nudge" data-lock={lock}>
      <Icon name="microphoneOff" size={20} />
      <span>{lock === null ? t('nudge.text') : `${t('nudge.unheard')} ${t(reasonKey(lock))}.`}</span>
      {lock === null && <TextButton small data-testid="muted-nudge-unmute" onPress={() => actions.setOn('microphone', true)}>{t('nudge.unmute')}</TextButton>}
      <TextButton small look="quiet" data-testid="muted-nudge-close" onPress={dismiss}>{t('nudge.close')}</TextButton>
    </div>
  );
}

/** After so long alone the person is asked, minutes. */
const idleMinutes = 10;

/** A room that was forgotten is spoken of; nobody is thrown out, since somebody may yet come. */
export function IdleNotice({ isAlone, onLeave }: { isAlone: boolean; onLeave(): void }) {
  const { t } = useTranslation();
  const [minutes, setMinutes] = useState(0);
  useEffect(() => {
    setMinutes(0);
    if (!isAlone) return;
    const timer = setInterval(() => setMinutes(before => before + 1), 60_000);
    return () => clearInterval(timer);
  }, [isAlone]);
  if (minutes < idleMinutes) return null;
  return (
    <div className={`${styles.banner} ${styles.calm}`} role="status" data-testid="idle-notice">
      <span>{t('idle.text', { count: minutes })}</span>
      <TextButton small look="quiet" onPress={() => setMinutes(0)}>{t('idle.stay')}</TextButton>
      <TextButton small look="danger" onPress={onLeave}>{t('controls.leaveMeeting')}</TextButton>
    </div>
  );
}
