import type { LayerDemand } from '../signaling/contract';
import { firstNegotiated, sends, switchCodec } from './codecChoice';

/** The part of RTCRtpSender that is needed here. */
export interface EncodingSender {
  getParameters(): RTCRtpSendParameters;
  setParameters(parameters: RTCRtpSendParameters): Promise<void>;
}

/** Sets `active` of each encoding as the demand says; true if anything changed. */
export function switchEncodings(encodings: RTCRtpEncodingParameters[], demand: Pick<LayerDemand, 'wanted' | 'rids'>): boolean {
  let changed = false;
  for (const encoding of encodings) {
    const active = demand.wanted && (encoding.rid === undefined || demand.rids.length === 0 || demand.rids.includes(encoding.rid));
    if ((encoding.active ?? true) === active) continue;
    encoding.active = active;
    changed = true;
  }
  return changed;
}

/**
 * Tells one sender which encodings to send, and in which codec. Encodings that nobody watches are switched off: an encoder that is off costs
 * neither power nor uplink, and one that comes back, or changes its codec, begins with a key frame by itself. Parameters may be set only one
 * call after the other, so what is wanted newest waits for the call under way, and all of it goes into the next.
 */
export class EncodingSwitch {
  readonly #sender: EncodingSender;
  #demand: Pick<LayerDemand, 'wanted' | 'rids'> | null = null;
  #limit: readonly string[] | null = null;
  #mimeTypes: readonly string[] = [];
  #pending = false;
  #running: Promise<void> | null = null;

  constructor(sender: EncodingSender) {
    this.#sender = sender;
  }

  set(demand: LayerDemand): Promise<void> {
    this.#demand = demand;
    return this.refresh();
  }

  /** Sends no other encodings than these, whatever is watched; null: all that are watched. */
  limit(rids: readonly string[] | null): Promise<void> {
    this.#limit = rids;
    this.#demand ??= { wanted: true, rids: [] };
    return this.refresh();
  }

  /**
   * Sends in the first of these codecs that was negotiated, also after further negotiations. False if it does not: nothing is negotiated yet,
   * or the browser cannot change the codec of a sender.
   */
  async choose(mimeTypes: readonly string[]): Promise<boolean> {
    this.#mimeTypes = mimeTypes;
    await this.refresh();
    const { codecs, encodings } = this.#sender.getParameters();
    const codec = firstNegotiated(codecs, this.#mimeTypes);
    return codec !== undefined && encodings.length > 0 && encodings.every(encoding => sends(encoding, codec));
  }

  /** Once more, after a negotiation: some browsers have no encodings to set before it, and none has codecs. */
  refresh(): Promise<void> {
    this.#pending = true;
    this.#running ??= this.#run().finally(() => { this.#running = null; });
    return this.#running;
  }

  async #run(): Promise<void> {
    while (this.#pending) {
      this.#pending = false;
      if (this.#demand === null && this.#mimeTypes.length === 0) return;
      const parameters = this.#sender.getParameters();
      const codec = firstNegotiated(parameters.codecs, this.#mimeTypes);
      const changes = [
        this.#demand !== null && switchEncodings(parameters.encodings, { wanted: this.#demand.wanted, rids: [...this.#limit ?? this.#demand.rids] }),
        codec !== undefined && switchCodec(parameters.encodings, codec),
      ];
      if (!changes.includes(true)) continue;
      // A connection that is closed meanwhile sends nothing anyway; the next one begins with everything.
      await this.#sender.setParameters(parameters).catch(() => undefined);
    }
  }
}
