import { useTranslation } from 'react-i18next';
import type { Badge } from '../../e2ee/mls/badge';
import { counterDiffers, type EncryptionView } from '../../state/encryption';
import { BadgeButton } from '../parts/Badge';
import styles from './RoomPage.module.css';

/** The bar above the stage: what protects the meeting, and whether the numbers fit. */
export function RoomBar({ badge, view, onOpen }: { badge: Badge; view: EncryptionView | null; onOpen(): void }) {
  const { t } = useTranslation();
  return (
    <header className={styles.bar}>
      <BadgeButton badge={badge} onPress={onOpen} />
      {view !== null && (
        <span className={`${styles.counter} ${counterDiffers(view.counter) ? styles.differs : ''}`} data-testid="room-counter">
          {t('badge.counter', { ...view.counter })}
        </span>
      )}
    </header>
  );
}
