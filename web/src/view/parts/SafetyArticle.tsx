import { useTranslation } from 'react-i18next';
import type { Badge } from '../../e2ee/mls/badge';
import '../../i18n/encryption';
import { BadgeSign } from './Badge';
import { Icon, type IconName } from './Icon';
import styles from './SafetyArticle.module.css';

interface Section {
  title: string;
  icon: IconName;
  look: 'good' | 'open' | 'plain';
  points: readonly string[];
}

const sections: readonly Section[] = [
  {
    title: 'safety.protectedTitle', icon: 'shieldCheck', look: 'good',
    points: ['safety.keepsContent', 'safety.keepsOut', 'safety.keepsPast', 'safety.keepsFuture', 'safety.keepsClosed'],
  },
  {
    title: 'safety.openTitle', icon: 'eye', look: 'open',
    points: ['safety.openCode', 'safety.openWho', 'safety.openRecord', 'safety.openImitate', 'safety.openDevice', 'safety.openBroadcast'],
  },
  {
    title: 'safety.operatorTitle', icon: 'settings', look: 'open',
    points: ['safety.operatorCut', 'safety.operatorFork', 'safety.operatorAnew', 'safety.operatorKeep', 'safety.operatorName'],
  },
  {
    title: 'safety.admitTitle', icon: 'door', look: 'plain',
    points: ['safety.admitWho', 'safety.admitReturn', 'safety.admitGuest', 'safety.admitInstitution'],
  },
];

const badges: readonly Badge[] = ['encrypted', 'verified', 'attention', 'paused', 'broadcast', 'none'];

/** What is protected, what is not and what a person can check, in plain words (docs/e2ee.md §19, §20, §24, §25). */
export function SafetyArticle() {
  const { t } = useTranslation();
  return (
    <article className={styles.article}>
      <p className={styles.lead}>{t('safety.lead')}</p>
      {sections.map(({ title, icon, look, points }) => (
        <section key={title} className={`${styles.section} ${styles[look]}`}>
          <h3><Icon name={icon} />{t(title)}</h3>
          <ul>{points.map(point => <li key={point}>{t(point)}</li>)}</ul>
        </section>
      ))}
      <section className={`${styles.section} ${styles.plain}`}>
        <h3><Icon name="key" />{t('safety.compareTitle')}</h3>
        <ol>
          {['safety.compareOpen', 'safety.compareRead', 'safety.compareAll', 'safety.compareAgain'].map(step => <li key={step}>{t(step)}</li>)}
        </ol>
      </section>
      <section className={`${styles.section} ${styles.plain}`}>
        <h3><Icon name="lock" />{t('safety.badgesTitle')}</h3>
        <dl className={styles.badges}>
          {badges.map(badge => (
            <div key={badge}><dt><BadgeSign badge={badge} /></dt><dd>{t(`badge.${badge}Text`)}</dd></div>
          ))}
        </dl>
      </section>
      <section className={`${styles.section} ${styles.plain}`}>
        <h3><Icon name="people" />{t('safety.countersTitle')}</h3>
        <p>{t('safety.counters')}</p>
      </section>
    </article>
  );
}
