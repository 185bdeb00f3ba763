import { shownText } from '../../state/chatText';
import type { ChatItem } from '../../state/conversation';
import { safeFileName } from '../../state/fileNames';

export interface ExportWords {
  readonly title: string;
  readonly gap: string;
  nameOf(message: Extract<ChatItem, { readonly type: 'message' }>['message']): string;
  /** That it is for some alone, and for whom; empty: for all. */
  privateText(message: Extract<ChatItem, { readonly type: 'message' }>['message']): string;
  timeOf(at: number): string;
  fileText(name: string, size: number): string;
}

/** The chat as text for oneself: what this page shows and nothing else. Nobody's words can pass for another line of it. */
export function chatAsText(items: readonly ChatItem[], words: ExportWords): string {
  const lines = items.map(item => {
    if (item.type === 'gap') return `${words.timeOf(item.at)} ${words.gap}`;
    const { message } = item;
    const text = message.file === undefined ? shownText(message.text) : words.fileText(safeFileName(message.file.name), message.file.size);
    return `${words.timeOf(message.at)} ${words.nameOf(message)}${words.privateText(message)}: ${text.replace(/[\n\u2028\u2029]/gu, '\n    ')}`;
  });
  return `${[words.title, '', ...lines].join('\n')}\n`;
}
