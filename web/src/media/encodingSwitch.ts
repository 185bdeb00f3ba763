import type { LayerDemand } from '../signaling/contract';

/** The part of RTCRtpSender that is needed here. */
export interface EncodingSender {
  getParameters(): RTCRtpSendParameters;
  setParameters(parameters: RTCRtpSendParameters): Promise<void>;
}

/** Sets `active` of each encoding as the demand says; true if anything changed. */
export function switchEncodings(encodings: RTCRtpEncodingParameters[], demand: LayerDemand): boolean {
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
 * Switches encodings of one sender off that nobody watches, and on again: an encoder that is off costs neither power nor uplink, and
 * one that comes back begins with a key frame by itself. Parameters may be set only one call after the other, so the newest demand waits
 * for the call under way.
 */
export class EncodingSwitch {
  readonly #sender: EncodingSender;
  #demand: LayerDemand | null = null;
  #pending = false;
  #running: Promise<void> | null = null;

  constructor(sender: EncodingSender) {
    this.#sender = sender;
  }

  set(demand: LayerDemand): Promise<void> {
    this.#demand = demand;
    return this.refresh();
  }

  /** Once more, after a negotiation: some browsers have no encodings to set before it. */
  refresh(): Promise<void> {
    this.#pending = this.#demand !== null;
    this.#running ??= this.#run().finally(() => { this.#running = null; });
    return this.#running;
  }

  async #run(): Promise<void> {
    while (this.#pending && this.#demand !== null) {
      this.#pending = false;
      const parameters = this.#sender.getParameters();
      if (!switchEncodings(parameters.encodings, this.#demand)) continue;
      // A connection that is closed meanwhile sends nothing anyway; the next one begins with everything.
      await this.#sender.setParameters(parameters).catch(() => undefined);
    }
  }
}
