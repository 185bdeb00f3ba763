import { payloadTypesOf } from './codecs';
import type { PayloadTypesMessage, TransformOptions } from './transformOptions';

/** This browser cannot encrypt frames, so it cannot take part in an encrypted meeting. */
export class NoTransformsError extends Error {
  constructor() {
    super('RTCRtpScriptTransform is missing.');
  }
}

let connections = 0;

/**
 * Puts the worker's transforms into one peer connection. A sender or receiver must be given one before any of its media flows, in the same
 * task that made it: without a transform frames would leave in the clear.
 */
export class FrameAttachment {
  readonly #worker: Worker;
  readonly #connection = String(++connections);

  constructor(worker: Worker) {
    if (typeof RTCRtpScriptTransform !== 'function') throw new NoTransformsError();
    this.#worker = worker;
  }

  /** @param slot the source that is sent */
  send(sender: RTCRtpSender, slot: string): void {
    sender.transform = this.#transform({ direction: 'send', connection: this.#connection, slot });
  }

  /** @param slot names the receiver in the worker's reports of who is shown */
  receive(receiver: RTCRtpReceiver, slot: string): void {
    receiver.transform = this.#transform({ direction: 'receive', connection: this.#connection, slot });
  }

  /** Tells the worker the payload types of a description that was set. */
  describe(sdp: string): void {
    const message: PayloadTypesMessage = { type: 'payloadTypes', connection: this.#connection, payloadTypes: payloadTypesOf(sdp) };
    this.#worker.postMessage(message);
  }

  #transform(options: TransformOptions): RTCRtpScriptTransform {
    return new RTCRtpScriptTransform(this.#worker, options);
  }
}
