import { useEffect, useRef } from 'react';
import { ShortcutKeys, type ShortcutActs } from '../../state/shortcuts';

/** Lets the catalogue's keys act while the component is there. */
export function useShortcuts(acts: ShortcutActs): void {
  const current = useRef(acts);
  useEffect(() => { current.current = acts; });
  useEffect(() => {
    const keys = new ShortcutKeys(() => current.current);
    const onDown = (event: KeyboardEvent) => {
      if (keys.down(event, event.target instanceof HTMLElement ? event.target : null)) event.preventDefault();
    };
    const onUp = (event: KeyboardEvent) => keys.up(event);
    const onBlur = () => keys.release();
    window.addEventListener('keydown', onDown);
    window.addEventListener('keyup', onUp);
    window.addEventListener('blur', onBlur);
    return () => {
      window.removeEventListener('keydown', onDown);
      window.removeEventListener('keyup', onUp);
      window.removeEventListener('blur', onBlur);
      keys.release();
    };
  }, []);
}

/** Where there is no room yet. */
export const noActs: ShortcutActs = { microphone: null, camera: null, talk: null, hand: null, chat: null, people: null, fullScreen: null, toolbar: null, help: null };
