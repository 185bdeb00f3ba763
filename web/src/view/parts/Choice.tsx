import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select, SelectValue } from 'react-aria-components/Select';
import styles from './Controls.module.css';
import { Icon, type IconName } from './Icon';

interface ChoiceProps {
  label: string;
  icon?: IconName;
  options: readonly { id: string; label: string }[];
  selected: string | null;
  empty: string;
  testId: string;
  onChoose(id: string): void;
}

/** One of several, as a list that drops down. */
export function Choice({ label, icon, options, selected, empty, testId, onChoose }: ChoiceProps) {
  const known = options.some(option => option.id === selected) ? selected : (options[0]?.id ?? null);
  return (
    <Select aria-label={label} value={known} isDisabled={options.length === 0} placeholder={empty} onChange={key => { if (key !== null) onChoose(String(key)); }}>
      <Button className={styles.select!} data-testid={testId}>
        {icon !== undefined && <Icon name={icon} size={20} />}
        <SelectValue className={styles.selectValue!}>{({ selectedText }) => (selectedText ? selectedText : empty)}</SelectValue>
        <Icon name="chevronDown" size={18} />
      </Button>
      <Popover className={styles.popover!}>
        <ListBox className={styles.menu!} items={options}>
          {option => (
            <ListBoxItem id={option.id} textValue={option.label} className={styles.option!}>
              {({ isSelected }) => (
                <>
                  <span className={styles.check}>{isSelected && <Icon name="check" size={18} />}</span>
                  <span className={styles.itemText}>{option.label}</span>
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
