import { useEffect, useId, useRef, type KeyboardEvent } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { useTranslation } from 'react-i18next';
import { chatMaximum } from '../../e2ee/mls/content';
import { byteLength, typedText } from '../../state/chatText';
import type { ChatLock } from '../../state/moderation';
import type { Conversation } from '../../state/conversation';
import { writeHindrance, type WriteHindrance } from '../../state/mayWrite';
import { IconButton } from '../parts/Controls';
import styles from './ChatPanel.module.css';
import { MentionList, optionId } from './MentionList';
import { useMentions } from './useMentions';

/** From so many bytes before the limit on, the rest is counted. */
const countedFrom = 1_000;

const hindrances: Readonly<Record<WriteHindrance, string>> = {
  notIn: 'chat.notIn', observer: 'moderation.isObserver', frozen: 'moderation.frozen', locked: 'moderation.chatIsLocked',
};

interface ChatComposerProps {
  conversation: Conversation;
  /** Why moderators do not let one write; null: they do. */
  lock: ChatLock | null;
  /** Members who can be called by an @. */
  names: readonly string[];
  narrow: boolean;
  draft: string;
  onDraft(draft: string): void;
  onSay(text: string): void;
  onFile(file: File): void;
}

/** Where a message is written: Enter says it, Shift and Enter begin a new line. */
export function ChatComposer({ conversation, lock, names, narrow, draft, onDraft, onSay, onFile }: ChatComposerProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const hint = useId();
  const list = useId();
  const hindrance = writeHindrance(conversation, lock);
  const mayWrite = hindrance === null;
  const mentions = useMentions(field, draft, names, onDraft);
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

  const canSay = mayWrite && text !== '' && left >= 0;
  const say = () => {
    if (!canSay) return;
    onSay(draft);
    onDraft('');
    field.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (mentions.onKey(event)) return;
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
      {mentions.names.length > 0 && <MentionList id={list} names={mentions.names} active={mentions.active} onChoose={mentions.choose} />}
      <div className={styles.row}>
        <FileTrigger allowsMultiple onSelect={files => [...files ?? []].forEach(onFile)}>
          <IconButton icon="attach" label={t('talk.attach')} isDisabled={!mayWrite} data-testid="chat-attach" />
        </FileTrigger>
        <textarea
          ref={field} className={styles.field} rows={1} value={draft} placeholder={t('chat.placeholder')} aria-label={t('chat.write')} aria-describedby={hint}
          aria-invalid={left < 0} dir="auto" data-testid="chat-input" enterKeyHint="send" onKeyDown={onKey}
          aria-autocomplete="list" aria-controls={mentions.names.length > 0 ? list : undefined}
          aria-activedescendant={mentions.names.length > 0 ? optionId(list, mentions.active) : undefined}
          onSelect={mentions.follow}
          onChange={event => onDraft(event.target.value)}
          onPaste={event => {
            const files = [...event.clipboardData.files];
            if (files.length === 0 || !mayWrite) return;
            event.preventDefault();
            files.forEach(onFile);
          }}
        />
        <IconButton icon="send" look={canSay ? 'active' : 'plain'} label={t('chat.send')} isDisabled={!canSay} data-testid="chat-send" onPress={say} />
      </div>
      <p id={hint} className={left < 0 ? styles.tooLong : styles.hint} role={left < countedFrom ? 'status' : undefined} data-testid="chat-hint">
        {hindrance !== null ? t(hindrances[hindrance]) : left < 0 ? t('chat.tooLong', { count: -left }) : left < countedFrom ? t('chat.left', { count: left }) : !narrow && t('chat.keys')}
      </p>
    </form>
  );
}
