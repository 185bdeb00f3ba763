import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { reactions, type Reaction } from '../../e2ee/mls/content';
import styles from './LayoutOptions.module.css';
import { PopoverButton } from './PopoverButton';
import { ReactionSign } from './ReactionSign';

/** The signs to choose from. */
export function ReactionRow({ onReact }: { onReact(reaction: Reaction): void }) {
  const { t } = useTranslation();
  return (
    <div className={styles.reactions} role="group" aria-label={t('react.title')}>
      {reactions.map((reaction, index) => (
        <Button key={reaction} aria-label={t(`react.${reaction}`)} autoFocus={index === 0} data-testid={`react-${reaction}`} onPress={() => onReact(reaction)}>
          <ReactionSign reaction={reaction} />
        </Button>
      ))}
    </div>
  );
}

/** The signs behind a button of the toolbar. */
export function ReactionButton({ onReact }: { onReact(reaction: Reaction): void }) {
  const { t } = useTranslation();
  return (
    <PopoverButton icon="smile" label={t('react.title')} testId="room-react">
      {close => (
        <ReactionRow
          onReact={reaction => {
            close();
            onReact(reaction);
          }}
        />
      )}
    </PopoverButton>
  );
}
