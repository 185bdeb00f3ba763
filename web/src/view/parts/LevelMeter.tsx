import { useEffect, useRef, useState } from 'react';
import { watchLevel } from '../../media/level';

/** After so long without a sound the person is told, ms. */
const silence = 6_000;

/** A gauge's element whose `--level` follows a microphone, and whether nothing has been heard for a while. */
export function useLevel(track: MediaStreamTrack | null): { gauge: (element: HTMLElement | null) => void; silent: boolean } {
  const element = useRef<HTMLElement | null>(null);
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    setSilent(false);
    if (track === null) return;
    let heard = performance.now();
    const stop = watchLevel(track, level => {
      element.current?.style.setProperty('--level', level.toFixed(3));
      const now = performance.now();
      if (level > 0.06) heard = now;
      setSilent(now - heard > silence);
    });
    return stop;
  }, [track]);
  return { gauge: node => { element.current = node; }, silent };
}
