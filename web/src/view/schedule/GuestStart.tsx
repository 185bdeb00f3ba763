import { useTranslation } from 'react-i18next';
import { TextButton } from '../parts/Controls';
import { navigate } from '../route';
import styles from './Schedule.module.css';

/** In place of what starts a meeting, where guests found none. */
export function GuestStart() {
  const { t } = useTranslation();
  return (
    <section className={styles.guests} data-testid="home-guests">
      <h2>{t('guests.title')}</h2>
      <p>{t('guests.text')}</p>
      <div><TextButton icon="key" data-testid="home-sign-in" onPress={() => navigate('/sign-in')}>{t('guests.signIn')}</TextButton></div>
    </section>
  );
}
