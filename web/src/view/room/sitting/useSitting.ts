import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { createRandom } from '../../../e2ee/random';
import type { GroupSession } from '../../../session/groupSession';
import { SittingSession, type SittingView } from '../../../session/sitting';
import { browserClock } from '../../../session/timing';
import { Store } from '../../../state/store';
import type { SittingActions } from '../model';

const nothing = new Store<SittingView | null>(null);

/** The formal sitting of the group while the room is shown; null where there is no group. */
export function useSitting(group: GroupSession | null): { readonly view: SittingView | null; readonly actions: SittingActions | null } {
  const [session] = useState(() => (group === null ? null : new SittingSession(group, createRandom().random, browserClock)));
  useEffect(() => session?.open(), [session]);
  const store: Pick<Store<SittingView | null>, 'subscribe' | 'value'> = session?.state ?? nothing;
  const view = useSyncExternalStore(store.subscribe, () => store.value);
  const actions = useMemo(() => (session === null ? null : { act: session.act.bind(session), fix: session.fix.bind(session), record: session.record.bind(session) }), [session]);
  return { view, actions };
}
