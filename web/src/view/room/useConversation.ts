import { useEffect, useState, useSyncExternalStore } from 'react';
import { createRandom } from '../../e2ee/random';
import { ConversationSession } from '../../session/conversation';
import type { GroupSession } from '../../session/groupSession';
import type { Conversation } from '../../state/conversation';
import { Store } from '../../state/store';

const nothing = new Store<Conversation | null>(null);

/** What is said in the group while the room is shown; null where there is no group. */
export function useConversation(group: GroupSession | null): { readonly session: ConversationSession | null; readonly conversation: Conversation | null } {
  const [session] = useState(() => (group === null ? null : new ConversationSession(group, createRandom().random, () => Date.now())));
  useEffect(() => session?.open(), [session]);
  const store: Pick<Store<Conversation | null>, 'subscribe' | 'value'> = session?.state ?? nothing;
  const conversation = useSyncExternalStore(store.subscribe, () => store.value);
  return { session, conversation };
}
