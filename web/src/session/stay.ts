import { LocalMedia, type LocalMediaState } from '../media/localMedia';
import { BrowserPeer } from '../media/peer';
import { summarize, type StatsSummary } from '../media/stats';
import { beginJoinTimings, joinTimings, markPhase, type JoinPhase } from '../media/timings';
import type { MediaState } from '../signaling/contract';
import { connectHub } from '../signaling/hub';
import type { Preferences } from '../state/preferences';
import { MeetingSession } from './meetingSession';
import { browserClock } from './timing';

/** A person's own devices and their session, tied together: what the devices give is what is sent and said. */
export class Stay {
  readonly session: MeetingSession;
  readonly local: LocalMedia;
  readonly #untie: () => void;
  readonly #online = () => this.session.retryNow();
  #said: MediaState;

  constructor(meetingId: string, preferences: Preferences) {
    this.session = new MeetingSession(meetingId, {
      connect: connectHub,
      createPeer: observer => new BrowserPeer(observer),
      clock: browserClock,
      mark: markPhase,
    });
    this.local = new LocalMedia(preferences);
    this.#said = mediaOf(this.local.state.value);
    this.#untie = this.local.state.subscribe(() => this.#tie());
  }

  open(): void {
    this.session.prepare();
    void this.local.open();
    window.addEventListener('online', this.#online);
  }

  join(displayName: string): Promise<void> {
    beginJoinTimings();
    this.#said = mediaOf(this.local.state.value);
    return this.session.join(displayName, this.#said);
  }

  close(): void {
    this.#untie();
    window.removeEventListener('online', this.#online);
    this.local.dispose();
    this.session.dispose();
  }

  /** For support and tests: read-only figures, no content and no names. */
  async stats(): Promise<(StatsSummary & { self: string | null; join: Partial<Record<JoinPhase, number>> }) | null> {
    const peer = this.session.peer.value.current;
    if (peer === null) return null;
    const { seats, self } = this.session.room.value;
    return { ...(await summarize(peer, seats)), self, join: joinTimings() };
  }

  #tie(): void {
    const state = this.local.state.value;
    this.session.setTracks({
      microphone: state.microphone.track,
      camera: state.camera.track,
      screen: state.screen.video,
      screenAudio: state.screen.audio,
    });
    const media = mediaOf(state);
    if (JSON.stringify(media) === JSON.stringify(this.#said)) return;
    this.#said = media;
    this.session.setMedia(media);
  }
}

/** On means that something is really sent. */
export function mediaOf(state: LocalMediaState): MediaState {
  return {
    microphone: state.microphone.on && state.microphone.track !== null,
    camera: state.camera.on && state.camera.track !== null,
    screen: state.screen.video !== null,
    screenAudio: state.screen.audio !== null,
  };
}
