import { startEncryption } from '../e2ee/client';
import { FrameAttachment } from '../e2ee/frames/attachment';
import type { FrameCounts } from '../e2ee/frames/transforms';
import { linkPath, type MeetingLink } from '../e2ee/link';
import type { Badge, Counter } from '../e2ee/mls/badge';
import type { LocalMedia, LocalMediaState } from '../media/localMedia';
import { BrowserPeer } from '../media/peer';
import { summarize, type StatsSummary } from '../media/stats';
import { beginJoinTimings, joinTimings, markPhase, type JoinPhase } from '../media/timings';
import type { AccountInfo, MediaCut, MediaState } from '../signaling/contract';
import { connectHub, type HubLink } from '../signaling/hub';
import { statements, welcomes } from '../signaling/rest';
import { Store } from '../state/store';
import { GroupSession } from './groupSession';
import { spokenIdentity } from './identity';
import { MeetingSession } from './meetingSession';
import { browserClock } from './timing';
import { noTracks } from './tracks';

const nothing: MediaState = { microphone: false, camera: false, screen: false, screenAudio: false };

/** What support and tests may know of the encryption. */
interface EncryptionSummary {
  readonly phase: string;
  readonly badge: Badge;
  readonly counter: Counter;
  readonly generation: number;
  readonly epoch: number;
  readonly frames: FrameCounts | null;
}

/** A person's own devices and their session, tied together: what the devices give is what is sent and said. */
export class Stay {
  readonly link: MeetingLink;
  readonly session: MeetingSession;
  readonly local: LocalMedia;
  /** What the server's last answer about one's media refused. */
  readonly cuts = new Store<readonly MediaCut[]>([]);
  /** The camera goes out in its lowest quality only. */
  readonly saving = new Store(false);
  readonly #untie: () => void;
  readonly #online = () => this.session.retryNow();
  #said: MediaState;
  #hub: HubLink | null = null;

  /** A breakout room that one is in, while this meeting rests. */
  visited: Stay | null = null;
  readonly #sharesDevices: boolean;
  #isResting = false;

  /** @param of the stay whose devices this one shares, and leaves as they are; null: it has its own */
  constructor(link: MeetingLink, local: LocalMedia, of: Stay | null = null) {
    this.link = link;
    this.#sharesDevices = of !== null;
    const { group, worker } = groupOf(link);
    this.session = new MeetingSession(link.meetingId, {
      connect: (client, onClosed) => this.#watch(connectHub(client, onClosed)),
      createPeer: observer => new BrowserPeer(observer, worker === null ? null : new FrameAttachment(worker), this.saving),
      group,
      clock: browserClock,
      mark: markPhase,
    });
    this.local = local;
    this.#said = mediaOf(this.local.state.value);
    this.#untie = this.local.state.subscribe(() => this.#tie());
  }

  /** The socket that was opened last. */
  readonly hubInUse = (): HubLink | null => this.#hub;

  /** The link to share, whole. */
  get url(): string {
    return location.origin + linkPath(this.link.meetingId, this.link.statementHash);
  }

  open(): void {
    this.session.prepare();
    if (!this.#sharesDevices) void this.local.open();
    else this.#tie();
    window.addEventListener('online', this.#online);
  }

  get isResting(): boolean {
    return this.#isResting;
  }

  /** Nothing is sent or received here while one is elsewhere with the same devices; the place in the meeting stays. */
  rest(isResting: boolean): void {
    if (isResting === this.#isResting) return;
    this.#isResting = isResting;
    this.session.receiving.rest(isResting);
    this.#tie();
  }

  /**
   * @param institution where a guest comes from, as he says; null: he does not say
   * @returns false where this device was not certified for the account: nothing was asked of the meeting then
   */
  async join(displayName: string, account: AccountInfo | null, institution: string | null): Promise<boolean> {
    beginJoinTimings();
    const group = this.session.group;
    const identity = group === null ? undefined : await spokenIdentity(group.client, account, displayName);
    if (identity === null) return false;
    this.#said = mediaOf(this.local.state.value);
    await this.session.join(displayName, this.#said, identity, account === null ? institution : null);
    return true;
  }

  close(): void {
    this.#untie();
    window.removeEventListener('online', this.#online);
    if (!this.#sharesDevices) this.local.dispose();
    this.session.dispose();
  }

  /** For support and tests: read-only figures, no content and no names. */
  async stats(): Promise<(StatsSummary & { self: string | null; join: Partial<Record<JoinPhase, number>>; encryption: EncryptionSummary | null }) | null> {
    const peer = this.session.peer.value.current;
    if (peer === null) return null;
    const { seats, self } = this.session.room.value;
    return { ...(await summarize(peer, seats)), self, join: joinTimings(), encryption: await this.#encryption() };
  }

  async #encryption(): Promise<EncryptionSummary | null> {
    const { group } = this.session;
    const view = group?.state.value.view ?? null;
    if (group === null || view === null) return null;
    const { phase, badge, counter, generation, epoch } = view;
    return { phase, badge, counter, generation, epoch: Number(epoch), frames: await group.counts() };
  }

  #watch(hub: HubLink): HubLink {
    const say = hub.setMedia;
    this.#hub = hub;
    hub.setMedia = async media => {
      const result = await say(media);
      this.cuts.set(result.cuts);
      return result;
    };
    return hub;
  }

  #tie(): void {
    const state = this.local.state.value;
    this.session.setTracks(this.#isResting ? noTracks : {
      microphone: state.microphone.track,
      camera: state.camera.track,
      screen: state.screen.video,
      screenAudio: state.screen.audio,
    });
    const media = this.#isResting ? nothing : mediaOf(state);
    if (JSON.stringify(media) === JSON.stringify(this.#said)) return;
    this.#said = media;
    this.session.setMedia(media);
  }
}

/** The link alone decides: no media connection of an encrypted meeting is ever made without the worker's transforms. */
function groupOf(link: MeetingLink): { readonly group: GroupSession | null; readonly worker: Worker | null } {
  const { statementHash } = link;
  if (statementHash === null) return { group: null, worker: null };
  let worker: Worker | null = null;
  const group = new GroupSession({ ...link, statementHash }, {
    clock: browserClock, statements, welcomes, mark: markPhase,
    start: observer => {
      const started = startEncryption(observer);
      worker = started.worker;
      return { client: started.client, post: message => started.worker.postMessage(message) };
    },
  });
  return { group, worker };
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
