import { useCallback, useSyncExternalStore } from 'react';

const subscribe = (listener: () => void) => {
  document.addEventListener('fullscreenchange', listener);
  return () => document.removeEventListener('fullscreenchange', listener);
};

export interface FullScreen {
  readonly isOffered: boolean;
  readonly isOn: boolean;
  toggle(): void;
}

/** The whole page over the whole screen: dialogs and menus are outside of the room's own element. */
export function useFullScreen(): FullScreen {
  const isOn = useSyncExternalStore(subscribe, () => document.fullscreenElement !== null);
  const toggle = useCallback(() => {
    // A browser that refuses leaves everything as it is, which is plain to see.
    if (document.fullscreenElement === null) void document.documentElement.requestFullscreen().catch(() => undefined);
    else void document.exitFullscreen().catch(() => undefined);
  }, []);
  return { isOffered: document.fullscreenEnabled, isOn, toggle };
}
