import { useEffect, useRef } from 'react';

/** Ctrl+Shift+H and Ctrl+Shift+M (Cmd on a Mac): the hand and the chat. Null where there is no such thing. */
export function useRoomKeys(keys: { readonly hand: (() => void) | null; readonly chat: (() => void) | null }): void {
  const current = useRef(keys);
  useEffect(() => { current.current = keys; });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.altKey || event.repeat) return;
      const { hand, chat } = current.current;
      const run = event.key.toLowerCase() === 'h' ? hand : event.key.toLowerCase() === 'm' ? chat : null;
      if (run === null) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
