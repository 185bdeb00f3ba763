import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import { useTranslation } from 'react-i18next';
import { shownText } from '../../state/chatText';
import type { ChatItem } from '../../state/conversation';
import { safeFileName } from '../../state/fileNames';
import { IconButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { Icon } from '../parts/Icon';
import { audienceName } from './audienceName';
import { chatAsText } from './chatExport';
import { sizeText } from './ChatFile';
import styles from './ChatPanel.module.css';
import { memberName } from './memberName';
import { saveBlob } from './saveBlob';

/** Messages that have the words in them, whatever their case and marks. */
export function matching(items: readonly ChatItem[], wanted: string): readonly ChatItem[] {
  const words = plain(wanted).split(/\s+/u).filter(word => word !== '');
  if (words.length === 0) return items;
  return items.filter(item => {
    if (item.type === 'gap') return false;
    const text = plain(`${item.message.file === undefined ? shownText(item.message.text) : safeFileName(item.message.file.name)} ${item.message.by?.name ?? ''}`);
    return words.every(word => text.includes(word));
  });
}

interface ChatToolsProps {
  items: readonly ChatItem[];
  isSearching: boolean;
  onSearch(isOn: boolean): void;
}

/** What one may do with the chat as a whole. */
export function ChatTools({ items, isSearching, onSearch }: ChatToolsProps) {
  const { t, i18n } = useTranslation();
  const save = () => {
    const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long', timeStyle: 'short' }).format(new Date());
    const text = chatAsText(items, {
      title: t('talk.savedTitle', { date }), gap: t('talk.savedGap'),
      nameOf: message => (message.isOwn || message.by === null ? t('chat.you') : memberName(message.by, t)),
      privateText: ({ to, isOwn }) => (to === undefined ? '' : ` (${isOwn || to.type === 'moderators' ? t('private.wordTo', { name: audienceName(to, t) }) : t('private.word')})`),
      timeOf: at => new Date(at).toLocaleTimeString(i18n.language, { hour: '2-digit', minute: '2-digit' }),
      fileText: (name, size) => t('talk.savedFile', { name, size: sizeText(size, i18n.language) }),
    });
    saveBlob(new Blob([text], { type: 'text/plain;charset=utf-8' }), `${safeFileName(t('chat.title'))}.txt`);
  };
  return (
    <span className={styles.tools}>
      <IconButton icon="search" look={isSearching ? 'active' : 'plain'} label={t('talk.search')} aria-pressed={isSearching} isDisabled={items.length === 0 && !isSearching} data-testid="chat-search" onPress={() => onSearch(!isSearching)} />
      <IconButton icon="download" label={t('talk.saveChat')} isDisabled={items.length === 0} data-testid="chat-save" onPress={save} />
    </span>
  );
}

interface ChatSearchProps {
  wanted: string;
  count: number;
  onWanted(wanted: string): void;
  onClose(): void;
}

export function ChatSearch({ wanted, count, onWanted, onClose }: ChatSearchProps) {
  const { t } = useTranslation();
  return (
    <div
      className={styles.search}
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        // Closes the search and not the panel around it.
        event.stopPropagation();
        onClose();
      }}
    >
      <SearchField aria-label={t('talk.searchLabel')} className={styles.searchField!} value={wanted} autoFocus onChange={onWanted}>
        <Icon name="search" size={18} />
        <Input className={`${controls.input} ${styles.searchInput}`} placeholder={t('talk.searchLabel')} data-testid="chat-search-input" />
      </SearchField>
      <p className={styles.found} role="status" data-testid="chat-found">{wanted.trim() !== '' && (count === 0 ? t('talk.foundNone') : t('talk.found', { count }))}</p>
    </div>
  );
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
