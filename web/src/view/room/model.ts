import type { LocalMediaState } from '../../media/localMedia';
import type { DeviceKind } from '../../media/localMedia';
import type { SeatBinding, ViewItem } from '../../signaling/contract';
import type { RoomState } from '../../state/room';

/** What the room shows. The page feeds it from a stay, the fixture from nothing but data. */
export interface RoomModel {
  room: RoomState;
  local: LocalMediaState;
  meetingUrl: string;
  /** Ids of those who can be heard right now. */
  speaking: ReadonlySet<string>;
  videoOf(binding: SeatBinding): MediaStream | null;
}

export interface RoomActions {
  setOn(kind: DeviceKind, on: boolean): void;
  chooseDevice(kind: DeviceKind, id: string): void;
  chooseSpeaker(id: string): void;
  shareScreen(): void;
  stopScreen(): void;
  setView(view: ViewItem[]): void;
  frameShown(): void;
  retryNow(): void;
  leave(): void;
  end(): void;
}
