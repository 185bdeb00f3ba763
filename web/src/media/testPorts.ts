import type { TestPorts } from '../session/connectionTest';
import { askForMedia, measureDownload, measureUpload, probeSocket } from '../signaling/connectionTest';
import { loadPreferences } from '../state/preferences';
import { watchLevel } from './level';
import { browserEnvironment, classifyMediaError, environmentProblem, type MediaProblem } from './mediaErrors';
import { probePath } from './pathProbe';
import { playTestTone } from './testTone';

/** How long a microphone is listened to at most, ms, and the gauge position that counts as a sound. */
const listening = 2_000;
const audible = 0.06;

/** The test as the page runs it, in this browser, with the devices that the person chose before. */
export const browserTestPorts: TestPorts = {
  environment: () => environmentProblem(browserEnvironment()) ?? (typeof RTCRtpScriptTransform === 'function' ? null : 'unsupported'),
  device,
  speaker: async () => {
    try {
      await (await playTestTone(loadPreferences().speakerId)).ended;
      return true;
    } catch {
      return false;
    }
  },
  socket: probeSocket,
  path: path => probePath(path, askForMedia),
  download: measureDownload,
  upload: measureUpload,
};

async function device(kind: 'microphone' | 'camera'): Promise<MediaProblem | 'silent' | null> {
  try {
    const { microphoneId, cameraId } = loadPreferences();
    const chosen = (id: string | null): MediaTrackConstraints | true => (id === null ? true : { deviceId: { ideal: id } });
    const stream = await navigator.mediaDevices.getUserMedia(kind === 'microphone' ? { audio: chosen(microphoneId) } : { video: chosen(cameraId) });
    try {
      return kind === 'microphone' && !(await isHeard(stream.getAudioTracks()[0]!)) ? 'silent' : null;
    } finally {
      for (const track of stream.getTracks()) track.stop();
    }
  } catch (error) {
    return navigator.mediaDevices === undefined ? 'unsupported' : classifyMediaError(error);
  }
}

function isHeard(track: MediaStreamTrack): Promise<boolean> {
  return new Promise(resolve => {
    const end = (heard: boolean) => {
      clearTimeout(timer);
      stop();
      resolve(heard);
    };
    const timer = setTimeout(() => end(false), listening);
    const stop = watchLevel(track, level => { if (level > audible) end(true); });
  });
}
