import { useTranslation } from 'react-i18next';
import { partsOf } from '../../state/chatText';
import { reactionsTo, type Audience, type ChatGroup, type ChatMessage, type Conversation, type UnsaidMessage } from '../../state/conversation';
import { safeFileName } from '../../state/fileNames';
import type { Company } from '../../state/mayWrite';
import { mentionsIn } from '../../state/mentions';
import { isThere } from '../../state/recipients';
import type { Transfers } from '../../state/transfers';
import { TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import { audienceName } from './audienceName';
import { ChatFile } from './ChatFile';
import styles from './ChatPanel.module.css';
import { ChatReactions } from './ChatReactions';
import { memberName } from './memberName';
import type { ConversationActions } from './model';
import type { TalkActions } from './talk';

interface ChatMessagesProps {
  group: ChatGroup;
  conversation: Conversation;
  /** One may not write now, and so not react. */
  isHindered: boolean;
  /** Oneself, as a person. */
  self: string | null;
  downloads: Transfers['downloads'];
  files: TalkActions['files'];
  onReact: ConversationActions['react'];
  onAnswer(to: Audience): void;
}

/** What one person said, one after another, under his name. */
export function ChatMessages({ group: { by, isOwn, messages }, conversation, isHindered, self, downloads, files, onReact, onAnswer }: ChatMessagesProps) {
  const { t } = useTranslation();
  const name = by === null ? '' : memberName(by, t);
  const { to, answer } = messages[0]!;
  const who = isOwn ? t('chat.you') : name;
  return (
    <div
      role="group" className={[styles.group, isOwn && styles.own, to !== undefined && styles.private].filter(Boolean).join(' ')}
      aria-label={to === undefined ? who : `${who}, ${privateWord(to, isOwn, t)}`} data-private={to === undefined ? undefined : to.type}
    >
      <p className={styles.by}>
        <bdi className={styles.name}>{who}</bdi>
        {!isOwn && by?.isGuest === true && (
          <span className={styles.guest}>{by.isConfirmed && <Icon name="check" size={12} />}{t(by.isConfirmed ? 'member.confirmedGuest' : 'member.guest')}</span>
        )}
        {to !== undefined && <PrivateSign to={to} isOwn={isOwn} />}
        <Time at={messages[0]!.at} />
      </p>
      <ul className={styles.messages}>
        {messages.map(message => (
          <li key={message.id} className={styles.entry}>
            <div className={message.isForSelf === true ? `${styles.message} ${styles.called}` : styles.message} data-testid="chat-message">
              {message.file === undefined
                ? <Text message={message} />
                : <ChatFile note={message.file} download={downloads.get(message.file.file) ?? null} actions={files} />}
            </div>
            {to === undefined && (
              <ChatReactions
                given={reactionsTo(conversation, message)} self={self} isDisabled={isHindered}
                onReact={(reaction, isOn) => onReact(message, reaction, isOn)}
              />
            )}
          </li>
        ))}
      </ul>
      {answer !== undefined && <TextButton small look="quiet" data-testid="chat-answer" aria-label={t('private.answerTo', { name })} onPress={() => onAnswer(answer)}>{t('private.answer')}</TextButton>}
    </div>
  );
}

type Words = (key: string, values?: Record<string, unknown>) => string;

function privateWord(to: Audience, isOwn: boolean, t: Words): string {
  return isOwn || to.type === 'moderators' ? t('private.wordTo', { name: audienceName(to, t) }) : t('private.word');
}

/** That a message is for some alone: as a word and not as a colour only. */
function PrivateSign({ to, isOwn }: { to: Audience; isOwn: boolean }) {
  const { t } = useTranslation();
  return <span className={styles.privateSign} data-testid="chat-private"><Icon name="lock" size={12} />{privateWord(to, isOwn, t)}</span>;
}

interface UnsaidMessagesProps {
  messages: readonly UnsaidMessage[];
  isOffline: boolean;
  /** Null where there is no group. */
  company: Company | null;
  actions: ConversationActions;
}

/** One's own messages that nobody else has: on their way, or given up. */
export function UnsaidMessages({ messages, isOffline, company, actions }: UnsaidMessagesProps) {
  const { t } = useTranslation();
  return (
    <div role="group" className={`${styles.group} ${styles.own}`} aria-label={t('chat.unsaid')}>
      <ul className={styles.messages}>
        {messages.map(message => (
          <li key={message.id} className={message.hasFailed ? `${styles.message} ${styles.failed}` : `${styles.message} ${styles.pending}`} data-testid={message.hasFailed ? 'chat-failed' : 'chat-pending'}>
            {message.file === undefined ? <Text message={message} /> : <p className={styles.text}>{safeFileName(message.file.name)}</p>}
            {message.to !== undefined && <PrivateSign to={message.to} isOwn />}
            <p className={styles.state}>
              <Icon name={message.hasFailed ? 'alert' : 'clock'} size={16} />
              {message.hasFailed && message.to !== undefined && company !== null && !isThere(message.to, company)
                ? t('private.failedGone', { name: audienceName(message.to, t) })
                : t(message.hasFailed ? 'chat.failed' : isOffline ? 'chat.waiting' : 'chat.sending')}
            </p>
            {message.hasFailed && (
              <div className={styles.again}>
                <TextButton small look="quiet" data-testid="chat-discard" onPress={() => actions.discard(message.id)}>{t('chat.discard')}</TextButton>
                <TextButton small data-testid="chat-retry" onPress={() => actions.retry(message.id)}>{t('chat.retry')}</TextButton>
              </div>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One was out of the group here. */
export function ChatGap({ at }: { at: number }) {
  const { t } = useTranslation();
  return <p className={styles.note} data-testid="chat-gap"><Icon name="key" size={16} /><span>{t('chat.gap')} <Time at={at} /></span></p>;
}

function Text({ message }: { message: ChatMessage }) {
  return (
    <p className={styles.text} dir="auto">
      {partsOf(message.text).map(({ text, href }, index) => (href === null
        ? <Called key={index} text={text} names={message.mentions ?? []} />
        : <a key={index} href={href} target="_blank" rel="noopener noreferrer" dir="ltr">{text}</a>))}
    </p>
  );
}

/** Words, with the names in them that call somebody. */
function Called({ text, names }: { text: string; names: readonly string[] }) {
  let from = 0;
  const parts = mentionsIn(text, names).flatMap(({ start, end }) => {
    const before = text.slice(from, start);
    from = end;
    return [<span key={start}>{before}</span>, <strong key={end} className={styles.mention} data-testid="chat-mention">{text.slice(start, end)}</strong>];
  });
  return <>{parts}<span>{text.slice(from)}</span></>;
}

function Time({ at }: { at: number }) {
  const { i18n } = useTranslation();
  const moment = new Date(at);
  return <time dateTime={moment.toISOString()}>{moment.toLocaleTimeString(i18n.language, { hour: '2-digit', minute: '2-digit' })}</time>;
}
