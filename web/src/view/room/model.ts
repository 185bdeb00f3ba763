import type { LocalMediaState } from '../../media/localMedia';
import type { DeviceKind } from '../../media/localMedia';
import type { Badge } from '../../e2ee/mls/badge';
import type { LinkKind } from '../../e2ee/link';
import type { SeatBinding, ViewItem } from '../../signaling/contract';
import type { EncryptionActions, EncryptionView } from '../../state/encryption';
import type { SittingSession, SittingView } from '../../session/sitting';
import type { Conversation } from '../../state/conversation';
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
  /** What is said and whose hands are up; null where there is no group to say it in. */
  conversation: Conversation | null;
  /** The formal sitting; null where there is no group to hold one in. */
  sitting: SittingView | null;
  /** Ids of those who can be heard right now. */
  speaking: ReadonlySet<string>;
  videoOf(binding: SeatBinding): MediaStream | null;
}

export interface ConversationActions {
  say(text: string): void;
  /** Of one's own that could not be said: once more, or not at all. */
  retry(id: string): void;
  discard(id: string): void;
  raiseHand(raised: boolean): void;
  /** All messages that came are before the person's eyes. */
  see(): void;
}

export type SittingActions = Pick<SittingSession, 'act' | 'fix' | 'record'>;

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
  conversation: ConversationActions | null;
  sitting: SittingActions | null;
}
