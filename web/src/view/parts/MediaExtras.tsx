import type { ReactNode } from 'react';
import { Switch } from 'react-aria-components/Switch';
import { useTranslation } from 'react-i18next';
import '../../i18n/media';
import type { DeviceKind, EffectState, LocalMediaState } from '../../media/localMedia';
import { effectNotices } from './effectNotices';
import { Icon } from './Icon';
import styles from './MediaExtras.module.css';
import { SpeakerTest } from './SpeakerTest';

interface MediaExtrasProps {
  local: LocalMediaState;
  setEffect(kind: DeviceKind, on: boolean): void;
}

/** What may be done about one's sound and picture before entering; it comes after the page is at work. */
export default function MediaExtras({ local, setEffect }: MediaExtrasProps) {
  const { t } = useTranslation();
  const { microphone, camera } = local.effects;
  return (
    <section className={styles.extras} aria-label={t('effects.heading')}>
      <div className={styles.row}>
        <Effect testId="prejoin-blur" effect={camera} onChange={on => setEffect('camera', on)}>{t(camera.starting ? 'effects.blurStarting' : 'effects.blur')}</Effect>
        <Effect testId="prejoin-noise" effect={microphone} onChange={on => setEffect('microphone', on)}>{t(microphone.starting ? 'effects.noiseStarting' : 'effects.noise')}</Effect>
        <SpeakerTest speakerId={local.speakerId} />
      </div>
      <div role="status">
        {effectNotices(local).map(key => <p key={key} className={styles.notice} data-testid="effect-notice"><Icon name="alert" size={18} /><span>{t(key)}</span></p>)}
      </div>
    </section>
  );
}

function Effect({ testId, effect, onChange, children }: { testId: string; effect: EffectState; onChange(on: boolean): void; children: ReactNode }) {
  const state = effect.starting ? 'starting' : effect.on ? 'on' : (effect.problem ?? 'off');
  return (
    <Switch className={styles.switch!} isSelected={effect.on} onChange={onChange} data-testid={testId} data-state={state}>
      <span className={styles.track} />
      {children}
    </Switch>
  );
}
