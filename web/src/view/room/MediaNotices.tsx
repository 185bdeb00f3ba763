import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import '../../i18n/media';
import { watchLevel } from '../../media/level';
import type { LocalMediaState } from '../../media/localMedia';
import { SilenceWatch } from '../../media/silenceWatch';
import { TextButton } from '../parts/Controls';
import { effectNotices } from '../parts/effectNotices';
import { Icon } from '../parts/Icon';
import styles from './RoomPage.module.css';

/** A microphone that is on and has given nothing for so long is pointed out, ms. */
const patience = 15_000;

/** What the person must know of their own sound and picture. */
export function MediaNotices({ local }: { local: LocalMediaState }) {
  const { t } = useTranslation();
  const silent = useSilence(local.microphone.on ? local.microphone.track : null);
  const [dismissed, setDismissed] = useState(false);
  useEffect(() => setDismissed(false), [silent]);
  return (
    <>
      {effectNotices(local).map(key => (
        <div key={key} className={styles.banner} role="status" data-testid="effect-notice"><Icon name="alert" size={20} /><span>{t(key)}</span></div>
      ))}
      {silent && !dismissed && (
        <div className={styles.banner} role="status" data-testid="room-silent">
          <Icon name="microphone" size={20} />
          <span>{t('sound.silent')}</span>
          <TextButton small look="quiet" data-testid="room-silent-close" onPress={() => setDismissed(true)}>{t('sound.dismiss')}</TextButton>
        </div>
      )}
    </>
  );
}

function useSilence(track: MediaStreamTrack | null): boolean {
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    setSilent(false);
    if (track === null || track.kind !== 'audio') return;
    const watch = new SilenceWatch(patience, performance.now());
    return watchLevel(track, level => setSilent(watch.hear(level, performance.now())));
  }, [track]);
  return silent;
}
