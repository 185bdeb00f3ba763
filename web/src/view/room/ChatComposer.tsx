import { useEffect, useId, useRef, type KeyboardEvent } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { useTranslation } from 'react-i18next';
import { chatMaximum } from '../../e2ee/mls/content';
import { byteLength, typedText } from '../../state/chatText';
import type { Audience, Conversation } from '../../state/conversation';
import { writeHindrance, type Company, type WriteHindrance } from '../../state/mayWrite';
import type { ChatLocks } from '../../state/moderation';
import { recipientsFor } from '../../state/recipients';
import { IconButton } from '../parts/Controls';
import { audienceName } from './audienceName';
import styles from './ChatPanel.module.css';
import { MentionList, optionId } from './MentionList';
import { RecipientField } from './RecipientField';
import { useMentions } from './useMentions';

/** From so many bytes before the limit on, the rest is counted. */
const countedFrom = 1_000;

const hindrances: Readonly<Record<WriteHindrance, string>> = {
  notIn: 'chat.notIn', observer: 'moderation.isObserver', frozen: 'moderation.frozen', locked: 'moderation.chatIsLocked',
  moderatorsOnly: 'moderation.privateModeratorsOnly', notPrivately: 'moderation.privateNobody', recipientGone: 'private.recipientGone',
};

interface ChatComposerProps {
  conversation: Conversation;
  locks: ChatLocks;
  /** Null where there is no group. */
  company: Company | null;
  /** Whom alone it is for; null: all. */
  to: Audience | null;
  onTo(to: Audience | null): void;
  /** Grows with each wish to answer: the field is where one writes then. */
  asked: number;
  /** Members who can be called by an @. */
  names: readonly string[];
  narrow: boolean;
  draft: string;
  onDraft(draft: string): void;
  onSay(text: string, to: Audience | null): void;
  onFile(file: File): void;
}

/** Where a message is written: Enter says it, Shift and Enter begin a new line. */
export function ChatComposer({ conversation, locks, company, to, onTo, asked, names, narrow, draft, onDraft, onSay, onFile }: ChatComposerProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const hint = useId();
  const list = useId();
  const hindrance = writeHindrance(conversation, locks, to, company);
  const mayWrite = hindrance === null;
  // Files go to all, so that none goes anywhere while a message for some is begun.
  const mayAttach = mayWrite && to === null;
  const recipients = company === null ? [] : recipientsFor(company, locks, to);
  const name = audienceName(to, t);
  const mentions = useMentions(field, draft, names, onDraft);
  const text = typedText(draft);
  const left = chatMaximum - byteLength(text);

  useEffect(() => {
    if (!narrow) field.current?.focus();
  }, [narrow]);
  useEffect(() => {
    if (asked > 0) field.current?.focus();
  }, [asked]);
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
    onSay(draft, to);
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
      className={to === null ? styles.composer : `${styles.composer} ${styles.private}`} data-to={to === null ? 'all' : to.type}
      onSubmit={event => {
        event.preventDefault();
        say();
      }}
    >
      {mentions.names.length > 0 && <MentionList id={list} names={mentions.names} active={mentions.active} onChoose={mentions.choose} />}
      {company !== null && recipients.length > 1 && <RecipientField options={recipients} to={to} company={company} onTo={onTo} />}
      <div className={styles.row}>
        <FileTrigger allowsMultiple onSelect={files => [...files ?? []].forEach(onFile)}>
          <IconButton icon="attach" label={t(to === null ? 'talk.attach' : 'private.attach')} isDisabled={!mayAttach} data-testid="chat-attach" />
        </FileTrigger>
        <textarea
          ref={field} className={styles.field} rows={1} value={draft} placeholder={to === null ? t('chat.placeholder') : t('private.placeholder')} aria-label={to === null ? t('chat.write') : t('private.write', { name })} aria-describedby={hint}
          aria-invalid={left < 0} dir="auto" data-testid="chat-input" enterKeyHint="send" onKeyDown={onKey}
          aria-autocomplete="list" aria-controls={mentions.names.length > 0 ? list : undefined}
          aria-activedescendant={mentions.names.length > 0 ? optionId(list, mentions.active) : undefined}
          onSelect={mentions.follow}
          onChange={event => onDraft(event.target.value)}
          onPaste={event => {
            const files = [...event.clipboardData.files];
            if (files.length === 0 || !mayAttach) return;
            event.preventDefault();
            files.forEach(onFile);
          }}
        />
        <IconButton icon="send" look={canSay ? 'active' : 'plain'} label={to === null ? t('chat.send') : t('private.send', { name })} isDisabled={!canSay} data-testid="chat-send" onPress={say} />
      </div>
      <p id={hint} className={left < 0 ? styles.tooLong : styles.hint} role={left < countedFrom || to !== null ? 'status' : undefined} data-testid="chat-hint">
        {hindrance !== null ? t(hindrance === 'locked' && locks.moderators === null ? 'private.lockedButModerators' : hindrances[hindrance], { name }) : left < 0 ? t('chat.tooLong', { count: -left }) : left < countedFrom ? t('chat.left', { count: left }) : to !== null ? to.type === 'moderators' ? t('private.onlyToModerators') : t('private.onlyTo', { name }) : !narrow && t('chat.keys')}
      </p>
    </form>
  );
}
