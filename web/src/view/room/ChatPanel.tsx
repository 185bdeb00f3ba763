import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { groupsOf, unseen, type Audience, type Conversation } from '../../state/conversation';
import type { EncryptionView } from '../../state/encryption';
import { writeHindrance } from '../../state/mayWrite';
import type { ChatLocks } from '../../state/moderation';
import { IconButton, TextButton } from '../parts/Controls';
import { useSize } from '../parts/hooks';
import { Icon } from '../parts/Icon';
import { ChatComposer } from './ChatComposer';
import { ChatUploads } from './ChatFile';
import { ChatGap, ChatMessages, UnsaidMessages } from './ChatMessages';
import { ChatSearch, ChatTools, matching } from './ChatTools';
import type { ConversationActions } from './model';
import styles from './ChatPanel.module.css';
import type { TalkActions, TalkModel } from './talk';
import { useFileDrop } from './useFileDrop';

interface ChatPanelProps {
  conversation: Conversation;
  actions: ConversationActions;
  talk: TalkModel;
  files: TalkActions['files'];
  view: EncryptionView | null;
  isOffline: boolean;
  locks: ChatLocks;
  /** A telephone: its keyboard comes up when the person wants to write, not when he wants to read. */
  narrow: boolean;
  /** What is written and not said; it outlives the panel. */
  draft: string;
  onDraft(draft: string): void;
  /** Whom alone the next message is for, which outlives the panel too; null: all. */
  to: Audience | null;
  onTo(to: Audience | null): void;
  onClose(): void;
}

/** So far from its end the list still counts as read to the end, pixels. */
const nearEnd = 48;

/** What is said in the meeting, and where one says something. */
export function ChatPanel({ conversation, actions, talk, files, view, isOffline, locks, narrow, draft, onDraft, to, onTo, onClose }: ChatPanelProps) {
  const { t } = useTranslation();
  const { items, unsaid, arrived } = conversation;
  const list = useRef<HTMLDivElement>(null);
  const [measure, { height }] = useSize();
  const [isAtEnd, setAtEnd] = useState(true);
  const [wanted, setWanted] = useState<string | null>(null);
  const found = useMemo(() => (wanted === null ? items : matching(items, wanted)), [items, wanted]);
  const groups = useMemo(() => groupsOf(found), [found]);
  const names = useMemo(() => (view?.members ?? []).flatMap(({ leaf, name }) => (name === null || leaf === view?.ownLeaf ? [] : [name])), [view]);
  const isHindered = writeHindrance(conversation, locks, null, view) !== null;
  const drop = useFileDrop(isHindered || to !== null ? null : files.send);
  const [asked, setAsked] = useState(0);
  const self = talk.polls.self;
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
  const say = (text: string, to: Audience | null) => {
    setAtEnd(true);
    actions.say(text, to);
  };
  const answer = (audience: Audience) => {
    onTo(audience);
    setAsked(count => count + 1);
  };

  return (
    <aside className={styles.panel} id="chat-panel" aria-label={t('chat.title')} data-testid="chat-panel" {...drop.props} onKeyDown={event => { if (event.key === 'Escape') onClose(); }}>
      <header className={styles.head}>
        <h2>{t('chat.title')}</h2>
        <ChatTools items={items} isSearching={wanted !== null} onSearch={isOn => setWanted(isOn ? '' : null)} />
        <IconButton icon="close" label={t('chat.close')} data-testid="chat-close" tip={false} onPress={onClose} autoFocus={narrow} />
      </header>
      {wanted !== null && <ChatSearch wanted={wanted} count={found.length} onWanted={setWanted} onClose={() => setWanted(null)} />}
      {drop.isOver && <p className={styles.drop}><Icon name="attach" size={32} />{t('talk.drop')}</p>}
      <div
        className={styles.list} ref={attach} tabIndex={0} role="group" aria-label={t('chat.messages')} data-testid="chat-list"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => setAtEnd(scrollHeight - scrollTop - clientHeight < nearEnd)}
      >
        {items.length + unsaid.length === 0 ? <Nothing /> : <Beginning conversation={conversation} />}
        {groups.map(group => ('messages' in group
          ? <ChatMessages key={group.key} group={group} conversation={conversation} isHindered={isHindered} self={self} downloads={talk.transfers.downloads} files={files} onReact={actions.react} onAnswer={answer} />
          : <ChatGap key={group.key} at={group.gapAt} />))}
        {unsaid.length > 0 && <UnsaidMessages messages={unsaid} isOffline={isOffline} company={view} actions={actions} />}
      </div>
      {missed > 0 && !isAtEnd && (
        <div className={styles.jump}>
          <TextButton small icon="chevronDown" data-testid="chat-jump" onPress={() => setAtEnd(true)}>{t('chat.new', { count: missed })}</TextButton>
        </div>
      )}
      <ChatUploads uploads={talk.transfers.uploads} actions={files} />
      <ChatComposer conversation={conversation} locks={locks} company={view} to={to} onTo={onTo} asked={asked} names={names} onFile={files.send} narrow={narrow} draft={draft} onDraft={onDraft} onSay={say} />
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
