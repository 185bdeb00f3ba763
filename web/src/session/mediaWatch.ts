import type { PeerState } from '../media/peer';
import type { MediaLink } from '../state/room';
import type { Clock } from './timing';

/** A path that is silent for so long is not coming back by itself, ms. */
const patience = 3_000;

/** Time for an ICE restart, and for a new connection, to succeed, ms. */
const restartTime = 5_000;
const freshTime = 8_000;

export interface MediaWatchPorts {
  clock: Clock;
  linkChanged(link: MediaLink): void;
  /** Ask for an ICE restart, or for a fresh connection. */
  recover(by: 'iceRestart' | 'fresh'): void;
}

/** Watches one media path and climbs the ladder when it breaks: wait, ICE restart, fresh connection, fresh connection again. */
export class MediaWatch {
  readonly #ports: MediaWatchPorts;
  #cancel: (() => void) | null = null;
  #step: 'none' | 'iceRestart' | 'fresh' = 'none';

  constructor(ports: MediaWatchPorts) {
    this.#ports = ports;
  }

  /** An answer was accepted on a new connection: it must come up in time. */
  begin(): void {
    this.#ports.linkChanged('connecting');
    this.#in(freshTime, () => this.#recover('fresh'));
  }

  changed(state: PeerState): void {
    switch (state) {
      case 'connected':
        this.stop();
        this.#ports.linkChanged('connected');
        break;
      case 'disconnected':
        if (this.#step !== 'none') break;
        this.#ports.linkChanged('interrupted');
        this.#in(patience, () => this.#recover('iceRestart'));
        break;
      case 'failed':
        this.#recover(this.#step === 'none' ? 'iceRestart' : 'fresh');
        break;
    }
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#step = 'none';
  }

  #recover(by: 'iceRestart' | 'fresh'): void {
    this.#step = by;
    this.#ports.linkChanged('restarting');
    this.#in(by === 'iceRestart' ? restartTime : freshTime, () => this.#recover('fresh'));
    this.#ports.recover(by);
  }

  #in(milliseconds: number, run: () => void): void {
    this.#cancel?.();
    this.#cancel = this.#ports.clock.after(milliseconds, run);
  }
}
