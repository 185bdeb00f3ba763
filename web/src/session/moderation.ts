import type { ControlsChange, MediaCut, MediaRefusal, ModerationAct, Participant } from '../signaling/contract';
import type { HubLink } from '../signaling/hub';
import { deviceOf, isGranted, stopped, type Device, type ModerationView, type Notice } from '../state/moderation';
import { selfOf, type RoomState } from '../state/room';
import { Store } from '../state/store';

export interface ModerationPorts {
  readonly room: Pick<Store<RoomState>, 'value' | 'subscribe'>;
  /** What the server's last answer about one's media refused. */
  readonly cuts: Pick<Store<readonly MediaCut[]>, 'value' | 'subscribe'>;
  /** The socket in use. */
  hub(): HubLink | null;
  isOn(device: Device): boolean;
  switchOff(device: Device): void;
}

/** Asks the server for a moderator's acts, and switches one's own devices off when the server has stopped them. Nothing here ever switches one on. */
export class ModerationSession {
  readonly notice = new Store<ModerationView['notice']>(null);
  readonly #ports: ModerationPorts;
  #own: Participant | null = null;

  constructor(ports: ModerationPorts) {
    this.#ports = ports;
  }

  /** Follows the server's word until the function that is given back is called. */
  open(): () => void {
    const { room, cuts } = this.#ports;
    const ends = [
      room.subscribe(() => this.#follow()),
      cuts.subscribe(() => { for (const cut of cuts.value) this.#stop(deviceOf(cut), cut.reason); }),
    ];
    this.#follow();
    return () => ends.forEach(end => end());
  }

  moderate(act: ModerationAct, participantId: string | null): void {
    this.#ask(hub => hub.moderate({ act, participantId }));
  }

  setControls(change: ControlsChange): void {
    this.#ask(hub => hub.setControls(change));
  }

  askToShare(asks: boolean): void {
    this.#ask(hub => hub.askToShare(asks));
  }

  declineUnmute(): void {
    this.#ask(hub => hub.declineUnmute());
  }

  explain(reason: MediaRefusal): void {
    this.#tell(reason);
  }

  #follow(): void {
    const room = this.#ports.room.value;
    const own = selfOf(room);
    const before = this.#own;
    if (own === before || own === null) return;
    this.#own = own;
    for (const { device, what } of stopped(before, own, room.roster?.controls ?? null, room.roster?.participants.length ?? 0)) this.#stop(device, what);
    if (isGranted(before, own)) this.#tell('granted');
  }

  #stop(device: Device, what: Notice): void {
    if (!this.#ports.isOn(device)) return;
    this.#ports.switchOff(device);
    this.#tell(what);
  }

  #tell(what: Notice): void {
    this.notice.update(before => ({ id: (before?.id ?? 0) + 1, what }));
  }

  /** What comes of it, the roster tells; a socket that breaks is opened anew by its keeper. */
  #ask(ask: (hub: HubLink) => Promise<unknown>): void {
    const hub = this.#ports.hub();
    if (hub !== null) void ask(hub).catch(() => undefined);
  }
}
