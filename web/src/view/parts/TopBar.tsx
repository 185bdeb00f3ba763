import { useTranslation } from 'react-i18next';
import { navigate } from '../route';
import { AccountCorner } from './AccountCorner';
import { Mark } from './Mark';
import { SettingsButton } from './SettingsButton';
import styles from './TopBar.module.css';

export function TopBar() {
  const { t } = useTranslation();
  return (
    <header className={styles.bar}>
      <a className={styles.brand} href="/" aria-label={t('app.name')} onClick={event => { event.preventDefault(); navigate('/'); }}>
        <Mark size={34} />
        <span className={styles.name}>{t('app.name')}</span>
      </a>
      <span className={styles.space} />
      <AccountCorner />
      <SettingsButton />
    </header>
  );
}
