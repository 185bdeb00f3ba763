import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LinkKind } from '../../e2ee/link';
import type { ClassificationLabel } from '../../state/labels';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { Icon } from '../parts/Icon';
import { LabelChoice } from '../parts/LabelChoice';
import { ShareLink } from '../parts/ShareLink';
import { Confirm } from '../parts/Sheet';
import styles from './StartChoice.module.css';

const SafetySheet = lazy(() => import('../parts/SafetySheet'));

interface StartChoiceProps {
  /** Only who has an account may keep guests out. */
  choosesLabel: boolean;
  /** Founds a meeting and gives its path, fragment included; null where that failed. */
  found(kind: LinkKind, label: ClassificationLabel): Promise<string | null>;
  /** Goes to a meeting's path. */
  enter(path: string): void;
}

type Progress = { at: 'idle' } | { at: 'founding' } | { at: 'failed' } | { at: 'ready'; kind: LinkKind; path: string };

/** Encrypted by default, with one press. The open broadcast is another thing, in another place, and asks first. */
export function StartChoice({ choosesLabel, found, enter }: StartChoiceProps) {
  const { t } = useTranslation();
  const [progress, setProgress] = useState<Progress>({ at: 'idle' });
  const [chosen, setChosen] = useState<ClassificationLabel>('biasa');
  const label = choosesLabel ? chosen : 'biasa';
  const [asking, setAsking] = useState(false);
  const [explains, setExplains] = useState(false);
  const busy = progress.at === 'founding';

  const start = async (kind: LinkKind, then: 'enter' | 'show') => {
    setProgress({ at: 'founding' });
    const path = await found(kind, label);
    if (path === null) setProgress({ at: 'failed' });
    else if (then === 'enter') enter(path);
    else setProgress({ at: 'ready', kind, path });
  };

  if (progress.at === 'ready') {
    return (
      <section className={styles.start} data-testid={`start-ready-${progress.kind}`}>
        <div role="status"><h2 className={styles.ready}><Icon name="check" />{t(progress.kind === 'encrypted' ? 'start.readyTitle' : 'start.readyBroadcastTitle')}</h2></div>
        <ShareLink url={location.origin + progress.path} kind={progress.kind} />
        <div className={styles.row}>
          <TextButton data-testid="start-enter" onPress={() => enter(progress.path)}>{t('start.enter')}</TextButton>
          <TextButton look="quiet" data-testid="start-another" onPress={() => setProgress({ at: 'idle' })}>{t('start.another')}</TextButton>
        </div>
      </section>
    );
  }
  return (
    <section className={styles.start}>
      <div className={styles.main}>
        {choosesLabel && <LabelChoice chosen={chosen} testId="label" onChoose={setChosen} />}
        <TextButton icon="lock" data-testid="home-start" isDisabled={busy} onPress={() => void start('encrypted', 'enter')}>{t(busy ? 'home.starting' : 'start.encrypted')}</TextButton>
        <p className={styles.note}>{t('start.encryptedNote')} <button type="button" className={styles.more} data-testid="start-safety" onClick={() => setExplains(true)}>{t('start.safety')}</button></p>
        <TextButton look="quiet" icon="link" data-testid="start-link" isDisabled={busy} onPress={() => void start('encrypted', 'show')}>{t('start.link')}</TextButton>
        {progress.at === 'failed' && <p className={controls.error} role="alert" data-testid="home-error">{t('home.startFailed')}</p>}
      </div>
      <div className={styles.broadcast}>
        <Icon name="broadcast" />
        <h2>{t('start.broadcastHead')}</h2>
        <p>{t('start.broadcastNote')}</p>
        <button type="button" className={styles.open} data-testid="start-broadcast" disabled={busy} onClick={() => setAsking(true)}>{t('start.broadcast')}</button>
      </div>
      {asking && (
        <Confirm
          title={t('start.broadcastTitle')} confirm={t('start.broadcastDo')} cancel={t('start.encryptedInstead')} onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            void start('openBroadcast', 'show');
          }}
        >
          <p>{t('start.broadcastText')}</p>
        </Confirm>
      )}
      {explains && <Suspense><SafetySheet onClose={() => setExplains(false)} /></Suspense>}
    </section>
  );
}
