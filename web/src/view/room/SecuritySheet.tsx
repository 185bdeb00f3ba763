import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Badge } from '../../e2ee/mls/badge';
import { counterDiffers, type EncryptionActions, type EncryptionView } from '../../state/encryption';
import { BadgeSign } from '../parts/Badge';
import { TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import { SafetyArticle } from '../parts/SafetyArticle';
import { Sheet } from '../parts/Sheet';
import { CodeComparison } from './CodeComparison';
import styles from './SecuritySheet.module.css';

interface SecuritySheetProps {
  badge: Badge;
  view: EncryptionView | null;
  actions: EncryptionActions | null;
  onLeave(): void;
  onClose(): void;
}

/** What the badge says at length: the state, the counter, the codes to compare, and the way to the whole explanation. */
export function SecuritySheet({ badge, view, actions, onLeave, onClose }: SecuritySheetProps) {
  const { t } = useTranslation();
  const [explains, setExplains] = useState(false);
  if (explains) {
    return (
      <Sheet key="article" title={t('safety.title')} wide testId="safety" onClose={onClose}>
        <div className={styles.back}><TextButton small look="quiet" icon="chevronLeft" data-testid="safety-back" autoFocus onPress={() => setExplains(false)}>{t('safety.back')}</TextButton></div>
        <SafetyArticle />
      </Sheet>
    );
  }
  return (
    <Sheet key="security" title={t('verify.title')} testId="security" onClose={onClose}>
      <div className={styles.sheet}>
        <div className={`${styles.state} ${styles[badge]}`}>
          <BadgeSign badge={badge} />
          <p>{t(`badge.${badge}Text`)}</p>
        </div>
        {view !== null && view.generation > 1 && <Generation view={view} />}
        {view !== null && <CodeComparison view={view} actions={actions} onLeave={onLeave} />}
        {view !== null && (
          <section className={styles.counter}>
            <h3>{t('badge.counterTitle')}</h3>
            <p className={styles.numbers}>{t('badge.counter', { ...view.counter })}</p>
            <p className={styles.hint}>{t(counterDiffers(view.counter) ? 'badge.counterDiffers' : 'badge.counterEqual')}</p>
          </section>
        )}
        <TextButton look="quiet" icon="book" data-testid="security-explain" onPress={() => setExplains(true)}>{t('verify.explain')}</TextButton>
      </div>
    </Sheet>
  );
}

function Generation({ view }: { view: EncryptionView }) {
  const { t } = useTranslation();
  return <p className={styles.generation} data-testid="security-generation"><Icon name="alert" size={20} />{t('badge.generation', { number: view.generation })}</p>;
}
