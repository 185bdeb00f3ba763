import { useCallback, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { identityOf } from '../../state/encryption';
import { seatOf } from '../../state/room';
import { AvatarFace } from '../parts/Avatar';
import { Icon, type IconName } from '../parts/Icon';
import { VideoView } from '../parts/VideoView';
import { memberName } from './memberName';
import type { RoomActions, RoomModel } from './model';
import styles from './SmallWindow.module.css';

/** Document Picture-in-Picture (a draft of the WICG), where a browser has it. */
interface SmallWindows {
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

declare global {
  interface Window {
    readonly documentPictureInPicture?: SmallWindows;
  }
}

export interface SmallWindow {
  /** Null while it is closed. */
  readonly view: Window | null;
  /** Null where the browser has no such window. */
  readonly open: (() => void) | null;
}

/** A small window that stays before the others. A browser that may do so opens it by itself when the person leaves the tab. */
export function useSmallWindow(onFailed: () => void): SmallWindow {
  const [view, setView] = useState<Window | null>(null);
  const windows = window.documentPictureInPicture;
  const open = useCallback(() => {
    windows?.requestWindow({ width: 360, height: 260 }).then(opened => {
      dress(opened.document);
      opened.addEventListener('pagehide', () => setView(null), { once: true });
      setView(opened);
    }, onFailed);
  }, [windows, onFailed]);
  useEffect(() => {
    if (windows === undefined || !('mediaSession' in navigator)) return;
    // The name of this action is newer than the types, and a browser that does not know it throws.
    const action = 'enterpictureinpicture' as MediaSessionAction;
    try {
      navigator.mediaSession.setActionHandler(action, open);
    } catch {
      return; // the person opens it by hand
    }
    return () => navigator.mediaSession.setActionHandler(action, null);
  }, [windows, open]);
  useEffect(() => () => view?.close(), [view]);
  return { view, open: windows === undefined ? null : open };
}

/** The same styles and theme as the page: the security policy allows sheets of our own origin only. */
function dress(target: Document): void {
  target.documentElement.lang = document.documentElement.lang;
  const { theme } = document.documentElement.dataset;
  if (theme !== undefined) target.documentElement.dataset.theme = theme;
  target.title = document.title;
  for (const sheet of document.querySelectorAll('link[rel=stylesheet], style')) target.head.append(target.importNode(sheet, true));
}

/** Who is on the stage, and what one needs while doing something else. */
export function SmallWindowView({ view, model, actions }: { view: Window; model: RoomModel; actions: RoomActions }) {
  const { t } = useTranslation();
  const { microphone, camera } = model.local;
  const shown = shownIn(model);
  return createPortal(
    <div className={styles.small} data-testid="small-window">
      <div className={styles.picture}>
        {shown !== null && (shown.stream === null
          ? <AvatarFace id={shown.id} name={shown.name ?? '?'} />
          : <VideoView stream={shown.stream} className={shown.isScreen ? styles.screen : styles.video} />)}
        {shown !== null && <span className={styles.name}>{shown.name ?? (shown.leaf === null ? t('tile.unnamed') : memberName({ name: null, leaf: shown.leaf }, t))}</span>}
      </div>
      <div className={styles.controls} role="toolbar" aria-label={t('controls.label')}>
        <PlainButton
          icon={microphone.on ? 'microphone' : 'microphoneOff'} isOff={!microphone.on} label={t(microphone.on ? 'controls.mute' : 'controls.unmute')} testId="small-mic"
          onPress={() => actions.setOn('microphone', !microphone.on)}
        />
        <PlainButton
          icon={camera.on ? 'camera' : 'cameraOff'} isOff={!camera.on} label={t(camera.on ? 'controls.cameraOff' : 'controls.cameraOn')} testId="small-camera"
          onPress={() => actions.setOn('camera', !camera.on)}
        />
        <PlainButton icon="leave" isOff label={t('controls.leave')} testId="small-leave" onPress={actions.leave} />
      </div>
    </div>,
    view.document.body,
  );
}

/** The widgets' library listens to the page's own document, so plain buttons stand here. */
function PlainButton({ icon, isOff, label, testId, onPress }: { icon: IconName; isOff: boolean; label: string; testId: string; onPress(): void }) {
  return (
    <button type="button" className={`${styles.button} ${isOff ? styles.off : ''}`} aria-label={label} title={label} data-testid={testId} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}

interface Shown {
  readonly id: string;
  readonly leaf: number | null;
  readonly name: string | null;
  readonly isScreen: boolean;
  readonly stream: MediaStream | null;
}

/** A shared screen, else whoever spoke last, else the first other. Nothing of somebody whose frames contradict his signature. */
function shownIn({ room, encryption, videoOf }: RoomModel): Shown | null {
  const others = (room.roster?.participants ?? []).filter(({ id }) => id !== room.self);
  const sharing = others.find(({ media }) => media.screen);
  const speaker = room.speakers.map(id => others.find(other => other.id === id)).find(other => other !== undefined);
  const participant = sharing ?? speaker ?? others[0];
  if (participant === undefined) return null;
  const isScreen = sharing !== undefined;
  const { name, leaf, mark } = identityOf(encryption, participant);
  const seat = seatOf(room.seats, participant.id, isScreen ? 'screen' : 'camera');
  const isOn = (isScreen || participant.media.camera) && mark !== 'contradicted' && mark !== 'stranger';
  return { id: participant.id, leaf, name, isScreen, stream: isOn && seat !== null && seat.pause === 'none' ? videoOf(seat) : null };
}
