import { FrameAttachment } from '../../e2ee/frames/attachment';
import { BrowserPeer } from '../../media/peer';
import { MeetingSession } from '../../session/meetingSession';
import { browserClock } from '../../session/timing';
import { connectHub } from '../../signaling/hub';
import { readStatus } from '../../signaling/rest';
import { selfOf } from '../../state/room';
import { show } from './loop';
import { ProofMember } from './member';

export interface MeetingOptions {
  meetingId: string;
  /** One's leaf index. */
  leaf: number;
  /** The base key; who has another one hears and sees nothing. */
  secret: number;
}

const epoch = 9n;
const leaves = Array.from({ length: 16 }, (_, leaf) => leaf);

/** A member of a meeting on the real server, with the product's session and peer connection, and keys by hand. */
export class ProofMeeting {
  readonly #member = new ProofMember();
  #session: MeetingSession | null = null;

  async start({ meetingId, leaf, secret }: MeetingOptions): Promise<void> {
    await readStatus(); // which also begins the session
    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } });
    this.#member.addEpoch(epoch, secret);
    this.#member.tell({ type: 'setLeaves', leaves });
    this.#member.tell({ type: 'sendAs', leaf, epoch });
    const session = new MeetingSession(meetingId, {
      connect: connectHub,
      createPeer: observer => new BrowserPeer(observer, new FrameAttachment(this.#member.worker)),
      group: null,
      clock: browserClock,
      mark: () => undefined,
    });
    this.#session = session;
    let shown = 0;
    session.peer.subscribe(() => {
      for (const { audio, video } of session.peer.value.current?.seats.slice(shown) ?? []) {
        for (const track of [...audio.getTracks(), ...video.getTracks()]) show(track);
        shown++;
      }
    });
    session.room.subscribe(() => this.#watchAll(session));
    session.setTracks({ microphone: media.getAudioTracks()[0]!, camera: media.getVideoTracks()[0]!, screen: null, screenAudio: null });
    session.prepare();
    await session.join(`Leaf ${leaf}`, { microphone: true, camera: true, screen: false, screenAudio: false });
  }

  /** Lines that each picture is wanted with: what chooses the simulcast layer. */
  height = 180;

  setHeight(height: number): void {
    this.height = height;
    if (this.#session !== null) this.#watchAll(this.#session);
  }

  async state(): Promise<object> {
    const room = this.#session?.room.value;
    return { phase: room?.joinError ? `refused: ${room.joinError.code} ${room.joinError.message}` : room?.phase, counts: await this.#member.counts(), slots: this.#member.slots, proofs: this.#member.proofs };
  }

  #watchAll(session: MeetingSession): void {
    const self = selfOf(session.room.value)?.id;
    const others = session.room.value.roster?.participants.filter(({ id }) => id !== self) ?? [];
    session.setView(others.map(({ id }) => ({ participantId: id, source: 'camera', height: this.height, pinned: false })));
  }
}
