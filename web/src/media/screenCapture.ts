import { classifyMediaError } from './mediaErrors';

/** What was chosen, as far as the browser tells (`displaySurface`): a tab, a window, a whole screen. */
export type ScreenSurface = 'browser' | 'window' | 'monitor';

export interface CapturedScreen {
  readonly video: MediaStreamTrack;
  /** Its sound; null where the person or the browser gives none. */
  readonly audio: MediaStreamTrack | null;
  readonly surface: ScreenSurface | null;
}

/** Why nothing is shared, for words to the person. */
export type ScreenProblem =
  | 'ownTab'      // the tab of this very meeting was chosen: it would show itself in itself
  | 'blocked'     // a policy, an earlier answer or the page's frame refuses before anybody is asked
  | 'system'      // the operating system does not let the browser
  | 'busy'        // it could not be read
  | 'failed';

/** Newer than the types: Screen Capture and Capture Handle Identity, W3C. */
type Wishes = Omit<DisplayMediaStreamOptions, 'audio'> & {
  audio: MediaTrackConstraints & { restrictOwnAudio: boolean };
  preferCurrentTab: boolean; selfBrowserSurface: 'exclude'; surfaceSwitching: 'include'; systemAudio: 'include'; monitorTypeSurfaces: 'include';
};
interface NewerDevices { setCaptureHandleConfig?(config: { handle: string; exposeOrigin: boolean; permittedOrigins: readonly string[] }): void }
interface NewerTrack { getCaptureHandle?(): { readonly handle?: string } | null }

/** Nobody reads the browser's question and says no within so many milliseconds: what is refused sooner was not asked. */
const fastestPerson = 250;

/**
 * Asks the person for a screen, window or tab, with its sound. The meeting's own tab is not offered, and where it is chosen all the same it is given back.
 *
 * @param hint what it is optimised for: sharp letters, or fluent motion
 * @returns null: the person changed their mind
 */
export async function captureScreen(hint: 'detail' | 'motion', now: () => number = () => performance.now()): Promise<CapturedScreen | ScreenProblem | null> {
  const devices = navigator.mediaDevices;
  const handle = crypto.randomUUID();
  mark(devices, handle);
  const asked = now();
  try {
    const stream = await devices.getDisplayMedia(wishes);
    const [video] = stream.getVideoTracks();
    const audio = stream.getAudioTracks()[0] ?? null;
    if (video === undefined) {
      audio?.stop();
      return 'failed';
    }
    if (isMarked(video, handle)) {
      for (const track of stream.getTracks()) track.stop();
      return 'ownTab';
    }
    video.contentHint = hint;
    return { video, audio, surface: surfaceOf(video) };
  } catch (error) {
    const problem = classifyMediaError(error);
    if (problem === 'deniedBySystem') return 'system';
    if (problem === 'denied') return now() - asked < fastestPerson ? 'blocked' : null;
    return problem === 'inUse' || problem === 'missing' ? 'busy' : 'failed';
  } finally {
    mark(devices, '');
  }
}

/** Of the sound of a whole system what this page plays is left out, where the browser can: everybody would hear himself. */
const wishes: Wishes = {
  video: { frameRate: { max: 30 } }, audio: { restrictOwnAudio: true },
  preferCurrentTab: false, selfBrowserSurface: 'exclude', surfaceSwitching: 'include', systemAudio: 'include', monitorTypeSurfaces: 'include',
};

/** By this mark a captured tab is known again as this one. It is told to pages of this origin alone, and only while the browser asks. */
function mark(devices: MediaDevices & NewerDevices, handle: string): void {
  try {
    devices.setCaptureHandleConfig?.({ handle, exposeOrigin: false, permittedOrigins: [location.origin] });
  } catch {
    // A page in a frame may not: then the browser's own exclusion has to do.
  }
}

function isMarked(video: MediaStreamTrack & NewerTrack, handle: string): boolean {
  return video.getCaptureHandle?.()?.handle === handle;
}

function surfaceOf(video: MediaStreamTrack): ScreenSurface | null {
  const { displaySurface } = video.getSettings();
  return displaySurface === 'browser' || displaySurface === 'window' || displaySurface === 'monitor' ? displaySurface : null;
}
