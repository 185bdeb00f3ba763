import { Store } from '../state/store';
import { browserProcessors, type Processors } from './effects';
import type { Processed } from './effects/processor';
import { browserEnvironment, classifyMediaError, environmentProblem, type MediaProblem } from './mediaErrors';
import type { CapturedScreen } from './screenCapture';
import { findRemembered, type RememberedDevice } from './rememberedDevice';

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

/** The effect on a device: on the microphone noise is suppressed, on the camera the background is blurred. */
export interface EffectState {
  /** What the person wants. */
  on: boolean;
  starting: boolean;
  problem: 'failed' | 'tooSlow' | null;
}

export interface LocalMediaState {
  microphone: DeviceState;
  camera: DeviceState;
  effects: Readonly<Record<DeviceKind, EffectState>>;
  screen: CapturedScreen | { readonly video: null; readonly audio: null; readonly surface: null };
  devices: { microphones: DeviceInfo[]; cameras: DeviceInfo[]; speakers: DeviceInfo[] };
  speakerId: string | null;
}

export interface LocalMediaWishes {
  microphone: boolean;
  camera: boolean;
  microphoneId: string | null;
  cameraId: string | null;
  speakerId: string | null;
  microphoneLabel: string | null;
  cameraLabel: string | null;
  speakerLabel: string | null;
  noiseSuppression: boolean;
  backgroundBlur: boolean;
}

const noScreen = { video: null, audio: null, surface: null } as const;

/**
 * The person's own devices. Muting keeps the microphone open but silent, so that unmuting costs nothing; a camera that is off is
 * really given back, so that its light goes out. Where an effect is wanted nothing of a camera is given out before the effect is at work: who
 * hides a room must not show it for a moment.
 */
export class LocalMedia {
  readonly state: Store<LocalMediaState>;
  readonly #turn: Record<DeviceKind, number> = { microphone: 0, camera: 0 };
  /** What the browser gave; the state has what is sent of it. */
  readonly #sources: Record<DeviceKind, MediaStreamTrack | null> = { microphone: null, camera: null };
  readonly #processed: Record<DeviceKind, Processed | null> = { microphone: null, camera: null };
  readonly #processors: Processors;
  readonly #effectTurn: Record<DeviceKind, number> = { microphone: 0, camera: 0 };
  /** Devices whose ids the browser may have renewed: looked for until they are found or something else is chosen. */
  readonly #remembered: Record<DeviceKind | 'speaker', RememberedDevice | null>;
  #isGivenBack = false;
  readonly #onDeviceChange = () => void this.#listDevices();

  constructor(wishes: LocalMediaWishes, processors: Processors = browserProcessors) {
    this.#processors = processors;
    this.#remembered = {
      microphone: { id: wishes.microphoneId, label: wishes.microphoneLabel },
      camera: { id: wishes.cameraId, label: wishes.cameraLabel },
      speaker: { id: wishes.speakerId, label: wishes.speakerLabel },
    };
    const effect = (on: boolean): EffectState => ({ on, starting: false, problem: null });
    const device = (on: boolean, deviceId: string | null): DeviceState => ({ on, starting: false, problem: null, deviceId, track: null });
    this.state = new Store<LocalMediaState>({
      microphone: device(wishes.microphone, wishes.microphoneId),
      camera: device(wishes.camera, wishes.cameraId),
      effects: { microphone: effect(wishes.noiseSuppression), camera: effect(wishes.backgroundBlur) },
      screen: noScreen,
      devices: { microphones: [], cameras: [], speakers: [] },
      speakerId: wishes.speakerId,
    });
  }

  /** What to remember for the next time. A refused device is no wish: next time the person is asked again. */
  wishes(): LocalMediaWishes {
    const { microphone, camera, effects, devices, speakerId } = this.state.value;
    const labelled = (kind: DeviceKind | 'speaker', list: DeviceInfo[], id: string | null) => {
      const label = this.#remembered[kind]?.label ?? list.find(device => device.id === id)?.label ?? null;
      return label === '' ? null : label;
    };
    return {
      microphone: microphone.on || microphone.problem !== null,
      camera: camera.on || camera.problem !== null,
      microphoneId: this.#remembered.microphone?.id ?? microphone.deviceId,
      cameraId: this.#remembered.camera?.id ?? camera.deviceId,
      speakerId: this.#remembered.speaker?.id ?? speakerId,
      microphoneLabel: labelled('microphone', devices.microphones, microphone.deviceId),
      cameraLabel: labelled('camera', devices.cameras, camera.deviceId),
      speakerLabel: labelled('speaker', devices.speakers, speakerId),
      noiseSuppression: effects.microphone.on,
      backgroundBlur: effects.camera.on,
    };
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
    for (const kind of ['microphone', 'camera'] as const) this.#set(kind, { starting: this.state.value[kind].on });
    await this.#listDevices();
    if (this.#isGivenBack) return;
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
      this.#release('camera');
      this.#set('camera', { track: null, starting: false });
      return;
    }
    if (device.track !== null) for (const track of [device.track, this.#sources[kind]]) if (track !== null) track.enabled = on;
    if (device.track === null && on) await this.#openOne(kind);
  }

  async choose(kind: DeviceKind, deviceId: string): Promise<void> {
    this.#remembered[kind] = null;
    this.#set(kind, { deviceId });
    if (this.state.value[kind].track !== null || this.state.value[kind].on) await this.#openOne(kind);
  }

  /** Switches the effect of a device. The picture that others see already goes on without a gap until the other one is ready. */
  async setEffect(kind: DeviceKind, on: boolean): Promise<void> {
    this.#setEffect(kind, { on, starting: false, problem: null });
    this.#effectTurn[kind]++;
    const source = this.#sources[kind];
    if (source === null) return;
    if (on) await this.#process(kind, source);
    else this.#give(kind, source, null);
  }

  chooseSpeaker(deviceId: string): void {
    this.#remembered.speaker = null;
    this.state.update(state => ({ ...state, speakerId: deviceId }));
  }

  /** Takes over a screen that the person has chosen (`captureScreen`), in place of one that is shared already. */
  giveScreen({ video, audio, surface }: CapturedScreen): void {
    this.stopScreen();
    if (this.#isGivenBack) { // one left while the browser asked
      video.stop();
      audio?.stop();
      return;
    }
    video.addEventListener('ended', () => {
      if (this.state.value.screen.video === video) this.stopScreen();
    });
    this.state.update(state => ({ ...state, screen: { video, audio, surface } }));
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
    this.state.update(state => ({ ...state, screen: noScreen }));
  }

  dispose(): void {
    this.#isGivenBack = true;
    navigator.mediaDevices?.removeEventListener('devicechange', this.#onDeviceChange);
    this.#turn.microphone++;
    this.#turn.camera++;
    this.#release('microphone');
    this.#release('camera');
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
      await Promise.all([
        this.#adopt('microphone', turns.microphone, stream.getAudioTracks()[0]),
        this.#adopt('camera', turns.camera, stream.getVideoTracks()[0]),
      ]);
    } catch {
      // One missing or busy device fails the whole request: ask for each, so that the other one works.
      await this.#openOne('microphone');
      await this.#openOne('camera');
    }
  }

  async #openOne(kind: DeviceKind): Promise<void> {
    if (this.#isGivenBack) return;
    const turn = ++this.#turn[kind];
    const { deviceId } = this.state.value[kind];
    this.#set(kind, { starting: true, problem: null });
    // Firefox and some drivers give a camera to one track only.
    if (kind === 'camera') this.#sources.camera?.stop();
    try {
      const ask = (id: string | null) => navigator.mediaDevices.getUserMedia(kind === 'microphone' ? { audio: microphoneConstraints(id) } : { video: cameraConstraints(id) });
      // A wish that is only preferred is not always followed; a device that is gone, or whose id was renewed, is none.
      const stream = await ask(deviceId).catch((error: unknown) => (deviceId !== null && isGone(error) ? ask(null) : Promise.reject(error)));
      await this.#adopt(kind, turn, stream.getTracks()[0]);
      await this.#listDevices();
    } catch (error) {
      if (turn !== this.#turn[kind]) return;
      this.#release(kind);
      this.#set(kind, { starting: false, on: false, track: null, problem: classifyMediaError(error) });
    }
  }

  async #adopt(kind: DeviceKind, turn: number, source: MediaStreamTrack | undefined): Promise<void> {
    if (source === undefined) return;
    if (turn !== this.#turn[kind]) {
      source.stop(); // the person has decided otherwise meanwhile
      return;
    }
    if (this.#sources[kind] !== source) this.#sources[kind]?.stop();
    this.#sources[kind] = source;
    source.contentHint = kind === 'microphone' ? 'speech' : 'motion';
    source.enabled = this.state.value[kind].on;
    source.addEventListener('ended', () => {
      if (this.#sources[kind] !== source) return;
      this.#release(kind);
      this.#set(kind, { track: null, on: false, problem: 'lost' });
    });
    if (this.state.value.effects[kind].on) {
      this.#processed[kind]?.stop();
      this.#processed[kind] = null;
      this.#set(kind, { track: null, starting: true });
      await this.#process(kind, source);
    } else this.#give(kind, source, null);
  }

  /** Puts the effect to work on a source. Where that fails, what was sent before goes on; a camera of which nothing was sent yet stays off. */
  async #process(kind: DeviceKind, source: MediaStreamTrack): Promise<void> {
    const turn = ++this.#effectTurn[kind];
    const isStale = () => turn !== this.#effectTurn[kind] || this.#sources[kind] !== source;
    this.#setEffect(kind, { starting: true, problem: null });
    try {
      const processed = await this.#processors[kind](source, () => void this.#giveUp(kind, source));
      if (isStale()) {
        processed.stop();
        return;
      }
      this.#setEffect(kind, { starting: false });
      processed.track.contentHint = source.contentHint;
      this.#give(kind, source, processed);
    } catch {
      if (isStale()) return;
      this.#setEffect(kind, { on: false, starting: false, problem: 'failed' });
      if (kind === 'microphone') this.#give(kind, source, null);
      else if (this.state.value.camera.track === null) await this.setOn('camera', false);
    }
  }

  /** The device cannot keep up: the effect ends, and the camera with it, so that nothing is seen that was hidden. */
  async #giveUp(kind: DeviceKind, source: MediaStreamTrack): Promise<void> {
    if (this.#sources[kind] !== source) return;
    this.#setEffect(kind, { on: false, starting: false, problem: 'tooSlow' });
    if (kind === 'camera') await this.setOn('camera', false);
    else this.#give(kind, source, null);
  }

  /** What is sent from now on: the source itself or what was made of it. */
  #give(kind: DeviceKind, source: MediaStreamTrack, processed: Processed | null): void {
    const before = this.#processed[kind];
    this.#processed[kind] = processed;
    const track = processed?.track ?? source;
    track.enabled = this.state.value[kind].on;
    this.#set(kind, { track, starting: false, problem: null, deviceId: source.getSettings().deviceId ?? this.state.value[kind].deviceId });
    before?.stop();
  }

  #release(kind: DeviceKind): void {
    this.#processed[kind]?.stop();
    this.#processed[kind] = null;
    this.#sources[kind]?.stop();
    this.#sources[kind] = null;
    this.#setEffect(kind, { starting: false });
  }

  async #listDevices(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => [] as MediaDeviceInfo[]);
    const of = (kind: MediaDeviceKind): DeviceInfo[] =>
      all.filter(device => device.kind === kind && device.deviceId !== '').map(device => ({ id: device.deviceId, label: device.label }));
    this.state.update(state => ({
      ...state,
      devices: { microphones: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput') },
    }));
    await this.#recall();
  }

  /** Takes up remembered devices as soon as the browser says which ones there are. */
  async #recall(): Promise<void> {
    const { devices, speakerId } = this.state.value;
    const lists = { microphone: devices.microphones, camera: devices.cameras, speaker: devices.speakers };
    const found = (kind: DeviceKind | 'speaker'): string | null => {
      const remembered = this.#remembered[kind];
      const id = remembered === null ? null : findRemembered(remembered, lists[kind]);
      if (id !== null) this.#remembered[kind] = null;
      return id;
    };
    const speaker = found('speaker');
    if (speaker !== null && speaker !== speakerId) this.chooseSpeaker(speaker);
    for (const kind of ['microphone', 'camera'] as const) {
      const id = found(kind);
      if (id === null || id === this.state.value[kind].deviceId) continue;
      if (this.#sources[kind] === null) this.#set(kind, { deviceId: id });
      else await this.choose(kind, id);
    }
  }

  #setEffect(kind: DeviceKind, change: Partial<EffectState>): void {
    this.state.update(state => ({ ...state, effects: { ...state.effects, [kind]: { ...state.effects[kind], ...change } } }));
  }

  #set(kind: DeviceKind, change: Partial<DeviceState>): void {
    this.state.update(state => ({ ...state, [kind]: { ...state[kind], ...change } }));
  }
}

// `exact`: Chromium gives another device where the wish is only preferred. One that is gone keeps nobody out: it is asked again without.
function isGone(error: unknown): boolean {
  const { name } = error as { readonly name?: string };
  return name === 'OverconstrainedError' || name === 'NotFoundError';
}

function microphoneConstraints(deviceId: string | null): MediaTrackConstraints {
  return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }) };
}

function cameraConstraints(deviceId: string | null): MediaTrackConstraints {
  return {
    width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 },
    ...(deviceId === null ? { facingMode: 'user' } : { deviceId: { exact: deviceId } }),
  };
}
