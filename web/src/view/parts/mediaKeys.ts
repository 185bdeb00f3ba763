import type { LocalMedia } from '../../media/localMedia';
import { noActs, useShortcuts } from './useShortcuts';

/** Microphone and camera by the keys of the catalogue. */
export function useMediaKeys(local: LocalMedia): void {
  const toggle = (kind: 'microphone' | 'camera') => ({ press: () => void local.setOn(kind, !local.state.value[kind].on) });
  useShortcuts({ ...noActs, microphone: toggle('microphone'), camera: toggle('camera') });
}
