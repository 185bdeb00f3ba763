import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select, SelectValue } from 'react-aria-components/Select';
import type { ChoiceProps } from './Choice';
import styles from './Controls.module.css';
import { Icon } from './Icon';

/** The list of a choice, which opens as it appears. Its button takes the focus first, so that the focus comes back to it. */
export default function ChoiceList({ label, icon, options, selected, empty, testId, onChoose }: ChoiceProps) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(true), []);
  return (
    <Select
      aria-label={label} value={selected} isDisabled={options.length === 0} placeholder={empty} isOpen={isOpen} onOpenChange={setOpen}
      onChange={key => { if (key !== null) onChoose(String(key)); }}
    >
      <Button className={styles.select!} data-testid={testId} autoFocus>
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
