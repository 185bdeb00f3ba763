import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useTranslation } from 'react-i18next';
import { reactions } from '../../e2ee/mls/messageReactionContent';
import type { Speaker } from '../../state/conversation';
import { Icon } from '../parts/Icon';
import styles from './ChatReactions.module.css';
import { memberName } from './memberName';
import { ChatReactionSign, reactionNames } from './ChatReactionSign';

interface ChatReactionsProps {
  /** By reaction and person. */
  given: ReadonlyMap<number, ReadonlyMap<string, Speaker>>;
  /** Oneself, as a person. */
  self: string | null;
  isDisabled: boolean;
  onReact(reaction: number, isOn: boolean): void;
}

/** What others answered without words, and the way to do so oneself. */
export function ChatReactions({ given, self, isDisabled, onReact }: ChatReactionsProps) {
  const { t } = useTranslation();
  const has = (reaction: number) => self !== null && given.get(reaction)?.has(self) === true;
  const nameOf = (reaction: number) => t(reactionNames[reactions[reaction]!]);
  return (
    <>
      <MenuTrigger>
        <Button className={styles.add!} isDisabled={isDisabled} aria-label={t('talk.react')} data-testid="chat-react"><Icon name="smile" size={18} /></Button>
        <Popover className={styles.popover!} placement="top">
          <Menu className={styles.menu!} aria-label={t('talk.react')} onAction={key => onReact(Number(key), !has(Number(key)))}>
            {reactions.map((reaction, index) => (
              <MenuItem key={index} id={String(index)} className={styles.choice!} textValue={nameOf(index)} aria-label={nameOf(index)}><ChatReactionSign reaction={reaction} size={24} /></MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      {given.size > 0 && (
        <div className={styles.reactions} role="group" aria-label={t('talk.reactions')}>
          {[...given].sort(([a], [b]) => a - b).map(([reaction, people]) => (
            <Button
              key={reaction} className={has(reaction) ? `${styles.reaction} ${styles.own}` : styles.reaction!} isDisabled={isDisabled} aria-pressed={has(reaction)}
              aria-label={t('talk.reacted', { reaction: nameOf(reaction), number: people.size, names: [...people.values()].map(by => memberName(by, t)).join(', ') })}
              data-testid={`chat-reaction-${reaction}`} onPress={() => onReact(reaction, !has(reaction))}
            >
              <ChatReactionSign reaction={reactions[reaction]!} size={16} />{people.size}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}
