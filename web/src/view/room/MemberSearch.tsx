import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import { useTranslation } from 'react-i18next';
import controls from '../parts/Controls.module.css';
import { Icon } from '../parts/Icon';
import styles from './ParticipantsPanel.module.css';

/** Over the roster where it is too long to look through. */
export function MemberSearch({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useTranslation();
  return (
    <SearchField aria-label={t('find.label')} className={styles.search!} value={value} onChange={onChange}>
      <Icon name="search" size={18} />
      <Input className={`${controls.input} ${styles.searchInput}`} placeholder={t('find.label')} data-testid="members-search" />
    </SearchField>
  );
}
