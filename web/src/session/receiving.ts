import type { ViewItem } from '../signaling/contract';
import type { HubLink } from '../signaling/hub';
import { sameView } from '../state/tiles';
import type { Clock } from './timing';

/** How long a layout stands before it is told, ms. */
const viewDelay = 120;

export interface ReceivingPorts {
  readonly clock: Clock;
  /** Says it on the place's socket, if there is one. */
  tell(say: (hub: HubLink) => Promise<unknown>): void;
}

/** What one wants to be sent: what the layout shows, or nothing at all while one rests. */
export class Receiving {
  readonly #ports: ReceivingPorts;
  #view: readonly ViewItem[] = [];
  #isResting = false;
  #cancel: (() => void) | null = null;

  constructor(ports: ReceivingPorts) {
    this.#ports = ports;
  }

  show(view: readonly ViewItem[]): void {
    if (sameView(view, this.#view)) return;
    this.#view = view;
    this.stop();
    this.#cancel = this.#ports.clock.after(viewDelay, () => this.#ports.tell(hub => hub.setView(this.#view)));
  }

  rest(isResting: boolean): void {
    if (isResting === this.#isResting) return;
    this.#isResting = isResting;
    this.#ports.tell(hub => hub.rest(isResting));
  }

  /** All of it, to a server that may not know it. */
  tellAgain(): void {
    if (this.#isResting) this.#ports.tell(hub => hub.rest(true));
    if (this.#view.length > 0) this.#ports.tell(hub => hub.setView(this.#view));
  }

  stop(): void {
    this.#cancel?.();
  }
}
