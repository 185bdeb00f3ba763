import type { LocalMediaState } from '../../media/localMedia';
import type { DeviceKind } from '../../media/localMedia';
import type { Badge } from '../../e2ee/mls/badge';
import type { LinkKind } from '../../e2ee/link';
import type { SeatBinding, ViewItem } from '../../signaling/contract';
import type { EncryptionActions, EncryptionView } from '../../state/encryption';
import type { Reaction } from '../../e2ee/mls/content';
import type { SittingSession, SittingView } from '../../session/sitting';
import type { Audience, ChatMessage, Conversation } from '../../state/conversation';
import type { ModerationActions, ModerationView } from '../../state/moderation';
import type { ReactionState } from '../../state/reactions';
import type { RoomState } from '../../state/room';
import type { ShareHint } from '../../state/roomPreferences';
import type { BreakoutActions, BreakoutModel } from './breakout/model';
import type { TalkActions, TalkModel } from './talk';

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
  /** What moderators have set; null where there are none. */
  moderation: ModerationView | null;
  reactions: ReactionState;
  /** Polls, captions and files; null where there is no group. */
  talk: TalkModel | null;
  /** The formal sitting; null where there is no group to hold one in. */
  sitting: SittingView | null;
  /** Breakout rooms; null where there is no group to open them in. */
  breakout: BreakoutModel | null;
  /** Ids of those who can be heard right now. */
  speaking: ReadonlySet<string>;
  videoOf(binding: SeatBinding): MediaStream | null;
}

export interface ConversationActions {
  /** @param to whom alone it is for; null: all */
  say(text: string, to: Audience | null): void;
  /** Of one's own that could not be said: once more, or not at all. */
  retry(id: string): void;
  discard(id: string): void;
  raiseHand(raised: boolean): void;
  /** @param reaction index in `reactions` */
  react(message: ChatMessage, reaction: number, isOn: boolean): void;
  /** All messages that came are before the person's eyes. */
  see(): void;
}

/** What is seen by everybody beside media and words. */
export interface TogetherActions {
  /** @returns false where it was too much and nothing was sent */
  react(reaction: Reaction): boolean;
  /** Puts a leaf on everybody's stage, or nobody; honoured where one moderates. */
  spotlight(leaf: number | null): void;
}

export type SittingActions = Pick<SittingSession, 'act' | 'fix' | 'record'>;

export interface RoomActions {
  setOn(kind: DeviceKind, on: boolean): void;
  chooseDevice(kind: DeviceKind, id: string): void;
  chooseSpeaker(id: string): void;
  setEffect(kind: DeviceKind, on: boolean): void;
  shareScreen(): void;
  /** What the screen that is shared, or will be, is optimised for. */
  hintScreen(hint: ShareHint): void;
  stopScreen(): void;
  setView(view: ViewItem[]): void;
  frameShown(): void;
  retryNow(): void;
  leave(): void;
  end(): void;
  /** Null where there is no group. */
  encryption: EncryptionActions | null;
  conversation: ConversationActions | null;
  moderation: ModerationActions | null;
  together: TogetherActions | null;
  talk: TalkActions | null;
  sitting: SittingActions | null;
  breakout: BreakoutActions | null;
}
