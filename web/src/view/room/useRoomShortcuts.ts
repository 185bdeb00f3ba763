import { useRef, useState } from 'react';
import { useStore } from '../../state/store';
import type { ShortcutAct, ShortcutId } from '../../state/shortcuts';
import { useShortcuts } from '../parts/useShortcuts';
import type { RoomActions, RoomModel } from './model';
import { roomPreferences } from './roomPreferences';

/** What the room's own keys do; null where there is no such thing at the moment. */
type RoomKeys = Readonly<Record<Exclude<ShortcutId, 'microphone' | 'camera' | 'talk'>, (() => void) | null>>;

/** The catalogue's keys in a room. @returns true while a key holds the microphone open */
export function useRoomShortcuts({ local, moderation: view }: RoomModel, { setOn, moderation }: RoomActions, keys: RoomKeys): boolean {
  const { pushToTalk } = useStore(roomPreferences);
  const [isTalking, setTalking] = useState(false);
  // Whoever is heard without the key stays heard after it.
  const held = useRef(false);
  const hold = (on: boolean) => {
    if (on ? local.microphone.on : !held.current) return;
    const lock = view?.refusals.microphone ?? null;
    // Holding the key would open nothing: the person is told why, and no sign says that he is heard.
    if (on && lock !== null) return moderation?.explain(lock);
    held.current = on;
    setTalking(on);
    setOn('microphone', on);
  };
  const toggle = (kind: 'microphone' | 'camera'): ShortcutAct => ({ press: () => setOn(kind, !local[kind].on) });
  const act = (press: (() => void) | null): ShortcutAct | null => (press === null ? null : { press });
  useShortcuts({
    microphone: toggle('microphone'), camera: toggle('camera'), talk: pushToTalk ? { press: () => hold(true), release: () => hold(false) } : null,
    hand: act(keys.hand), chat: act(keys.chat), people: act(keys.people), fullScreen: act(keys.fullScreen), toolbar: act(keys.toolbar), help: act(keys.help),
  });
  return isTalking;
}
