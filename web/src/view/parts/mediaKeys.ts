import { useEffect } from 'react';
import type { LocalMedia } from '../../media/localMedia';

/** Ctrl+D and Ctrl+E (Cmd on a Mac), as people know them from elsewhere. */
export function useMediaKeys(local: LocalMedia): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.repeat) return;
      const kind = event.key.toLowerCase() === 'd' ? 'microphone' : event.key.toLowerCase() === 'e' ? 'camera' : null;
      if (kind === null) return;
      event.preventDefault();
      void local.setOn(kind, !local.state.value[kind].on);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [local]);
}
