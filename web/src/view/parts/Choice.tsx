import { useState, type ComponentType } from 'react';
import { Button } from 'react-aria-components/Button';
import styles from './Controls.module.css';
import { Icon, type IconName } from './Icon';

export interface ChoiceProps {
  label: string;
  icon?: IconName;
  options: readonly { id: string; label: string }[];
  selected: string | null;
  empty: string;
  testId: string;
  onChoose(id: string): void;
}

/** The list is a third of what the join page would load otherwise: it comes when somebody reaches for it. */
const loadList = () => import('./ChoiceList');
const reach = () => void loadList().catch(() => undefined); // offline: the press tries again

/** One of several, as a list that drops down. Until it is first opened there is its button alone. */
export function Choice(props: ChoiceProps) {
  const [List, setList] = useState<ComponentType<ChoiceProps> | null>(null);
  const { label, icon, options, empty, testId } = props;
  const chosen = options.find(option => option.id === props.selected) ?? options[0] ?? null;
  if (List !== null) return <List {...props} selected={chosen?.id ?? null} />;
  const open = () => void loadList().then(({ default: list }) => setList(() => list), () => undefined);
  return (
    <Button
      className={styles.select!} data-testid={testId} aria-label={`${chosen?.label ?? empty} ${label}`} aria-haspopup="listbox" aria-expanded={false} isDisabled={options.length === 0}
      onPress={open} onHoverStart={reach} onFocus={reach} onKeyDown={event => { if (event.key === 'ArrowDown' || event.key === 'ArrowUp') open(); else event.continuePropagation(); }}
    >
      {icon !== undefined && <Icon name={icon} size={20} />}
      <span className={styles.selectValue}>{chosen?.label ?? empty}</span>
      <Icon name="chevronDown" size={18} />
    </Button>
  );
}
