import { FrameAttachment } from '../../e2ee/frames/attachment';
import { ProofMember } from './member';

export interface LoopOptions {
  /** The one video codec, as in its MIME type. */
  codec: string;
  /** Sound as RED (RFC 2198), where the browser has it. */
  red?: boolean;
  /** No microphone. */
  silent?: boolean;
  /** SVC of the video. */
  scalabilityMode?: string | null;
  /** The receiver has another base key than the sender. */
  wrongKey?: boolean;
  /** The receiver has no transforms, as a program that takes what it gets. */
  bare?: boolean;
}

const senderLeaf = 300;
const receiverLeaf = 7;
const epoch = 5n;
const secret = 1;

/** Two members in one page, connected directly: one sends camera and microphone, the other receives. */
export class Loop {
  readonly #sender = new ProofMember();
  readonly #receiver = new ProofMember();
  #rekeys = 0;
  /** What sound is sent in. */
  soundCodec = '';

  async start(options: LoopOptions): Promise<void> {
    const media = await navigator.mediaDevices.getUserMedia({ audio: options.silent !== true, video: { width: 640, height: 360 } });
    this.#sender.addEpoch(epoch, secret);
    this.#receiver.addEpoch(epoch, options.wrongKey === true ? secret + 1 : secret);
    for (const member of [this.#sender, this.#receiver]) member.tell({ type: 'setLeaves', leaves: [senderLeaf, receiverLeaf] });
    this.#sender.tell({ type: 'sendAs', leaf: senderLeaf, epoch });
    this.#receiver.tell({ type: 'sendAs', leaf: receiverLeaf, epoch });
    this.#sender.onDigest = digest => this.#receiver.tell({ type: 'acceptDigest', leaf: senderLeaf, digest });

    const sending = new RTCPeerConnection();
    const receiving = new RTCPeerConnection();
    const outgoing = new FrameAttachment(this.#sender.worker);
    const incoming = new FrameAttachment(this.#receiver.worker);
    sending.onicecandidate = ({ candidate }) => void (candidate && receiving.addIceCandidate(candidate));
    receiving.onicecandidate = ({ candidate }) => void (candidate && sending.addIceCandidate(candidate));
    receiving.ontrack = ({ receiver, track }) => {
      if (options.bare !== true) incoming.receive(receiver, track.kind);
      show(track);
    };
    for (const track of media.getTracks()) {
      const { scalabilityMode } = options;
      const sendEncodings = track.kind === 'video' && scalabilityMode ? [{ scalabilityMode } as RTCRtpEncodingParameters] : [{}];
      const transceiver = sending.addTransceiver(track, { direction: 'sendonly', sendEncodings });
      outgoing.send(transceiver.sender, track.kind);
      prefer(transceiver, track.kind === 'video' ? options.codec : options.red === true ? 'red' : 'opus');
    }
    await sending.setLocalDescription();
    outgoing.describe(sending.localDescription!.sdp);
    await receiving.setRemoteDescription(sending.localDescription!);
    incoming.describe(receiving.remoteDescription!.sdp);
    await receiving.setLocalDescription();
    await sending.setRemoteDescription(receiving.localDescription!);
    this.soundCodec = sending.getSenders().find(({ track }) => track?.kind === 'audio')?.getParameters().codecs[0]?.mimeType ?? '';
  }

  /** The sender begins a new epoch; the receiver has its keys so many ms later. */
  rekey(delay: number): void {
    const next = epoch + BigInt(++this.#rekeys);
    this.#sender.addEpoch(next, secret);
    this.#sender.tell({ type: 'sendAs', leaf: senderLeaf, epoch: next });
    setTimeout(() => this.#receiver.addEpoch(next, secret), delay);
  }

  async state(): Promise<object> {
    return {
      sent: await this.#sender.counts(),
      received: await this.#receiver.counts(),
      slots: this.#receiver.slots,
      proofs: this.#receiver.proofs,
    };
  }
}

/** The codec first, and with it only what it needs beside it. */
function prefer(transceiver: RTCRtpTransceiver, codec: string): void {
  const { codecs } = RTCRtpSender.getCapabilities(transceiver.sender.track!.kind)!;
  const named = (name: string) => codecs.filter(({ mimeType }) => mimeType.toLowerCase().endsWith(`/${name.toLowerCase()}`));
  transceiver.setCodecPreferences([...named(codec), ...named(codec === 'red' ? 'opus' : 'rtx')]);
}

/** Decoders rest where nobody looks. */
export function show(track: MediaStreamTrack): void {
  const element = document.createElement(track.kind === 'video' ? 'video' : 'audio');
  element.autoplay = true;
  element.muted = track.kind === 'video';
  element.srcObject = new MediaStream([track]);
  document.body.append(element);
}
