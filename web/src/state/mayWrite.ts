import type { MemberEntry } from '../e2ee/mls/memberTypes';
import type { Audience, Conversation } from './conversation';
import type { ChatLock, ChatLocks } from './moderation';
import { isThere } from './recipients';

/** `notIn`: one holds no leaf, so that nothing can be said; `recipientGone`: nobody is there whom it is for; else what moderators have set. */
export type WriteHindrance = ChatLock | 'notIn' | 'recipientGone';

/** What of a group says who may be written to. */
export interface Company {
  readonly ownLeaf: number | null;
  readonly members: readonly MemberEntry[];
}

/**
 * Why somebody may not write in the chat now; null: he may. The one place that asks: fields, files, reactions and what is sent again obey it.
 * @param to whom alone it is for; null: all
 */
export function writeHindrance({ isIn }: Pick<Conversation, 'isIn'>, locks: ChatLocks, to: Audience | null, company: Company | null): WriteHindrance | null {
  if (!isIn) return 'notIn';
  const lock = locks[to?.type ?? 'all'];
  if (lock !== null) return lock;
  return to === null || company === null || isThere(to, company) ? null : 'recipientGone';
}
