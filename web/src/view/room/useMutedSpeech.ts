import { useEffect, useState } from 'react';
import { watchLevel } from '../../media/level';
import type { DeviceState } from '../../media/localMedia';
import { MutedSpeech } from '../../state/mutedSpeech';

/** How long the nudge stays, ms. */
const shown = 8_000;

/**
 * Whether to tell a person that he speaks while muted, and how to stop telling. A copy of the muted track is measured on this device and goes nowhere else; the
 * microphone is open anyway while muted, so that unmuting costs nothing. Without permission, or with the wish switched off, nothing is opened.
 */
export function useMutedSpeech(microphone: DeviceState, isWanted: boolean): { readonly speaks: boolean; readonly dismiss: () => void } {
  const [speaks, setSpeaks] = useState(false);
  const track = isWanted && !microphone.on ? microphone.track : null;
  useEffect(() => {
    setSpeaks(false);
    if (track === null || track.readyState === 'ended') return;
    const copy = track.clone();
    copy.enabled = true;
    const speech = new MutedSpeech();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = watchLevel(copy, level => {
      if (!speech.hear(performance.now(), level)) return;
      setSpeaks(true);
      clearTimeout(timer);
      timer = setTimeout(() => setSpeaks(false), shown);
    });
    return () => {
      clearTimeout(timer);
      stop();
      copy.stop();
    };
  }, [track]);
  return { speaks, dismiss: () => setSpeaks(false) };
}
