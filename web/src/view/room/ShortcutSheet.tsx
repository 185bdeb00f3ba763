import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { keysOf, shortcuts } from '../../state/shortcuts';
import { useStore } from '../../state/store';
import { Sheet } from '../parts/Sheet';
import styles from './LayoutOptions.module.css';
import { roomPreferences } from './roomPreferences';

/** Every key that does something here: the catalogue itself. */
export function ShortcutSheet({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const { pushToTalk } = useStore(roomPreferences);
  return (
    <Sheet title={t('shortcut.title')} testId="shortcuts" onClose={onClose}>
      <dl className={styles.keys}>
        {shortcuts.filter(({ id }) => id !== 'talk' || pushToTalk).map(({ id }) => (
          <Fragment key={id}>
            <dt data-testid={`shortcut-${id}`}>{keysOf(id).map((key, index) => <Fragment key={key}>{index > 0 && ' + '}<kbd>{key}</kbd></Fragment>)}</dt>
            <dd>{t(`shortcut.${id}`)}</dd>
          </Fragment>
        ))}
      </dl>
      <p className={styles.hint}>{t('shortcut.note')}</p>
    </Sheet>
  );
}
