import type { FrameAttachment } from '../e2ee/frames/attachment';
import type { LayerDemand, MediaSource, Offer, OfferPlan, VideoCodec } from '../signaling/contract';
import { withAudioNack } from './audioNack';
import { audioMimeType, videoMimeType } from './codecChoice';
import { EncodingSwitch } from './encodingSwitch';
import { Store } from '../state/store';
import { cameraEncodings, lowestCamera, microphoneEncodings, screenEncodings } from './encodings';
import { voiceCount } from './seatCount';

/** Where one seat's media comes out. The audio plays apart from the picture: sound must not break when a tile moves. */
export interface SeatOutput {
  audio: MediaStream;
  video: MediaStream;
  audioReceiver: RTCRtpReceiver;
  videoReceiver: RTCRtpReceiver;
}

export interface VoiceOutput {
  audio: MediaStream;
  audioReceiver: RTCRtpReceiver;
}

export type PeerState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

export interface OfferOptions {
  /** At least so many seats; seats never go away. */
  seats: number;
  iceRestart: boolean;
}

/** One media connection: sends microphone, camera and screen, receives seats and voices. Replaced as a whole when it is lost. */
export interface Peer {
  readonly seats: readonly SeatOutput[];
  readonly voices: readonly VoiceOutput[];
  readonly state: PeerState;
  /** Makes an offer and sets it as the local description; to be answered by accept or taken back by rollback. */
  offer(options: OfferOptions): Promise<Offer>;
  accept(answerSdp: string): Promise<void>;
  rollback(): Promise<void>;
  setTrack(source: MediaSource, track: MediaStreamTrack | null): Promise<void>;
  /** Sends the microphone's sound redundantly (RFC 2198) or plainly, where the browser can switch without a negotiation. */
  setRedundancy(wanted: boolean): Promise<void>;
  /**
   * Sends pictures in the first of these codecs that was negotiated. False where the browser cannot switch without a negotiation, or nothing
   * is negotiated yet.
   */
  setCodecs(codecs: readonly VideoCodec[]): Promise<boolean>;
  /** Sends only the encodings of a source that somebody watches. */
  setLayers(demand: LayerDemand): Promise<void>;
  stats(): Promise<RTCStatsReport>;
  close(): void;
}

export interface PeerObserver {
  stateChanged(state: PeerState): void;
  iceConnected(): void;
  packetArrived(): void;
}

export type PeerFactory = (observer: PeerObserver) => Peer;

/**
 * The browser's RTCPeerConnection in the house's m-line order. The server is ICE-lite: no ICE servers, no trickle. With an attachment every
 * sender and receiver has its transform from the moment it is made, so nothing leaves or is shown in the clear.
 */
export class BrowserPeer implements Peer {
  readonly seats: SeatOutput[] = [];
  readonly voices: VoiceOutput[] = [];
  readonly #pc: RTCPeerConnection;
  readonly #observer: PeerObserver;
  readonly #frames: FrameAttachment | null;
  readonly #senders: Record<MediaSource, RTCRtpTransceiver>;
  readonly #switches: Record<'microphone' | 'camera' | 'screen', EncodingSwitch>;
  readonly #seatLines: { audio: RTCRtpTransceiver; video: RTCRtpTransceiver }[] = [];
  readonly #voiceLines: RTCRtpTransceiver[] = [];
  readonly #unfollow: () => void;

  /**
   * @param frames end-to-end encryption of all media; null in an open broadcast only
   * @param saving true while the camera shall go out in its lowest quality only
   */
  constructor(observer: PeerObserver, frames: FrameAttachment | null = null, saving: Store<boolean> = new Store(false)) {
    this.#observer = observer;
    this.#frames = frames;
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
    this.#pc = pc;
    pc.addEventListener('connectionstatechange', () => observer.stateChanged(pc.connectionState));
    pc.addEventListener('iceconnectionstatechange', () => {
      if (pc.iceConnectionState === 'connected' || pc.iceConnectionState === 'completed') observer.iceConnected();
    });
    // Simulcast is negotiated in the first offer even while the camera is off: adding it later would need a new connection.
    this.#senders = {
      microphone: pc.addTransceiver('audio', { direction: 'sendonly', sendEncodings: microphoneEncodings }),
      camera: pc.addTransceiver('video', { direction: 'sendonly', sendEncodings: cameraEncodings }),
      screen: pc.addTransceiver('video', { direction: 'sendonly', sendEncodings: screenEncodings }),
      screenAudio: pc.addTransceiver('audio', { direction: 'sendonly' }),
    };
    for (const [source, { sender }] of Object.entries(this.#senders)) frames?.send(sender, source);
    this.#switches = {
      microphone: new EncodingSwitch(this.#senders.microphone.sender),
      camera: new EncodingSwitch(this.#senders.camera.sender),
      screen: new EncodingSwitch(this.#senders.screen.sender),
    };
    const save = () => void this.#switches.camera.limit(saving.value ? lowestCamera : null);
    this.#unfollow = saving.subscribe(save);
    if (saving.value) save();
  }

  get state(): PeerState {
    return this.#pc.connectionState;
  }

  async offer(options: OfferOptions): Promise<Offer> {
    this.#grow(options.seats);
    if (options.iceRestart) this.#pc.restartIce();
    await this.#describe(await this.#pc.createOffer());
    const sdp = this.#pc.localDescription?.sdp ?? '';
    this.#frames?.describe(sdp);
    return { sdp, plan: this.#plan() };
  }

  async accept(answerSdp: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: 'answer', sdp: answerSdp });
    await Promise.all(Object.values(this.#switches).map(encodings => encodings.refresh()));
  }

  async rollback(): Promise<void> {
    if (this.#pc.signalingState === 'have-local-offer') await this.#pc.setLocalDescription({ type: 'rollback' });
  }

  async setTrack(source: MediaSource, track: MediaStreamTrack | null): Promise<void> {
    await this.#senders[source].sender.replaceTrack(track);
  }

  async setRedundancy(wanted: boolean): Promise<void> {
    await this.#switches.microphone.choose([audioMimeType(wanted)]);
  }

  async setCodecs(codecs: readonly VideoCodec[]): Promise<boolean> {
    const mimeTypes = codecs.map(videoMimeType);
    const switched = await Promise.all([this.#switches.camera.choose(mimeTypes), this.#switches.screen.choose(mimeTypes)]);
    return switched.every(Boolean);
  }

  async setLayers(demand: LayerDemand): Promise<void> {
    if (demand.source === 'camera' || demand.source === 'screen') await this.#switches[demand.source].set(demand);
  }

  stats(): Promise<RTCStatsReport> {
    return this.#pc.getStats();
  }

  close(): void {
    this.#unfollow();
    this.#pc.close();
  }

  /** A browser that refuses a description with something added takes its own: sound is then repaired by other means. */
  async #describe(offer: RTCSessionDescriptionInit): Promise<void> {
    try {
      await this.#pc.setLocalDescription({ type: 'offer', sdp: withAudioNack(offer.sdp ?? '') });
    } catch {
      await this.#pc.setLocalDescription(offer);
    }
  }

  #grow(seats: number): void {
    while (this.#seatLines.length < seats) {
      const seat = this.#seatLines.length;
      const audio = this.#receive('audio', `seat-${seat}-audio`);
      const video = this.#receive('video', `seat-${seat}-video`);
      this.#seatLines.push({ audio, video });
      this.seats.push({
        audio: new MediaStream([audio.receiver.track]),
        video: new MediaStream([video.receiver.track]),
        audioReceiver: audio.receiver,
        videoReceiver: video.receiver,
      });
    }
    while (this.#voiceLines.length < voiceCount) {
      const line = this.#receive('audio', `voice-${this.#voiceLines.length}`);
      this.#voiceLines.push(line);
      this.voices.push({ audio: new MediaStream([line.receiver.track]), audioReceiver: line.receiver });
    }
  }

  #receive(kind: 'audio' | 'video', slot: string): RTCRtpTransceiver {
    const line = this.#pc.addTransceiver(kind, { direction: 'recvonly' });
    this.#frames?.receive(line.receiver, slot);
    // A remote track unmutes with its first packet.
    line.receiver.track.addEventListener('unmute', () => this.#observer.packetArrived(), { once: true });
    return line;
  }

  #plan(): OfferPlan {
    return {
      microphone: this.#senders.microphone.mid,
      camera: this.#senders.camera.mid,
      screen: this.#senders.screen.mid,
      screenAudio: this.#senders.screenAudio.mid,
      seats: this.#seatLines.flatMap(({ audio, video }) => (audio.mid && video.mid ? [{ audio: audio.mid, video: video.mid }] : [])),
      voices: this.#voiceLines.flatMap(line => (line.mid ? [line.mid] : [])),
    };
  }
}
