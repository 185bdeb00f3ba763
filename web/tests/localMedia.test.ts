import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Processors } from '../src/media/effects';
import type { Processed } from '../src/media/effects/processor';
import { LocalMedia, type DeviceKind, type LocalMediaWishes } from '../src/media/localMedia';
import { findRemembered } from '../src/media/rememberedDevice';
import { defaultPreferences, parsePreferences } from '../src/state/preferences';

/** A track of a device, as far as LocalMedia looks at one. */
class FakeTrack extends EventTarget {
  enabled = true;
  contentHint = '';
  readyState: 'live' | 'ended' = 'live';
  readonly kind: 'audio' | 'video';
  readonly #deviceId: string;

  constructor(kind: 'audio' | 'video', deviceId: string) {
    super();
    this.kind = kind;
    this.#deviceId = deviceId;
  }

  getSettings = () => ({ deviceId: this.#deviceId });
  stop = () => { this.readyState = 'ended'; };
}

interface Asked { audio?: { deviceId?: { exact: string } }; video?: { deviceId?: { exact: string } } }

const device = (kind: string, deviceId: string, label: string) => ({ kind, deviceId, label });
let present: ReturnType<typeof device>[] = [];
let opened: FakeTrack[] = [];
let asked: Asked[] = [];

/** An effect whose beginning the test decides. */
class FakeEffect {
  readonly made: FakeTrack[] = [];
  giveUp = (): void => undefined;
  #settle: { resolve(value: Processed): void; reject(reason: Error): void } | null = null;
  readonly start = (_: MediaStreamTrack, giveUp: () => void) => new Promise<Processed>((resolve, reject) => {
    this.giveUp = giveUp;
    this.#settle = { resolve, reject };
  });

  async ready(): Promise<FakeTrack> {
    const track = new FakeTrack('video', 'made');
    this.made.push(track);
    this.#settle!.resolve({ track: track as unknown as MediaStreamTrack, stop: () => track.stop() });
    await settled();
    return track;
  }

  async fail(): Promise<void> {
    this.#settle!.reject(new Error('no WebGL'));
    await settled();
  }
}

const settled = async () => { for (let i = 0; i < 20; i++) await Promise.resolve(); };
const camera = () => opened.filter(track => track.kind === 'video').at(-1)!;

function scene(wishes: Partial<LocalMediaWishes> = {}): { local: LocalMedia; blur: FakeEffect; noise: FakeEffect } {
  const blur = new FakeEffect();
  const noise = new FakeEffect();
  const processors: Processors = { microphone: noise.start, camera: blur.start } satisfies Record<DeviceKind, unknown>;
  return { local: new LocalMedia({ ...defaultPreferences, ...wishes }, processors), blur, noise };
}

beforeEach(() => {
  opened = [];
  asked = [];
  present = [device('audioinput', 'm1', 'Mikrofon'), device('videoinput', 'c1', 'Kamera'), device('videoinput', 'c2', 'Kamera luar'), device('audiooutput', 's1', 'Pelantang')];
  const mediaDevices = Object.assign(new EventTarget(), {
    enumerateDevices: async () => present,
    getUserMedia: async (constraints: Asked) => {
      asked.push(constraints);
      const tracks = [
        ...(constraints.audio ? [new FakeTrack('audio', constraints.audio.deviceId?.exact ?? 'm1')] : []),
        ...(constraints.video ? [new FakeTrack('video', constraints.video.deviceId?.exact ?? 'c1')] : []),
      ];
      opened.push(...tracks);
      const of = (kind: string) => tracks.filter(track => track.kind === kind);
      return { getTracks: () => tracks, getAudioTracks: () => of('audio'), getVideoTracks: () => of('video') };
    },
  });
  vi.stubGlobal('navigator', { mediaDevices });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('RTCPeerConnection', class {});
});
afterEach(() => vi.unstubAllGlobals());

describe('the blur of the background', () => {
  it('is at work before anything of the camera is given out', async () => {
    const { local, blur } = scene({ backgroundBlur: true });
    const opening = local.open();
    await settled();
    expect(opened.some(track => track.kind === 'video')).toBe(true);
    expect(local.state.value.camera.track).toBeNull();
    const made = await blur.ready();
    await opening;
    expect(local.state.value.camera.track).toBe(made);
  });

  it('leaves the camera off where it cannot begin, and says so', async () => {
    const { local, blur } = scene({ backgroundBlur: true });
    const opening = local.open();
    await settled();
    await blur.fail();
    await opening;
    const { camera: state, effects } = local.state.value;
    expect(state).toMatchObject({ on: false, track: null });
    expect(effects.camera).toEqual({ on: false, starting: false, problem: 'failed' });
    expect(camera().readyState).toBe('ended');
  });

  it('takes the camera with it when the device cannot keep up', async () => {
    const { local, blur } = scene();
    await local.open();
    void local.setEffect('camera', true);
    const made = await blur.ready();
    expect(local.state.value.camera.track).toBe(made);
    blur.giveUp();
    await settled();
    expect(local.state.value.camera).toMatchObject({ on: false, track: null });
    expect(local.state.value.effects.camera.problem).toBe('tooSlow');
    expect([made.readyState, camera().readyState]).toEqual(['ended', 'ended']);
  });

  it('lets the picture that is seen already go on until it is ready, and when it fails', async () => {
    const { local, blur } = scene();
    await local.open();
    void local.setEffect('camera', true);
    await settled();
    expect(local.state.value.camera.track).toBe(camera());
    await blur.fail();
    expect(local.state.value.camera).toMatchObject({ on: true, track: camera() });
  });

  it('switched off again while it begins has no effect', async () => {
    const { local, blur } = scene();
    await local.open();
    void local.setEffect('camera', true);
    await local.setEffect('camera', false);
    const made = await blur.ready();
    expect(local.state.value.camera.track).toBe(camera());
    expect(made.readyState).toBe('ended');
  });

  it('begins no longer when the camera is switched off meanwhile, and what comes late is ended', async () => {
    const { local, blur } = scene();
    await local.open();
    void local.setEffect('camera', true);
    await settled();
    await local.setOn('camera', false);
    expect(local.state.value.effects.camera).toEqual({ on: true, starting: false, problem: null });
    expect((await blur.ready()).readyState).toBe('ended');
    expect(local.state.value.camera.track).toBeNull();
  });

  it('ends with the camera: both lights go out', async () => {
    const { local, blur } = scene();
    await local.open();
    void local.setEffect('camera', true);
    const made = await blur.ready();
    await local.setOn('camera', false);
    expect([made.readyState, camera().readyState]).toEqual(['ended', 'ended']);
  });
});

describe('noise suppression', () => {
  it('leaves the microphone as it is where it cannot begin', async () => {
    const { local, noise } = scene({ noiseSuppression: true });
    const opening = local.open();
    await settled();
    await noise.fail();
    await opening;
    expect(local.state.value.microphone).toMatchObject({ on: true, track: opened.find(track => track.kind === 'audio') });
    expect(local.state.value.effects.microphone.problem).toBe('failed');
  });

  it('keeps a muted microphone silent, before and after it', async () => {
    const { local, noise } = scene();
    await local.open();
    void local.setEffect('microphone', true);
    const made = await noise.ready();
    await local.setOn('microphone', false);
    expect([made.enabled, opened[0]!.enabled]).toEqual([false, false]);
  });
});

describe('devices that were given back', () => {
  it('are not opened by what had begun before', async () => {
    const { local } = scene({ cameraId: 'renewed', cameraLabel: 'Kamera luar' });
    const opening = local.open();
    local.dispose();
    await opening;
    expect(asked).toEqual([]);
  });
});

describe('a remembered device', () => {
  const list = [{ id: 'a', label: 'Kamera' }, { id: 'b', label: 'Kamera luar' }, { id: 'c', label: 'Sama' }, { id: 'd', label: 'Sama' }];

  it('is found by its id, else by its label, and never by a label that two bear', () => {
    expect(findRemembered({ id: 'b', label: 'Kamera' }, list)).toBe('b');
    expect(findRemembered({ id: 'old', label: 'Kamera luar' }, list)).toBe('b');
    expect(findRemembered({ id: 'old', label: 'Sama' }, list)).toBeNull();
    expect(findRemembered({ id: 'old', label: null }, list)).toBeNull();
  });

  it('is opened under its new id after the browser renewed it', async () => {
    const { local } = scene({ cameraId: 'renewed', cameraLabel: 'Kamera luar' });
    await local.open();
    expect(asked.at(-1)!.video!.deviceId).toEqual({ exact: 'c2' });
    expect(local.state.value.camera.deviceId).toBe('c2');
  });

  it('that is not there is remembered on, and what was opened instead is not taken for it', async () => {
    const { local } = scene({ cameraId: 'gone', cameraLabel: 'Kamera lama' });
    await local.open();
    expect(local.wishes()).toMatchObject({ cameraId: 'gone', cameraLabel: 'Kamera lama' });
  });

  it('survives storage with everything else that is remembered', async () => {
    const { local } = scene();
    await local.open();
    await local.choose('camera', 'c2');
    local.chooseSpeaker('s1');
    const stored = parsePreferences(JSON.stringify({ ...defaultPreferences, ...local.wishes() }));
    expect(stored).toMatchObject({ cameraId: 'c2', cameraLabel: 'Kamera luar', speakerId: 's1', speakerLabel: 'Pelantang', backgroundBlur: false });
  });
});
