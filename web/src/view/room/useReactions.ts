import { useEffect, useState, useSyncExternalStore } from 'react';
import type { GroupSession } from '../../session/groupSession';
import { ReactionSession } from '../../session/reactions';
import { browserClock } from '../../session/timing';
import { noReactions, type ReactionState } from '../../state/reactions';
import { Store } from '../../state/store';

const nothing = new Store<ReactionState>(noReactions);

/** Reactions in the group while the room is shown; the session is null where there is no group. */
export function useReactions(group: GroupSession | null): { readonly session: ReactionSession | null; readonly reactions: ReactionState } {
  const [session] = useState(() => (group === null ? null : new ReactionSession(group, browserClock)));
  useEffect(() => session?.open(), [session]);
  const store = session?.state ?? nothing;
  const reactions = useSyncExternalStore(store.subscribe, () => store.value);
  return { session, reactions };
}
