import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { groupsOf, unseen, type Conversation } from '../../state/conversation';
import { IconButton, TextButton } from '../parts/Controls';
import { useSize } from '../parts/hooks';
import { Icon } from '../parts/Icon';
import { ChatComposer, type ChatLock } from './ChatComposer';
import { ChatGap, ChatMessages, UnsaidMessages } from './ChatMessages';
import type { ConversationActions } from './model';
import styles from './ChatPanel.module.css';

interface ChatPanelProps {
  conversation: Conversation;
  actions: ConversationActions;
  isOffline: boolean;
  /** Why moderators do not let one write; null: they do. */
  lock: ChatLock | null;
  /** A telephone: its keyboard comes up when the person wants to write, not when he wants to read. */
  narrow: boolean;
  /** What is written and not said; it outlives the panel. */
  draft: string;
  onDraft(draft: string): void;
  onClose(): void;
}

/** So far from its end the list still counts as read to the end, pixels. */
const nearEnd = 48;

/** What is said in the meeting, and where one says something. */
export function ChatPanel({ conversation, actions, isOffline, lock, narrow, draft, onDraft, onClose }: ChatPanelProps) {
  const { t } = useTranslation();
  const { items, unsaid, arrived, isIn } = conversation;
  const list = useRef<HTMLDivElement>(null);
  const [measure, { height }] = useSize();
  const [isAtEnd, setAtEnd] = useState(true);
  const groups = useMemo(() => groupsOf(items), [items]);
  const missed = unseen(conversation);

  const toEnd = useCallback(() => {
    const element = list.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, []);
  const attach = useCallback((element: HTMLDivElement | null) => {
    list.current = element;
    measure(element);
  }, [measure]);
  // The field below takes its height from the list, and a keyboard on the screen from both.
  useLayoutEffect(() => {
    if (isAtEnd) toEnd();
  }, [items, unsaid, height, isAtEnd, toEnd]);
  useLayoutEffect(() => {
    if (isAtEnd) actions.see();
  }, [arrived, isAtEnd, actions]);
  const say = (text: string) => {
    setAtEnd(true);
    actions.say(text);
  };

  return (
    <aside className={styles.panel} id="chat-panel" aria-label={t('chat.title')} data-testid="chat-panel" onKeyDown={event => { if (event.key === 'Escape') onClose(); }}>
      <header className={styles.head}>
        <h2>{t('chat.title')}</h2>
        <IconButton icon="close" label={t('chat.close')} data-testid="chat-close" onPress={onClose} autoFocus={narrow} />
      </header>
      <div
        className={styles.list} ref={attach} tabIndex={0} role="group" aria-label={t('chat.messages')} data-testid="chat-list"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => setAtEnd(scrollHeight - scrollTop - clientHeight < nearEnd)}
      >
        {items.length + unsaid.length === 0 ? <Nothing /> : <Beginning conversation={conversation} />}
        {groups.map(group => ('messages' in group
          ? <ChatMessages key={group.key} group={group} />
          : <ChatGap key={group.key} at={group.gapAt} />))}
        {unsaid.length > 0 && <UnsaidMessages messages={unsaid} isOffline={isOffline} actions={actions} />}
      </div>
      {missed > 0 && !isAtEnd && (
        <div className={styles.jump}>
          <TextButton small icon="chevronDown" data-testid="chat-jump" onPress={() => setAtEnd(true)}>{t('chat.new', { count: missed })}</TextButton>
        </div>
      )}
      <ChatComposer lock={lock} isIn={isIn} narrow={narrow} draft={draft} onDraft={onDraft} onSay={say} />
    </aside>
  );
}

function Nothing() {
  const { t } = useTranslation();
  return (
    <div className={styles.empty} data-testid="chat-empty">
      <Icon name="chat" size={40} />
      <p className={styles.emptyTitle}>{t('chat.empty')}</p>
      <p>{t('chat.emptyText')}</p>
    </div>
  );
}

function Beginning({ conversation: { since, isCut } }: { conversation: Conversation }) {
  const { t, i18n } = useTranslation();
  const time = new Date(since ?? 0).toLocaleTimeString(i18n.language, { hour: '2-digit', minute: '2-digit' });
  return (
    <p className={styles.note} data-testid="chat-beginning">
      <Icon name="lock" size={16} />
      <span>{t(isCut ? 'chat.cut' : 'chat.beginning', { time })}</span>
    </p>
  );
}
