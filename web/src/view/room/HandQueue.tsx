import { useTranslation } from 'react-i18next';
import { memberAt, type EncryptionView } from '../../state/encryption';
import { TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import { memberName } from './memberName';
import styles from './ParticipantsPanel.module.css';

/** Whose turn it is: the raised hands, in the order in which they were raised. */
export function HandQueue({ view, onLower }: { view: EncryptionView; onLower(): void }) {
  const { t } = useTranslation();
  if (view.hands.length === 0) return null;
  return (
    <section className={styles.hands} aria-label={t('hand.title')} data-testid="hand-queue">
      <div className={styles.sectionHead}><h3>{t('hand.title')} <span>{view.hands.length}</span></h3></div>
      <ol className={styles.rows}>
        {view.hands.map((leaf, index) => {
          const member = memberAt(view, leaf);
          const isOwn = leaf === view.ownLeaf;
          return member !== null && (
            <li key={leaf} className={styles.hand} data-testid={`hand-${leaf}`}>
              <span className={styles.turn}>{index + 1}</span>
              <Icon name="hand" size={20} />
              <span className={styles.handName}>{isOwn ? t('room.yourTile', { name: memberName(member, t) }) : memberName(member, t)}</span>
              {isOwn && <TextButton small look="quiet" data-testid="hand-lower" onPress={onLower}>{t('hand.lowerShort')}</TextButton>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
