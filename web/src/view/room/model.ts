import type { LocalMediaState } from '../../media/localMedia';
import type { DeviceKind } from '../../media/localMedia';
import type { Badge } from '../../e2ee/mls/badge';
import type { LinkKind } from '../../e2ee/link';
import type { SeatBinding, ViewItem } from '../../signaling/contract';
import type { EncryptionActions, EncryptionView } from '../../state/encryption';
import type { RoomState } from '../../state/room';

/** What the room shows. The page feeds it from a stay, the fixture from nothing but data. */
export interface RoomModel {
  room: RoomState;
  local: LocalMediaState;
  /** The link to share, whole: with its fragment where it has one. */
  meetingUrl: string;
  kind: LinkKind | null;
  badge: Badge;
  /** Null where the meeting has no group: names are the server's word then. */
  encryption: EncryptionView | null;
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
  /** Null where there is no group. */
  encryption: EncryptionActions | null;
}
