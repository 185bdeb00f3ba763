import { useTranslation } from 'react-i18next';
import { useStore } from '../../state/store';
import { installOffer } from '../install';
import { TextButton } from './Controls';
import styles from './SettingsDialog.module.css';

/** Offers to install the application where the browser can; says how where only the person can (Safari on a telephone); else nothing. */
export function InstallChoice() {
  const { t } = useTranslation();
  const offer = useStore(installOffer);
  if (offer !== null) {
    return (
      <div>
        {/* An offer holds for one question, whatever the answer: the browser makes another when it wants to. */}
        <TextButton data-testid="settings-install" onPress={() => { installOffer.set(null); void offer.prompt(); }}>{t('settings.install')}</TextButton>
        <p className={styles.note}>{t('settings.installNote')}</p>
      </div>
    );
  }

  return 'standalone' in navigator && navigator.standalone === false ? <p className={styles.note}>{t('settings.installApple')}</p> : null;
}
