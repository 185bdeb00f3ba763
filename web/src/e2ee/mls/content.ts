import { breakoutFormat, type BreakoutContent } from './breakoutContent';
import { concat, text, utf8, type Bytes } from './bytes';
import { captionFormat, type CaptionContent } from './captionContent';
import { decode, encode, type Reader, type Writer } from './codec';
import { fileFormat, type FileContent } from './fileContent';
import { messageReactionFormat, type MessageReactionContent } from './messageReactionContent';
import { pollCloseFormat, pollFormat, voteFormat, type PollCloseContent, type PollContent, type VoteContent } from './pollContent';
import { sealedFormat, type PrivateContent, type SealedContent } from './sealedContent';
import { sittingFormats, type SittingContent } from './sittingContent';

/** What members tell each other inside the encryption (docs/e2ee.md §17). */
export type Content =
  | SittingContent
  | { readonly type: 'chat'; readonly id: Bytes; readonly text: string }
  /** `since`: the log's entry that raised the hand first, where it is raised again; 0: this one, or lowered. */
  | { readonly type: 'hand'; readonly raised: boolean; readonly since: number }
  /** Somebody saw what everybody shall see; a leaf, or null where none is meant. */
  | { readonly type: 'alarm'; readonly kind: AlarmKind; readonly leaf: number | null }
  /** A moderator puts a leaf, or nobody, on everybody's stage. `since`: the entry that did it first, where it is said again; 0: this one. */
  | { readonly type: 'spotlight'; readonly leaf: number | null; readonly since: number }
  | { readonly type: 'reaction'; readonly reaction: Reaction }
  | MessageReactionContent | FileContent | PollContent | VoteContent | PollCloseContent | CaptionContent | BreakoutContent | SealedContent | PrivateContent;

/** What has a form on the wire: a private message goes sealed. */
export type WireContent = Exclude<Content, PrivateContent>;

export const alarmKinds = [
  'countMismatch', 'fork', 'entryRefused', 'memberConflict', 'frameContradiction', 'tileMismatch', 'rootsChanged', 'clockJump',
] as const;
export type AlarmKind = (typeof alarmKinds)[number];

/** What a reaction may be: a small set, so that nothing is said in one that chat would not show. */
export const reactions = ['thumbsUp', 'clap', 'heart', 'laugh', 'surprise', 'celebrate'] as const;
export type Reaction = (typeof reactions)[number];
/** What the log's entry of a content is called, in the clear: by it the server holds back what moderators have stopped. Whatever people say is chat; votes, acts of a sitting, what is said of breakout rooms and lines of those who take notes are not. */
export type ContentKind = 'message' | 'chat' | 'hand' | 'private' | 'privateToModerators';

export function kindOf(content: Content): ContentKind {
  switch (content.type) {
    case 'alarm':
    case 'vote':
    case 'caption':
    case 'breakout':
    case 'sitting':
    case 'sittingHistory':
      return 'message';
    // Lowering a hand is nobody's to forbid: who is made an observer lowers his by it.
    case 'hand': return content.raised ? 'hand' : 'message';
    case 'private': return content.to === null ? 'privateToModerators' : 'private';
    case 'sealed': return content.audience === 'moderators' ? 'privateToModerators' : 'private';
    default: return 'chat';
  }
}

/** Longest plaintext, bytes. */
export const contentMaximum = 32_768;

/** Messages come in steps of this many bytes, so that their length tells little. */
const step = 256;

/** Longest text of a chat message, bytes of UTF-8. */
export const chatMaximum = 8_000;

const nobody = 0xffffffff;

/** How one type of content is written: its ContentType, and what follows it. */
export interface ContentFormat<T> {
  readonly code: number;
  write(writer: Writer, content: T): void;
  read(reader: Reader): T;
}

type ContentOf<K extends WireContent['type']> = Extract<WireContent, { readonly type: K }>;

const formats: { readonly [K in WireContent['type']]: ContentFormat<ContentOf<K>> } = {
  ...sittingFormats,
  chat: {
    code: 1,
    write: (writer, { id, text: said }) => writer.fixed(id).vector(utf8(said)),
    read: reader => {
      const id = reader.fixed(16);
      const said = text(reader.vector(1, chatMaximum));
      reader.ensure(said !== null);
      return { type: 'chat', id, text: said! };
    },
  },
  hand: {
    code: 2,
    write: (writer, { raised, since }) => writer.uint8(raised ? 1 : 0).uint32(since),
    read: reader => {
      const raised = reader.oneOf(reader.uint8(), [0, 1]) === 1;
      const since = reader.uint32();
      reader.ensure(raised || since === 0);
      return { type: 'hand', raised, since };
    },
  },
  alarm: {
    code: 3,
    write: (writer, { kind, leaf }) => writer.uint8(alarmKinds.indexOf(kind) + 1).uint32(leaf ?? nobody),
    read: reader => {
      const kind = reader.uint8();
      reader.ensure(kind >= 1 && kind <= alarmKinds.length);
      const leaf = reader.uint32();
      return { type: 'alarm', kind: alarmKinds[kind - 1]!, leaf: leaf === nobody ? null : leaf };
    },
  },
  spotlight: {
    code: 4,
    write: (writer, { leaf, since }) => writer.uint32(leaf ?? nobody).uint32(since),
    read: reader => {
      const leaf = reader.uint32();
      const since = reader.uint32();
      reader.ensure(leaf !== nobody || since === 0);
      return { type: 'spotlight', leaf: leaf === nobody ? null : leaf, since };
    },
  },
  reaction: {
    code: 5,
    write: (writer, { reaction }) => writer.uint8(reactions.indexOf(reaction) + 1),
    read: reader => {
      const reaction = reader.uint8();
      reader.ensure(reaction >= 1 && reaction <= reactions.length);
      return { type: 'reaction', reaction: reactions[reaction - 1]! };
    },
  },
  sealed: sealedFormat,
  messageReaction: messageReactionFormat,
  file: fileFormat,
  poll: pollFormat,
  vote: voteFormat,
  pollClose: pollCloseFormat,
  caption: captionFormat,
  breakout: breakoutFormat,
};

function formatOf<K extends WireContent['type']>(content: ContentOf<K>): ContentFormat<ContentOf<K>> {
  return formats[content.type as K] as ContentFormat<ContentOf<K>>;
}

/** @returns null where the content is too long */
export function encodeContent(content: WireContent): Bytes | null {
  const { code, write } = formatOf(content);
  const inner = encode(writer => write(writer.uint8(1).uint16(code), content));
  const framed = encode(writer => writer.vector(inner));
  const padded = concat(framed, new Uint8Array((step - framed.length % step) % step));
  return padded.length <= contentMaximum && parseContent(padded) !== null ? padded : null;
}

export function parseContent(bytes: Uint8Array): WireContent | null {
  if (bytes.length % step !== 0 || bytes.length > contentMaximum) return null;
  const inner = decode(bytes, reader => {
    const content = reader.vector(3, contentMaximum);
    reader.ensure(reader.left < step && reader.fixed(reader.left).every(byte => byte === 0));
    return content;
  });
  return inner === null ? null : decode(inner, reader => {
    reader.oneOf(reader.uint8(), [1]);
    const code = reader.uint16();
    const format = Object.values(formats).find(known => known.code === code);
    reader.ensure(format !== undefined);
    return format!.read(reader);
  });
}
