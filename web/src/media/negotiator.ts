import type { ErrorCode, NegotiateResult, Offer } from '../signaling/contract';

/** Why an offer is due. `fresh` replaces the connection and thereby does all the others too. */
export type NegotiationNeed = 'seats' | 'codecs' | 'iceRestart' | 'fresh';

export interface NegotiatorPorts {
  /** Makes the offer on the present connection, or on a new one if the needs hold `fresh`. */
  offer(needs: ReadonlySet<NegotiationNeed>): Promise<Offer>;
  /** Rejects when the socket is lost. */
  send(offer: Offer, fresh: boolean): Promise<NegotiateResult>;
  accept(answerSdp: string): Promise<void>;
  rollback(): Promise<void>;
  /** A fresh connection was refused or did not work; somebody must ask again later. */
  refused(error: ErrorCode, message: string | null): void;
}

/**
 * Runs negotiations one after the other: WebRTC allows one offer in flight, and the server answers in order. Needs that come
 * up meanwhile are gathered into one next offer. While held (no socket), needs wait.
 */
export class Negotiator {
  readonly #ports: NegotiatorPorts;
  readonly #needs = new Set<NegotiationNeed>();
  #tail: Promise<unknown> = Promise.resolve();
  #queued = false;
  #held = true;

  constructor(ports: NegotiatorPorts) {
    this.#ports = ports;
  }

  get pending(): ReadonlySet<NegotiationNeed> {
    return this.#needs;
  }

  request(need: NegotiationNeed): void {
    this.#needs.add(need);
    this.#pump();
  }

  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#pump();
  }

  /** Forgets what a new connection has made pointless. */
  clear(): void {
    this.#needs.clear();
  }

  /** Runs work that negotiates by itself (join, resume) in the same queue. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#tail.then(work, work);
    this.#tail = run.catch(() => undefined);
    return run;
  }

  #pump(): void {
    if (this.#held || this.#queued || this.#needs.size === 0) return;
    this.#queued = true;
    void this.exclusive(() => {
      this.#queued = false;
      return this.#negotiate();
    });
  }

  async #negotiate(): Promise<void> {
    if (this.#held || this.#needs.size === 0) return;
    const needs = new Set(this.#needs);
    this.#needs.clear();
    const fresh = needs.has('fresh');
    let result: NegotiateResult;
    try {
      const offer = await this.#ports.offer(needs);
      result = await this.#ports.send(offer, fresh);
    } catch {
      // The socket went away in the middle: take the offer back and keep the needs for the time after.
      await this.#ports.rollback().catch(() => undefined);
      for (const need of needs) this.#needs.add(need);
      this.#held = true;
      return;
    }
    if (result.error === 'none' && result.answerSdp !== null) {
      try {
        await this.#ports.accept(result.answerSdp);
        this.#pump();
        return;
      } catch (error) {
        result = { error: 'invalidOffer', message: String(error), answerSdp: null };
      }
    }
    await this.#ports.rollback().catch(() => undefined);
    if (fresh) this.#ports.refused(result.error, result.message);
    else this.request('fresh');
  }
}
