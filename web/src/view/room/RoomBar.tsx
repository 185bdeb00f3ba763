import { useTranslation } from 'react-i18next';
import type { Badge } from '../../e2ee/mls/badge';
import { counterDiffers, type EncryptionView } from '../../state/encryption';
import { isLabel } from '../../state/labels';
import { BadgeButton } from '../parts/Badge';
import styles from './RoomPage.module.css';

/** The bar above the stage: what protects the meeting, and whether the numbers fit. */
export function RoomBar({ badge, view, onOpen }: { badge: Badge; view: EncryptionView | null; onOpen(): void }) {
  const { t } = useTranslation();
  return (
    <header className={styles.bar}>
      <h1 className="visually-hidden">{t('room.title')}</h1>
      <BadgeButton badge={badge} onPress={onOpen} />
      {view?.label != null && <LabelSign label={view.label} />}
      {view !== null && (
        <span className={`${styles.counter} ${counterDiffers(view.counter) ? styles.differs : ''}`} data-testid="room-counter">
          {t('badge.counter', { ...view.counter })}
        </span>
      )}
    </header>
  );
}

/** The classification label, spelt out: what it allows stands in its title. */
function LabelSign({ label }: { label: string }) {
  const { t } = useTranslation();
  return isLabel(label)
    ? <span className={styles.label} data-testid="room-label" data-label={label} title={t(`label.${label}Text`)}>{t(`label.${label}`)}</span>
    : <span className={styles.label} data-testid="room-label" data-label={label}>{label}</span>;
}
