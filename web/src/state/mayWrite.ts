import type { Conversation } from './conversation';
import type { ChatLock } from './moderation';

/** `notIn`: one holds no leaf, so that nothing can be said; else what moderators have set. */
export type WriteHindrance = ChatLock | 'notIn';

/** Why somebody may not write in the chat now; null: he may. The one place that asks: fields, files, reactions and what is sent again obey it. */
export function writeHindrance({ isIn }: Pick<Conversation, 'isIn'>, lock: ChatLock | null): WriteHindrance | null {
  return isIn ? lock : 'notIn';
}
