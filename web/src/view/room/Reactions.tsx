import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { useTranslation } from 'react-i18next';
import { reactions, type Reaction } from '../../e2ee/mls/content';
import { IconButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import styles from './LayoutOptions.module.css';
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
    <DialogTrigger>
      <IconButton icon="smile" look="filled" label={t('react.title')} data-testid="room-react" />
      <Popover className={controls.popover!} placement="top">
        <Dialog aria-label={t('react.title')}>
          {({ close }) => (
            <ReactionRow
              onReact={reaction => {
                close();
                onReact(reaction);
              }}
            />
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
