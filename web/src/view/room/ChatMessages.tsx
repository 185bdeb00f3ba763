import { useTranslation } from 'react-i18next';
import { partsOf } from '../../state/chatText';
import { reactionsTo, type ChatGroup, type ChatMessage, type Conversation, type UnsaidMessage } from '../../state/conversation';
import { safeFileName } from '../../state/fileNames';
import { mentionsIn } from '../../state/mentions';
import type { Transfers } from '../../state/transfers';
import { TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
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
}

/** What one person said, one after another, under his name. */
export function ChatMessages({ group: { by, isOwn, messages }, conversation, isHindered, self, downloads, files, onReact }: ChatMessagesProps) {
  const { t } = useTranslation();
  const name = by === null ? '' : memberName(by, t);
  return (
    <div role="group" className={isOwn ? `${styles.group} ${styles.own}` : styles.group} aria-label={isOwn ? t('chat.you') : name}>
      <p className={styles.by}>
        <bdi className={styles.name}>{isOwn ? t('chat.you') : name}</bdi>
        {!isOwn && by?.isGuest === true && (
          <span className={styles.guest}>{by.isConfirmed && <Icon name="check" size={12} />}{t(by.isConfirmed ? 'member.confirmedGuest' : 'member.guest')}</span>
        )}
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
            <ChatReactions
              given={reactionsTo(conversation, message)} self={self} isDisabled={isHindered}
              onReact={(reaction, isOn) => onReact(message, reaction, isOn)}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface UnsaidMessagesProps {
  messages: readonly UnsaidMessage[];
  isOffline: boolean;
  actions: ConversationActions;
}

/** One's own messages that nobody else has: on their way, or given up. */
export function UnsaidMessages({ messages, isOffline, actions }: UnsaidMessagesProps) {
  const { t } = useTranslation();
  return (
    <div role="group" className={`${styles.group} ${styles.own}`} aria-label={t('chat.unsaid')}>
      <ul className={styles.messages}>
        {messages.map(message => (
          <li key={message.id} className={message.hasFailed ? `${styles.message} ${styles.failed}` : `${styles.message} ${styles.pending}`} data-testid={message.hasFailed ? 'chat-failed' : 'chat-pending'}>
            {message.file === undefined ? <Text message={message} /> : <p className={styles.text}>{safeFileName(message.file.name)}</p>}
            <p className={styles.state}>
              <Icon name={message.hasFailed ? 'alert' : 'clock'} size={16} />
              {t(message.hasFailed ? 'chat.failed' : isOffline ? 'chat.waiting' : 'chat.sending')}
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
