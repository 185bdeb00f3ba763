import { useTranslation } from 'react-i18next';
import styles from './ChatPanel.module.css';

interface MentionListProps {
  id: string;
  names: readonly string[];
  active: number;
  onChoose(name: string): void;
}

/** Id of a name in the list, for the field that steers it. */
export function optionId(list: string, index: number): string {
  return `${list}-${index}`;
}

/** Names to choose from after an @. The focus stays in the field; arrows there move through the list. */
export function MentionList({ id, names, active, onChoose }: MentionListProps) {
  const { t } = useTranslation();
  return (
    <>
      <ul className={styles.names} id={id} role="listbox" aria-label={t('talk.mention')} data-testid="mention-list">
        {names.map((name, index) => (
          // The field keeps the focus: pressing must not take it.
          <li
            key={name} id={optionId(id, index)} role="option" aria-selected={index === active} className={index === active ? styles.activeName : undefined}
            data-testid={`mention-${index}`} onPointerDown={event => event.preventDefault()} onClick={() => onChoose(name)}
          >
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
      <span className="visually-hidden" role="status">{t('talk.mentionFound', { count: names.length })}</span>
    </>
  );
}
