import type { HubFactory, HubLink, HubNews } from '../signaling/hub';
import { announcedDelay, reconnectDelay } from '../signaling/reconnectPolicy';
import type { SignalingLink } from '../state/room';
import { within, type Clock } from './timing';

/** Longest time for a socket to open, ms: beyond it the network swallows packets and a new try is better. */
const openTimeout = 6_000;

/** Longest time without a stop after the server announced one, ms. */
const stopTimeout = 15_000;

export interface LinkKeeperPorts {
  connect: HubFactory;
  client: HubNews;
  clock: Clock;
  /** A socket is open: join or resume on it. False: throw it away and try again. */
  opened(hub: HubLink): Promise<boolean>;
  lost(): void;
  linkChanged(link: SignalingLink): void;
}

/** Keeps one socket to the server: opens it, and after each loss opens another by policy, as long as the page lives. */
export class LinkKeeper {
  readonly #ports: LinkKeeperPorts;
  #hub: HubLink | null = null;
  #stopped = false;
  #cause: 'network' | 'serverStopping' = 'network';
  #announced: number | null = null;
  #stopExpectedUntil = 0;
  #skipWait: (() => void) | null = null;

  constructor(ports: LinkKeeperPorts) {
    this.#ports = ports;
  }

  /** The open hub on which one's place is taken; null while there is none. */
  get hub(): HubLink | null {
    return this.#hub;
  }

  start(): void {
    void this.#run();
  }

  /** The server said that it stops: the next loss is no surprise, and its wait is the server's. */
  announceStop(retryAfterMilliseconds: number): void {
    const { clock } = this.#ports;
    this.#cause = 'serverStopping';
    this.#stopExpectedUntil = clock.now() + stopTimeout;
    this.#announced = announcedDelay(retryAfterMilliseconds, clock.chance());
    const hub = this.#hub;
    // A server that announces its stop and then hangs would hold its clients for the whole keep-alive time.
    clock.after(stopTimeout, () => {
      if (hub !== null && hub === this.#hub) void hub.stop();
    });
  }

  /** Ends a wait at once: the person pressed the button or the network came back. */
  retryNow(): void {
    this.#skipWait?.();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#skipWait?.();
    const hub = this.#hub;
    this.#hub = null;
    await hub?.stop().catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { linkChanged, lost } = this.#ports;
    let attempt = 0;
    linkChanged({ state: 'connecting' });
    while (!this.#stopped) {
      if (attempt > 0 || this.#announced !== null) await this.#wait(attempt - 1);
      if (this.#stopped) return;
      const served = await this.#serve();
      if (this.#stopped) return;
      if (served) {
        lost();
        attempt = 0;
      }
      attempt++;
    }
  }

  /** Opens a socket and stays until it closes. False: it never came into service. */
  async #serve(): Promise<boolean> {
    const { connect, client, clock, opened, linkChanged } = this.#ports;
    let close = (): void => undefined;
    const closed = new Promise<void>(resolve => (close = resolve));
    let alive = true;
    void closed.then(() => (alive = false));
    const hub = connect(client, close);
    try {
      await within(clock, openTimeout, hub.start());
      if (this.#stopped || !(await opened(hub)) || !alive || this.#stopped) {
        await hub.stop().catch(() => undefined);
        return false;
      }
    } catch {
      void hub.stop().catch(() => undefined);
      return false;
    }
    this.#hub = hub;
    linkChanged({ state: 'connected' });
    await closed;
    // A stopping server may take a socket once more before it goes: a loss soon after the announcement is still that stop.
    if (clock.now() > this.#stopExpectedUntil) this.#cause = 'network';
    this.#hub = null;
    return true;
  }

  async #wait(attempt: number): Promise<void> {
    const { clock, linkChanged } = this.#ports;
    const wait = this.#announced ?? reconnectDelay(Math.max(0, attempt), clock.chance());
    this.#announced = null;
    const shown = Math.max(0, attempt);
    linkChanged({ state: 'waiting', retryAt: clock.now() + wait, attempt: shown, cause: this.#cause });
    await new Promise<void>(resolve => {
      const cancel = clock.after(wait, resolve);
      this.#skipWait = () => {
        cancel();
        resolve();
      };
    });
    this.#skipWait = null;
    if (!this.#stopped) linkChanged({ state: 'retrying', attempt: shown, cause: this.#cause });
  }
}
