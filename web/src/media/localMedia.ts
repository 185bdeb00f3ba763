import { Store } from '../state/store';
import { browserEnvironment, classifyMediaError, environmentProblem, type MediaProblem } from './mediaErrors';

export type DeviceKind = 'microphone' | 'camera';

export interface DeviceInfo {
  id: string;
  label: string;
}

export interface DeviceState {
  /** What the person wants. Sending needs this and a track. */
  on: boolean;
  starting: boolean;
  problem: MediaProblem | null;
  deviceId: string | null;
  track: MediaStreamTrack | null;
}

export interface LocalMediaState {
  microphone: DeviceState;
  camera: DeviceState;
  screen: { video: MediaStreamTrack | null; audio: MediaStreamTrack | null };
  devices: { microphones: DeviceInfo[]; cameras: DeviceInfo[]; speakers: DeviceInfo[] };
  speakerId: string | null;
}

export interface LocalMediaWishes {
  microphone: boolean;
  camera: boolean;
  microphoneId: string | null;
  cameraId: string | null;
  speakerId: string | null;
}

/**
 * The person's own devices. Muting keeps the microphone open but silent, so that unmuting costs nothing; a camera that is off is
 * really given back, so that its light goes out.
 */
export class LocalMedia {
  readonly state: Store<LocalMediaState>;
  readonly #turn: Record<DeviceKind, number> = { microphone: 0, camera: 0 };
  readonly #onDeviceChange = () => void this.#listDevices();

  constructor(wishes: LocalMediaWishes) {
    const device = (on: boolean, deviceId: string | null): DeviceState => ({ on, starting: false, problem: null, deviceId, track: null });
    this.state = new Store<LocalMediaState>({
      microphone: device(wishes.microphone, wishes.microphoneId),
      camera: device(wishes.camera, wishes.cameraId),
      screen: { video: null, audio: null },
      devices: { microphones: [], cameras: [], speakers: [] },
      speakerId: wishes.speakerId,
    });
  }

  /** Opens what is wanted: both in one question to the person, one by one if that fails. */
  async open(): Promise<void> {
    const problem = environmentProblem(browserEnvironment());
    if (problem !== null) {
      this.#set('microphone', { on: false, problem });
      this.#set('camera', { on: false, problem });
      return;
    }
    navigator.mediaDevices.addEventListener('devicechange', this.#onDeviceChange);
    const { microphone, camera } = this.state.value;
    if (microphone.on && camera.on) await this.#openBoth();
    else {
      if (microphone.on) await this.#openOne('microphone');
      if (camera.on) await this.#openOne('camera');
    }
    await this.#listDevices();
  }

  async setOn(kind: DeviceKind, on: boolean): Promise<void> {
    const device = this.state.value[kind];
    this.#set(kind, { on, problem: on ? null : device.problem });
    if (!on && kind === 'camera') {
      this.#turn.camera++;
      device.track?.stop();
      this.#set('camera', { track: null, starting: false });
      return;
    }
    if (device.track !== null) device.track.enabled = on;
    else if (on) await this.#openOne(kind);
  }

  async choose(kind: DeviceKind, deviceId: string): Promise<void> {
    this.#set(kind, { deviceId });
    if (this.state.value[kind].track !== null || this.state.value[kind].on) await this.#openOne(kind);
  }

  chooseSpeaker(deviceId: string): void {
    this.state.update(state => ({ ...state, speakerId: deviceId }));
  }

  /** Asks for a screen. Null: it is shared, or the person changed their mind, which is no problem. */
  async shareScreen(hint: 'detail' | 'motion'): Promise<MediaProblem | null> {
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia(screenConstraints());
      const video = stream.getVideoTracks()[0] ?? null;
      const audio = stream.getAudioTracks()[0] ?? null;
      if (video !== null) {
        video.contentHint = hint;
        video.addEventListener('ended', () => this.stopScreen());
      }
      this.state.update(state => ({ ...state, screen: { video, audio } }));
      return null;
    } catch (error) {
      const problem = classifyMediaError(error);
      return problem === 'denied' ? null : problem;
    }
  }

  /** Changes what the screen that is shared is optimised for: sharp letters, or fluent motion. */
  hintScreen(hint: 'detail' | 'motion'): void {
    const { video } = this.state.value.screen;
    if (video !== null) video.contentHint = hint;
  }

  stopScreen(): void {
    const { video, audio } = this.state.value.screen;
    video?.stop();
    audio?.stop();
    this.state.update(state => ({ ...state, screen: { video: null, audio: null } }));
  }

  dispose(): void {
    navigator.mediaDevices?.removeEventListener('devicechange', this.#onDeviceChange);
    this.#turn.microphone++;
    this.#turn.camera++;
    this.state.value.microphone.track?.stop();
    this.state.value.camera.track?.stop();
    this.#set('microphone', { track: null, starting: false });
    this.#set('camera', { track: null, starting: false });
    this.stopScreen();
  }

  async #openBoth(): Promise<void> {
    const turns = { microphone: ++this.#turn.microphone, camera: ++this.#turn.camera };
    this.#set('microphone', { starting: true });
    this.#set('camera', { starting: true });
    try {
      const { microphone, camera } = this.state.value;
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: microphoneConstraints(microphone.deviceId), video: cameraConstraints(camera.deviceId),
      });
      this.#adopt('microphone', turns.microphone, stream.getAudioTracks()[0]);
      this.#adopt('camera', turns.camera, stream.getVideoTracks()[0]);
    } catch {
      // One missing or busy device fails the whole request: ask for each, so that the other one works.
      await this.#openOne('microphone');
      await this.#openOne('camera');
    }
  }

  async #openOne(kind: DeviceKind): Promise<void> {
    const turn = ++this.#turn[kind];
    const { deviceId, track } = this.state.value[kind];
    this.#set(kind, { starting: true, problem: null });
    // Firefox and some drivers give a camera to one track only.
    if (kind === 'camera') track?.stop();
    try {
      const stream = await navigator.mediaDevices.getUserMedia(
        kind === 'microphone' ? { audio: microphoneConstraints(deviceId) } : { video: cameraConstraints(deviceId) },
      );
      this.#adopt(kind, turn, stream.getTracks()[0]);
      await this.#listDevices();
    } catch (error) {
      if (turn !== this.#turn[kind]) return;
      this.#set(kind, { starting: false, on: false, track: null, problem: classifyMediaError(error) });
    }
  }

  #adopt(kind: DeviceKind, turn: number, track: MediaStreamTrack | undefined): void {
    if (track === undefined) return;
    if (turn !== this.#turn[kind]) {
      track.stop(); // the person has decided otherwise meanwhile
      return;
    }
    const before = this.state.value[kind];
    if (before.track !== null && before.track !== track) before.track.stop();
    track.contentHint = kind === 'microphone' ? 'speech' : 'motion';
    track.enabled = before.on;
    track.addEventListener('ended', () => {
      if (this.state.value[kind].track === track) this.#set(kind, { track: null, on: false, problem: 'lost' });
    });
    this.#set(kind, { track, starting: false, problem: null, deviceId: track.getSettings().deviceId ?? before.deviceId });
  }

  async #listDevices(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => [] as MediaDeviceInfo[]);
    const of = (kind: MediaDeviceKind): DeviceInfo[] =>
      all.filter(device => device.kind === kind && device.deviceId !== '').map(device => ({ id: device.deviceId, label: device.label }));
    this.state.update(state => ({
      ...state,
      devices: { microphones: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput') },
    }));
  }

  #set(kind: DeviceKind, change: Partial<DeviceState>): void {
    this.state.update(state => ({ ...state, [kind]: { ...state[kind], ...change } }));
  }
}

// `ideal`, not `exact`: a remembered device that is gone must not keep anybody out.
function microphoneConstraints(deviceId: string | null): MediaTrackConstraints {
  return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(deviceId === null ? {} : { deviceId: { ideal: deviceId } }) };
}

/** With its sound where the browser has it. The meeting's own tab is not offered: it would show itself for ever. Newer than the types. */
function screenConstraints(): DisplayMediaStreamOptions {
  const wishes = { selfBrowserSurface: 'exclude', surfaceSwitching: 'include', systemAudio: 'include' };
  return { video: { frameRate: { max: 30 } }, audio: true, ...wishes };
}

function cameraConstraints(deviceId: string | null): MediaTrackConstraints {
  return {
    width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 },
    ...(deviceId === null ? { facingMode: 'user' } : { deviceId: { ideal: deviceId } }),
  };
}
