import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import '../../i18n/encryption';
import { adviceFor, type Fault, type FaultAdvice } from '../../state/waiting';
import { TextButton } from '../parts/Controls';
import { useTitle } from '../parts/hooks';
import { Icon, type IconName } from '../parts/Icon';
import SafetySheet from '../parts/SafetySheet';
import { TopBar } from '../parts/TopBar';
import { navigate } from '../route';
import styles from './FaultPage.module.css';

const icons: Readonly<Record<FaultAdvice['nature'], IconName>> = { link: 'link', danger: 'alert', person: 'door', trouble: 'clock' };

/** Why the door stays shut, what it means, and what to do. Nothing was joined and nothing was sent. */
export default function FaultPage({ fault, onAgain }: { fault: Fault; onAgain(): void }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const [explains, setExplains] = useState(false);
  const { nature, again } = adviceFor(fault);
  useTitle(`${t(`fault.${fault}Title`)} · ${t('app.name')}`);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className={styles.page}>
      <TopBar />
      <main className={styles.main}>
        <div className={styles.card} data-testid={`fault-${fault}`}>
          <span className={`${styles.sign} ${styles[nature]}`}><Icon name={icons[nature]} size={38} /></span>
          <h1 ref={heading} tabIndex={-1}>{t(`fault.${fault}Title`)}</h1>
          <p className={styles.text}>{t(`fault.${fault}Text`)}</p>
          <section className={styles.do}>
            <h2>{t('fault.what')}</h2>
            <p>{t(`fault.${fault}Do`)}</p>
          </section>
          {fault !== 'removed' && <p className={styles.safe}><Icon name="lock" size={20} />{t('fault.nothingSent')}</p>}
          <div className={styles.buttons}>
            {fault === 'accountsOnly' && <TextButton data-testid="fault-sign-in" onPress={() => navigate('/sign-in')}>{t('fault.signIn')}</TextButton>}
            {again && <TextButton data-testid="fault-again" onPress={onAgain}>{t(fault === 'denied' ? 'fault.askAgain' : 'fault.again')}</TextButton>}
            <TextButton look={again || fault === 'accountsOnly' ? 'quiet' : 'primary'} data-testid="fault-home" onPress={() => navigate('/')}>{t('over.home')}</TextButton>
            <TextButton look="quiet" icon="book" data-testid="fault-safety" onPress={() => setExplains(true)}>{t('safety.title')}</TextButton>
          </div>
        </div>
      </main>
      {explains && <SafetySheet onClose={() => setExplains(false)} />}
    </div>
  );
}
