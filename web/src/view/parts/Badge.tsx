import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import type { Badge } from '../../e2ee/mls/badge';
import '../../i18n/encryption';
import styles from './Badge.module.css';
import { Icon, type IconName } from './Icon';

// Colour, shape and word all differ: whoever does not see one of them still has the others.
const icons: Readonly<Record<Badge, IconName>> = {
  encrypted: 'lock', verified: 'shieldCheck', attention: 'alert', paused: 'pause', broadcast: 'broadcast', none: 'lockOpen',
};

/** The badge as a sign to look at. */
export function BadgeSign({ badge }: { badge: Badge }) {
  const { t } = useTranslation();
  return <span className={`${styles.badge} ${styles[badge]}`}><Icon name={icons[badge]} size={18} /><span>{t(`badge.${badge}Name`)}</span></span>;
}

/** The badge in a bar: pressed, it explains itself. */
export function BadgeButton({ badge, onPress }: { badge: Badge; onPress(): void }) {
  const { t } = useTranslation();
  return (
    <Button
      className={`${styles.badge} ${styles.press} ${styles[badge]}`} aria-label={t('badge.open', { name: t(`badge.${badge}Name`) })} aria-haspopup="dialog"
      data-testid="badge" data-badge={badge} onPress={onPress}
    >
      <Icon name={icons[badge]} size={18} />
      <span>{t(`badge.${badge}Name`)}</span>
    </Button>
  );
}
