import { Negotiator, type NegotiationNeed } from '../media/negotiator';
import type { Peer } from '../media/peer';
import { seatTarget } from '../media/seatCount';
import type { JoinResult, MediaState, Offer, VideoCodec, ViewItem } from '../signaling/contract';
import type { HubLink, HubNews } from '../signaling/hub';
import { initialRoom, roomReducer, type RoomEvent, type RoomState } from '../state/room';
import { sourcesOfOthers } from '../state/roster';
import { Store } from '../state/store';
import type { SpokenIdentity } from '../e2ee/protocol';
import { noGroup } from './groupNews';
import type { GroupSession } from './groupSession';
import { CodecWish } from './codecWish';
import { LinkKeeper } from './linkKeeper';
import { MediaWatch } from './mediaWatch';
import type { SessionPorts } from './ports';
import { Receiving } from './receiving';
import { within } from './timing';
import { applyTracks, noTracks, sameMedia, type Tracks } from './tracks';

/** In ms: longest wait for an answer on an open socket; wait before a refused fresh connection is asked for again. */
const answerTimeout = 10_000;
const refusedDelay = 3_000;

/**
 * One person's stay in one meeting: the socket, the media connection and what is known of the room. It is made when pre-join opens,
 * so that socket and offer are ready when the person presses "join".
 */
export class MeetingSession {
  readonly meetingId: string;
  readonly room = new Store<RoomState>(initialRoom);
  /** The present media connection; a new value after each fresh one and each growth. */
  readonly peer = new Store<{ current: Peer | null; seats: number }>({ current: null, seats: 0 });

  /** The encrypted group; null in an open broadcast. */
  readonly group: GroupSession | null;
  readonly receiving: Receiving;

  readonly #ports: SessionPorts;
  readonly #keeper: LinkKeeper;
  readonly #negotiator: Negotiator;
  readonly #watch: MediaWatch;
  #prepared: Promise<Offer> | null = null;
  #profile: { displayName: string; media: MediaState } | null = null;
  /** The wish that the server last heard. */
  #told: MediaState | null = null;
  #tracks: Tracks = noTracks;
  #mediaSuspect = false;
  readonly #codecs = new CodecWish();
  /** The socket on which one's place is taken. */
  #place: HubLink | null = null;

  constructor(meetingId: string, ports: SessionPorts) {
    this.meetingId = meetingId;
    this.#ports = ports;
    this.group = ports.group;
    this.receiving = new Receiving({ clock: ports.clock, tell: say => this.#tell(say) });
    this.#watch = new MediaWatch({
      clock: ports.clock,
      linkChanged: link => this.#dispatch({ type: 'media', link }),
      recover: by => this.#negotiator.request(by),
    });
    this.#negotiator = new Negotiator({
      offer: needs => this.#offer(needs),
      send: (offer, fresh) => this.#send(hub => hub.negotiate({ offer, fresh })),
      accept: async answer => {
        await this.#peer()?.accept(answer);
        await this.#codecs.follow(this.#peer());
      },
      rollback: async () => this.#peer()?.rollback(),
      refused: () => void ports.clock.after(refusedDelay, () => this.#negotiator.request('fresh')),
    });
    this.#keeper = new LinkKeeper({
      connect: ports.connect,
      client: this.#client(),
      clock: ports.clock,
      opened: hub => this.#opened(hub),
      lost: () => {
        this.#giveUpPlace();
        this.group?.disconnected();
      },
      linkChanged: link => this.#dispatch({ type: 'signaling', link }),
    });
    this.group?.own({
      placed: hub => void this.#placed(hub),
      displaced: () => this.#giveUpPlace(),
      refused: code => this.#dispatch({ type: 'joinRefused', code, message: null }),
      closed: () => this.dispose(),
    });
  }

  /** Opens the socket and makes the offer while the person is still looking into the mirror. */
  prepare(): void {
    this.#freshOffer().catch(() => undefined); // without WebRTC the page says so; join fails honestly
    this.#keeper.start();
  }

  /** @param identity who the person is in an encrypted meeting */
  async join(displayName: string, media: MediaState, identity: SpokenIdentity = { type: 'guest', name: displayName }, institution: string | null = null): Promise<void> {
    if (this.room.value.phase !== 'lobby') return;
    this.#profile = { displayName, media };
    this.#dispatch({ type: 'joinStarted' });
    this.group?.open(identity, displayName, institution);
    const hub = this.#keeper.hub; // without one #opened joins as soon as there is a socket
    if (hub !== null) await this.#come(hub).catch(() => void hub.stop()); // no answer: a new socket joins
  }

  /** The tracks to send; those of a source that is off are null. */
  setTracks(tracks: Tracks): void {
    this.#tracks = tracks;
    const peer = this.#peer();
    if (peer !== null) applyTracks(peer, tracks);
  }

  setMedia(media: MediaState): void {
    if (this.#profile === null) return;
    this.#profile = { ...this.#profile, media };
    this.#tellMedia();
  }

  setView(view: readonly ViewItem[]): void {
    this.receiving.show(view);
  }

  retryNow(): void {
    this.#keeper.retryNow();
  }

  leave(): Promise<void> {
    return this.#part(hub => hub.leave());
  }

  end(): Promise<void> {
    return this.#part(hub => hub.end());
  }

  /** Gives everything back, without a word to the server. */
  dispose(): void {
    this.#watch.stop();
    this.receiving.stop();
    this.#negotiator.hold();
    this.#peer()?.close();
    this.peer.set({ current: null, seats: 0 });
    this.group?.close();
    void this.#keeper.stop();
  }

  async #part(say: (hub: HubLink) => Promise<unknown>): Promise<void> {
    const hub = this.#place ?? (this.group === null ? null : this.#keeper.hub); // one may be waiting still
    this.#place = null;
    this.#dispatch({ type: 'over', reason: 'left' });
    if (hub !== null) await within(this.#ports.clock, 1_500, say(hub)).catch(() => undefined);
    this.dispose();
  }

  #client(): HubNews {
    return {
      ...(this.group?.news ?? noGroup),
      meetingChanged: change => {
        this.#dispatch({ type: 'meetingChanged', change });
        if (this.room.value.needsResync) this.#resync();
        this.#growSeats();
      },
      layersWanted: demand => void this.#peer()?.setLayers(demand).catch(() => undefined), // a closed connection sends nothing
      seatsChanged: seats => this.#dispatch({ type: 'seatsChanged', seats }),
      shareDelivered: ({ participants }) => this.#dispatch({ type: 'shareDelivered', participants }),
      redundancyChanged: wanted => void this.#peer()?.setRedundancy(wanted).catch(() => undefined), // closed meanwhile: the next one begins plainly
      speakersChanged: speakers => this.#dispatch({ type: 'speakersChanged', speakers }),
      codecsChanged: codecs => void this.#switchCodecs(codecs),
      renegotiationNeeded: reason => this.#negotiator.request(reason),
      mediaFailed: () => this.#negotiator.request('fresh'),
      ended: reason => {
        this.group?.ended(reason);
        this.#dispatch({ type: 'over', reason });
        this.dispose();
      },
      serverStopping: milliseconds => {
        this.#mediaSuspect = true; // the media server goes down with it, though ICE notices only seconds later
        this.#keeper.announceStop(milliseconds);
      },
    };
  }

  async #opened(hub: HubLink): Promise<boolean> {
    switch (this.room.value.phase) {
      case 'lobby': return true;
      case 'joining': return this.#come(hub).then(() => true);
      case 'inMeeting': return this.#negotiator.exclusive(() => this.#resume(hub));
      case 'over': return false;
    }
  }

  #giveUpPlace(): void {
    this.#place = null;
    this.#negotiator.hold();
  }

  /** To the door: in an encrypted meeting the group says when media may be joined. */
  async #come(hub: HubLink): Promise<void> {
    if (this.group === null) await this.#negotiator.exclusive(() => this.#enter(hub));
    else await within(this.#ports.clock, answerTimeout, this.group.connected(hub));
  }

  async #placed(hub: HubLink): Promise<void> {
    if (this.#place === hub) return;
    this.#ports.mark('leaf-placed');
    await this.#negotiator.exclusive(() => this.#enter(hub)).catch(() => void hub.stop()); // no answer: a new socket takes the place up
  }

  /** Joins with the offer that is ready. Rejects when the socket does not answer. */
  async #enter(hub: HubLink): Promise<void> {
    const profile = this.#profile;
    if (profile === null) return;
    this.#prepared ??= this.#freshOffer();
    let offer: Offer;
    try {
      offer = await this.#prepared;
    } catch (error) {
      this.#prepared = null;
      this.#dispatch({ type: 'joinRefused', code: 'invalidOffer', message: String(error) });
      return;
    }
    const { displayName, media } = profile;
    this.#dispatch({ type: 'entering' });
    const result = await within(this.#ports.clock, answerTimeout, hub.join({ meetingId: this.meetingId, displayName, media, offer }));
    if (result.error !== 'none') {
      this.#dispatch({ type: 'joinRefused', code: result.error, message: result.message ?? null });
      return;
    }
    this.#told = media;
    this.#ports.mark('signaling-answered');
    await this.#accepted(result, hub);
  }

  async #resume(hub: HubLink): Promise<boolean> {
    const { self } = this.room.value;
    if (self === null) return false;
    const alive = !this.#mediaSuspect && this.#peer()?.state === 'connected';
    const offer = alive ? null : await this.#freshOffer();
    this.#dispatch({ type: 'entering' });
    const result = await within(this.#ports.clock, answerTimeout, hub.resume({ meetingId: this.meetingId, participantId: self, offer }));
    switch (result.error) {
      case 'none':
        if (result.meeting === null && this.group !== null) return this.#comeBack(hub, this.group);
        await this.#accepted(result, hub);
        await this.group?.connected(hub);
        return true;
      case 'notInMeeting':
        if (this.group !== null) return this.#comeBack(hub, this.group);
        // The place is gone: a new one, under the same name and as muted as before.
        if (offer === null) await this.#freshOffer();
        await this.#enter(hub);
        return this.room.value.phase === 'inMeeting';
      case 'meetingNotFound':
      case 'meetingEnded':
        this.#dispatch({ type: 'over', reason: result.error });
        this.dispose();
        return false;
      default: return false;
    }
  }

  /** One's leaf is gone: the machine asks for another one on this socket. */
  async #comeBack(hub: HubLink, group: GroupSession): Promise<true> {
    group.lostPlace();
    await group.connected(hub);
    return true;
  }

  async #accepted(result: JoinResult, hub: HubLink): Promise<void> {
    this.#place = hub;
    this.#mediaSuspect = false;
    if (result.answerSdp !== null) {
      this.#prepared = null;
      this.#negotiator.clear();
      this.#watch.begin();
      await this.#peer()?.accept(result.answerSdp);
      // News may have overtaken the answer.
      if (!(await this.#codecs.follow(this.#peer()))) this.#negotiator.request('codecs');
    }
    if (result.meeting !== null) this.group?.entered(result.meeting);
    this.#dispatch({ type: 'entered', result });
    this.#negotiator.release();
    if (this.room.value.needsResync) this.#resync();
    this.#growSeats();
    this.#tellMedia();
    this.receiving.tellAgain();
  }

  /** What changed while the socket was away, or was never said. What the server has cut of a wish it knows is not asked for again: only a person unmutes. */
  #tellMedia(): void {
    const media = this.#profile?.media;
    if (media === undefined || (this.#told !== null && sameMedia(this.#told, media))) return;
    this.#tell(hub => {
      this.#told = media;
      return hub.setMedia(media).catch(() => { if (this.#told === media) this.#told = null; });
    });
  }

  /** A revision was missed: the same place is resumed, which brings the whole roster. */
  #resync(): void {
    const { self } = this.room.value;
    if (self === null) return;
    this.#tell(async hub => {
      const result = await this.#negotiator.exclusive(() => {
        this.#dispatch({ type: 'entering' });
        return hub.resume({ meetingId: this.meetingId, participantId: self, offer: null });
      });
      if (result.error === 'none') this.#dispatch({ type: 'entered', result });
      else void hub.stop();
    });
  }

  #growSeats(): void {
    const { roster, phase } = this.room.value;
    const seats = this.#peer()?.seats.length;
    if (phase === 'inMeeting' && roster !== null && seats !== undefined && this.#seatsWanted(seats) > seats) this.#negotiator.request('seats');
  }

  async #offer(needs: ReadonlySet<NegotiationNeed>): Promise<Offer> {
    if (needs.has('fresh')) {
      const offer = await this.#freshOffer();
      this.#prepared = null;
      this.#watch.begin();
      return offer;
    }
    const peer = this.#peer();
    if (peer === null) throw new Error('no media connection to negotiate on');
    const offer = await peer.offer({ seats: this.#seatsWanted(peer.seats.length), iceRestart: needs.has('iceRestart') });
    this.peer.set({ current: peer, seats: peer.seats.length });
    return offer;
  }

  /** Changes what is sent at once, where the browser can; else by an offer. */
  async #switchCodecs(codecs: readonly VideoCodec[]): Promise<void> {
    this.#codecs.tell(codecs);
    const peer = this.#peer();
    if (!(await this.#codecs.follow(peer)) && peer === this.#peer()) this.#negotiator.request('codecs');
  }

  /** Replaces the media connection and makes its first offer. */
  #freshOffer(): Promise<Offer> {
    this.#prepared = (async () => {
      this.#watch.stop();
      this.#peer()?.close();
      this.#codecs.reset();
      const { mark } = this.#ports;
      const peer: Peer = this.#ports.createPeer({
        stateChanged: state => {
          if (peer !== this.#peer()) return;
          if (state === 'connected') mark('dtls-connected');
          this.#watch.changed(state);
        },
        iceConnected: () => mark('ice-connected'),
        packetArrived: () => mark('first-packet'),
      });
      this.peer.set({ current: peer, seats: 0 });
      applyTracks(peer, this.#tracks);
      const offer = await peer.offer({ seats: this.#seatsWanted(0), iceRestart: false });
      this.peer.set({ current: peer, seats: peer.seats.length });
      return offer;
    })();
    return this.#prepared;
  }

  #seatsWanted(current: number): number {
    const { roster, self } = this.room.value;
    return seatTarget(roster === null ? 0 : sourcesOfOthers(roster, self), current);
  }

  #peer = (): Peer | null => this.peer.value.current;

  /** Asks on the present socket; one that does not answer is given up, so that a new one is opened. */
  async #send<T>(ask: (hub: HubLink) => Promise<T>): Promise<T> {
    const hub = this.#place;
    if (hub === null) throw new Error('no socket');
    return within(this.#ports.clock, answerTimeout, ask(hub)).catch((error: unknown) => {
      void hub.stop();
      throw error;
    });
  }

  /** Says something that the next resume will say again should the socket break now. */
  #tell(say: (hub: HubLink) => Promise<unknown>): void {
    if (this.#place !== null && this.room.value.phase === 'inMeeting') void say(this.#place).catch(() => undefined);
  }

  #dispatch(event: RoomEvent): void {
    if (event.type === 'entering') this.group?.entering();
    const before = this.room.value;
    this.room.update(state => roomReducer(state, event));
    const { roster, seats, self } = this.room.value;
    if (roster !== null && roster !== before.roster) this.group?.showRoster(roster, self);
    if (seats !== before.seats) this.group?.showSeats(seats);
  }
}
