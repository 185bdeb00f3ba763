import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalMedia } from '../src/media/localMedia';
import { captureScreen, type CapturedScreen } from '../src/media/screenCapture';
import { defaultPreferences } from '../src/state/preferences';
import { initialRoom, roomReducer, type RoomState } from '../src/state/room';
import { sharingView } from '../src/state/sharing';
import { participantOf, silent } from './fakes';

class ScreenTrack extends EventTarget {
  contentHint = '';
  readyState = 'live';
  readonly #surface: string | undefined;
  handle: string | undefined;
  constructor(surface?: string) {
    super();
    this.#surface = surface;
  }

  getSettings = () => ({ displaySurface: this.#surface });
  getCaptureHandle = () => (this.handle === undefined ? null : { handle: this.handle });
  stop = () => { this.readyState = 'ended'; };
}

let handle: string | undefined;
let asked: Record<string, unknown>[] = [];
let answer: () => Promise<unknown>;
const streamOf = (video: ScreenTrack[], audio: ScreenTrack[] = []) => ({ getTracks: () => [...video, ...audio], getVideoTracks: () => video, getAudioTracks: () => audio });
const refusal = (name: string, message = '') => () => Promise.reject(Object.assign(new Error(message), { name }));

beforeEach(() => {
  asked = [];
  handle = undefined;
  const mediaDevices = Object.assign(new EventTarget(), {
    getDisplayMedia: (wishes: Record<string, unknown>) => {
      asked.push(wishes);
      return answer();
    },
    setCaptureHandleConfig: (config: { handle: string }) => { handle = config.handle; },
  });
  vi.stubGlobal('navigator', { mediaDevices });
  vi.stubGlobal('location', { origin: 'https://rapat.example' });
});
afterEach(() => vi.unstubAllGlobals());

describe('a screen that is captured', () => {
  it('is asked for with its sound, without the meeting’s own tab, and bears the hint', async () => {
    const [video, audio] = [new ScreenTrack('window'), new ScreenTrack()];
    answer = async () => streamOf([video], [audio]);
    expect(await captureScreen('detail')).toEqual({ video, audio, surface: 'window' });
    expect(asked).toMatchObject([{ audio: { restrictOwnAudio: true }, selfBrowserSurface: 'exclude', preferCurrentTab: false, systemAudio: 'include' }]);
    expect(video.contentHint).toBe('detail');
    answer = async () => streamOf([new ScreenTrack()]);
    expect(await captureScreen('motion')).toMatchObject({ audio: null, surface: null, video: { contentHint: 'motion' } });
  });

  it('is given back where it is this very tab, and another tab of ours is not', async () => {
    const [own, sound, other] = [new ScreenTrack('browser'), new ScreenTrack(), new ScreenTrack('browser')];
    answer = async () => {
      own.handle = handle;
      return streamOf([own], [sound]);
    };
    expect(await captureScreen('detail')).toBe('ownTab');
    expect([own.readyState, sound.readyState]).toEqual(['ended', 'ended']);
    expect(handle).toBe('');
    answer = async () => {
      other.handle = 'of another window';
      return streamOf([other]);
    };
    expect(await captureScreen('detail')).toMatchObject({ video: other });
    expect(other.readyState).toBe('live');
  });

  it('that was refused is explained, unless the person changed their mind', async () => {
    const times = (...ms: number[]) => () => ms.shift()!;
    answer = refusal('NotAllowedError', 'Permission denied');
    expect(await captureScreen('detail', times(0, 40))).toBe('blocked');
    expect(await captureScreen('detail', times(0, 1_800))).toBeNull();
    answer = refusal('NotAllowedError', 'Permission denied by system');
    expect(await captureScreen('detail', times(0, 1_800))).toBe('system');
    answer = refusal('NotReadableError');
    expect(await captureScreen('detail', times(0, 900))).toBe('busy');
    for (const name of ['InvalidStateError', 'TypeError']) {
      answer = refusal(name);
      expect(await captureScreen('detail', times(0, 10))).toBe('failed');
    }
    answer = async () => streamOf([]);
    expect(await captureScreen('detail')).toBe('failed');
  });
});

describe('the screen that is shared', () => {
  const captured = (video: ScreenTrack, audio: ScreenTrack | null = null) => ({ video, audio, surface: 'window' }) as unknown as CapturedScreen;

  it('ends with what was shared, and not with what was shared before', () => {
    const local = new LocalMedia(defaultPreferences);
    const [first, second, sound] = [new ScreenTrack(), new ScreenTrack(), new ScreenTrack()];
    local.giveScreen(captured(first));
    local.giveScreen(captured(second, sound));
    expect(first.readyState).toBe('ended');
    first.dispatchEvent(new Event('ended'));
    expect(local.state.value.screen.video).toBe(second);
    second.dispatchEvent(new Event('ended'));
    expect(local.state.value.screen).toEqual({ video: null, audio: null, surface: null });
    expect(sound.readyState).toBe('ended');
  });

  it('is given back where one has left while the browser asked', () => {
    const local = new LocalMedia(defaultPreferences);
    local.dispose();
    const late = new ScreenTrack();
    local.giveScreen(captured(late));
    expect([late.readyState, local.state.value.screen.video]).toEqual(['ended', null]);
  });
});

describe('to whom a screen is delivered', () => {
  const roster = (...ids: string[]) => ({ meetingId: 'm', kind: 'encrypted' as const, revision: 1, startedAt: 0, participants: ids.map(id => participantOf(id, silent, id)), videoCodecs: ['vp8' as const] });
  const room = (change: Partial<RoomState> = {}): RoomState =>
    ({ ...initialRoom, phase: 'inMeeting', self: 'sari', roster: roster('sari', 'budi', 'citra'), signaling: { state: 'connected' }, media: 'connected', delivery: ['budi'], ...change });
  const names = (state: RoomState) => {
    const view = sharingView(state, null);
    return view.state === 'told' ? { reached: view.reached.map(({ name }) => name), missed: view.missed.map(({ name }) => name) } : view.state;
  };

  it('is told by the people that there are, not by ids that nobody has', () => {
    expect(names(room())).toEqual({ reached: ['budi'], missed: ['citra'] });
    expect(names(room({ delivery: ['budi', 'citra', 'sari', 'ghost'] }))).toEqual({ reached: ['budi', 'citra'], missed: [] });
    expect(names(room({ delivery: [] }))).toEqual({ reached: [], missed: ['budi', 'citra'] });
    expect(names(room({ roster: roster('sari') }))).toBe('alone');
  });

  it('is not claimed before the server says it, nor while it is not to be heard', () => {
    expect(names(room({ delivery: null }))).toBe('unknown');
    expect(names(room({ media: 'restarting' }))).toBe('unknown');
    const lost = roomReducer(room(), { type: 'signaling', link: { state: 'waiting', retryAt: 0, attempt: 1, cause: 'network' } });
    expect(names(lost)).toBe('unknown');
    const back = roomReducer(lost, { type: 'signaling', link: { state: 'connected' } });
    expect(names(back)).toBe('unknown');
    expect(names(roomReducer(back, { type: 'shareDelivered', participants: ['citra'] }))).toEqual({ reached: ['citra'], missed: ['budi'] });
  });
});
