import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox } from 'react-aria-components/ComboBox';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { useTranslation } from 'react-i18next';
import { audienceKey, type Audience } from '../../state/conversation';
import type { Company } from '../../state/mayWrite';
import { isThere } from '../../state/recipients';
import controls from '../parts/Controls.module.css';
import { Icon } from '../parts/Icon';
import styles from './ChatPanel.module.css';
import { audienceName } from './audienceName';
import { memberName } from './memberName';

interface RecipientFieldProps {
  /** Null: all. */
  options: readonly (Audience | null)[];
  to: Audience | null;
  company: Company;
  onTo(to: Audience | null): void;
}

/** Keys are not empty, and those of people not the word for all. */
const all = 'all';

/** Whom the next message is for: a list that is searched by typing. */
export function RecipientField({ options, to, company, onTo }: RecipientFieldProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const items = options.map(option => ({ id: audienceKey(option) || all, audience: option, label: labelOf(option, company, t) }));
  return (
    <ComboBox
      className={to === null ? styles.recipient! : `${styles.recipient} ${styles.recipientPrivate}`} defaultItems={items} value={audienceKey(to) || all} menuTrigger="focus"
      onOpenChange={setOpen}
      onChange={key => {
        const chosen = items.find(({ id }) => id === key);
        if (chosen !== undefined) onTo(chosen.audience);
      }}
    >
      <Label className={styles.recipientLabel!}>{t('private.to')}</Label>
      {/* Escape closes the list, and not the panel around it. */}
      <span className={styles.recipientBox} onKeyDown={event => { if (event.key === 'Escape' && isOpen) event.stopPropagation(); }}>
        {to !== null && <Icon name="lock" size={16} />}
        <Input className={styles.recipientInput!} data-testid="chat-to" />
        <Button className={styles.recipientButton!} aria-label={t('private.choose')} data-testid="chat-to-open"><Icon name="chevronDown" size={18} /></Button>
      </span>
      <Popover className={controls.popover!}>
        <ListBox className={controls.menu!} renderEmptyState={() => <p className={styles.hint}>{t('private.nobody')}</p>}>
          {(item: (typeof items)[number]) => (
            <ListBoxItem id={item.id} textValue={item.label} className={controls.option!} data-testid={`chat-to-${item.id}`}>
              {({ isSelected }) => (
                <>
                  <span className={controls.check}>{isSelected && <Icon name="check" size={18} />}</span>
                  <span className={controls.itemText}>{item.label}</span>
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

/** Names are not unique: what else is known of a person stands beside them. */
function labelOf(audience: Audience | null, company: Company, t: (key: string, values?: Record<string, unknown>) => string): string {
  if (audience?.type !== 'person') return audienceName(audience, t);
  const member = company.members.find(({ person }) => person === audience.person);
  if (member === undefined || !isThere(audience, company)) return t('private.gone', { name: audienceName(audience, t) });
  const name = memberName(member, t);
  const isAlone = company.members.every(other => other.person === member.person || memberName(other, t) !== name);
  const known = member.isGuest ? t('member.guest') : member.organization;
  return [name, known, isAlone ? '' : String(member.leaf)].filter(part => part !== '').join(' · ');
}
