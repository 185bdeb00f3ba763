import type { Conversation } from './conversation';

/** Why somebody may not write in the chat now; null: he may. The one place that asks: fields, files, reactions and what is sent again obey it. */
export function writeHindrance({ isIn }: Pick<Conversation, 'isIn'>): 'notIn' | null {
  return isIn ? null : 'notIn';
}
