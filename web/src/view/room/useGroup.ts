import { useSyncExternalStore } from 'react';
import type { GroupSession, GroupState } from '../../session/groupSession';

const none = () => () => undefined;

/** What the page knows of the group; null where there is none. */
export function useGroup(group: GroupSession | null): GroupState | null {
  return useSyncExternalStore(group?.state.subscribe ?? none, () => group?.state.value ?? null);
}
