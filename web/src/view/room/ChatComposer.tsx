import { useEffect, useId, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { chatMaximum } from '../../e2ee/mls/content';
import { byteLength, typedText } from '../../state/chatText';
import type { chatLockOf } from '../../state/moderation';
import { IconButton } from '../parts/Controls';
import styles from './ChatPanel.module.css';

/** From so many bytes before the limit on, the rest is counted. */
const countedFrom = 1_000;

export type ChatLock = NonNullable<ReturnType<typeof chatLockOf>>;

const lockKeys: Readonly<Record<ChatLock, string>> = { observer: 'moderation.isObserver', frozen: 'moderation.frozen', locked: 'moderation.chatIsLocked' };

interface ChatComposerProps {
  /** Why moderators do not let one write; null: they do. */
  lock: ChatLock | null;
  /** One holds a leaf: what is written can be said. */
  isIn: boolean;
  narrow: boolean;
  draft: string;
  onDraft(draft: string): void;
  onSay(text: string): void;
}

/** Where a message is written: Enter says it, Shift and Enter begin a new line. */
export function ChatComposer({ lock, isIn, narrow, draft, onDraft, onSay }: ChatComposerProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const hint = useId();
  const text = typedText(draft);
  const left = chatMaximum - byteLength(text);

  useEffect(() => {
    if (!narrow) field.current?.focus();
  }, [narrow]);
  // As high as its text, up to what the style allows.
  useEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [draft]);

  const canSay = isIn && lock === null && text !== '' && left >= 0;
  const say = () => {
    if (!canSay) return;
    onSay(draft);
    onDraft('');
    field.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    // The Enter that ends the choice of a character is not meant for us.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    say();
  };
  return (
    <form
      className={styles.composer}
      onSubmit={event => {
        event.preventDefault();
        say();
      }}
    >
      <div className={styles.row}>
        <textarea
          ref={field} className={styles.field} rows={1} value={draft} placeholder={t('chat.placeholder')} aria-label={t('chat.write')} aria-describedby={hint}
          aria-invalid={left < 0} dir="auto" data-testid="chat-input" enterKeyHint="send" onChange={event => onDraft(event.target.value)} onKeyDown={onKey}
        />
        <IconButton icon="send" look={canSay ? 'active' : 'plain'} label={t('chat.send')} isDisabled={!canSay} data-testid="chat-send" onPress={say} />
      </div>
      <p id={hint} className={left < 0 ? styles.tooLong : styles.hint} role={left < countedFrom ? 'status' : undefined} data-testid="chat-hint">
        {lock !== null ? t(lockKeys[lock]) : !isIn ? t('chat.notIn') : left < 0 ? t('chat.tooLong', { count: -left }) : left < countedFrom ? t('chat.left', { count: left }) : !narrow && t('chat.keys')}
      </p>
    </form>
  );
}
