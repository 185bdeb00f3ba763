import type { SaidAction } from '../e2ee/mls/memberTypes';

/** Most messages that are kept; the oldest go first. */
export const keptMaximum = 1_000;

/** Messages of one person within this time of each other stand under one name, ms. */
const togetherFor = 5 * 60_000;

/** Who said something, by the certificate of the leaf that said it. */
export type Speaker = Pick<SaidAction['by'], 'leaf' | 'name' | 'isGuest' | 'isConfirmed'>;

/** Whom a message is for, where it is not for all. The name is a person's as it was when he was chosen, or when the message came. */
export type Audience = { readonly type: 'moderators' } | { readonly type: 'person'; readonly person: string; readonly leaf: number; readonly name: string | null };

/** The same for the same people, whatever their names; empty: for all. */
export function audienceKey(to: Audience | null | undefined): string {
  return to == null ? '' : to.type === 'moderators' ? 'moderators' : `person-${to.person}`;
}

/** A file that somebody gave. */
export interface FileNote {
  /** The server's name for its ciphertext, in hexadecimal. */
  readonly file: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export interface ChatMessage {
  readonly id: string;
  /** Empty where a file is given. */
  readonly text: string;
  readonly file?: FileNote;
  /** For these alone; absent: for all. */
  readonly to?: Audience;
  /** Whom an answer to it is for, where it was for some alone and is somebody else's: its author. */
  readonly answer?: Audience;
  /** Names of members that it calls by an @, as they were when it came. */
  readonly mentions?: readonly string[];
  /** One of them is oneself. */
  readonly isForSelf?: boolean;
  /** When it came here, or was written here; ms of the epoch by one's own clock. */
  readonly at: number;
  /** Null: oneself, not said yet. */
  readonly by: Speaker | null;
  readonly isOwn: boolean;
}

/** `gap`: one was out of the group, so that what was said meanwhile is not known. */
export type ChatItem = { readonly type: 'message'; readonly message: ChatMessage } | { readonly type: 'gap'; readonly at: number };

/** One's own message that the log does not have: on its way, or given up. */
export interface UnsaidMessage extends ChatMessage {
  readonly hasFailed: boolean;
}

export interface Conversation {
  /** Of the group that this is said in; 0 before the first. */
  readonly generation: number;
  readonly isIn: boolean;
  /** Since when it is heard, ms of the epoch; null before. */
  readonly since: number | null;
  /** In the order of the log, which is everybody's. */
  readonly items: readonly ChatItem[];
  /** As they were written. */
  readonly unsaid: readonly UnsaidMessage[];
  /** Older messages were let go. */
  readonly isCut: boolean;
  /** Messages of others since the beginning, and how many of them were seen. */
  readonly arrived: number;
  readonly seen: number;
  /** The last message of somebody else, for the announcer. */
  readonly latest: ChatMessage | null;
  /** Unseen messages that call oneself by name. */
  readonly calls: number;
  /** By {@link messageKey}, reaction and person: the names of those who reacted. */
  readonly reactions: ReadonlyMap<string, ReadonlyMap<number, ReadonlyMap<string, Speaker>>>;
  /** What one's own hand shall be, while the group does not have it so; null: it has. */
  readonly handWish: boolean | null;
}

export const emptyConversation: Conversation = {
  generation: 0, isIn: false, since: null, items: [], unsaid: [], isCut: false, arrived: 0, seen: 0, latest: null, calls: 0, reactions: new Map(), handWish: null,
};

export type ConversationEvent =
  /** Where one stands in the group, and whose hands are up. */
  | { readonly type: 'stands'; readonly generation: number; readonly ownLeaf: number | null; readonly hands: readonly number[]; readonly at: number }
  | { readonly type: 'said'; readonly generation: number; readonly message: ChatMessage }
  | { readonly type: 'reacted'; readonly message: string; readonly reaction: number; readonly person: string; readonly by: Speaker; readonly isOn: boolean }
  | { readonly type: 'written'; readonly message: ChatMessage }
  | { readonly type: 'failed'; readonly id: string }
  | { readonly type: 'retried'; readonly id: string; readonly at: number }
  | { readonly type: 'discarded'; readonly id: string }
  | { readonly type: 'seen' }
  /** @property raised null: it could not be said, the group's word stands */
  | { readonly type: 'handWished'; readonly raised: boolean | null }
  | { readonly type: 'over' };

export function conversationReducer(state: Conversation, event: ConversationEvent): Conversation {
  switch (event.type) {
    case 'stands': return stands(state, event);
    case 'said': {
      if (event.generation < state.generation) return state;
      const current = event.generation === state.generation ? state : { ...emptyConversation, generation: event.generation, since: event.message.at, isIn: true };
      return said(current, event.message);
    }
    case 'written': return { ...state, unsaid: [...state.unsaid, { ...event.message, hasFailed: false }] };
    case 'failed': return { ...state, unsaid: state.unsaid.map(message => (message.id === event.id ? { ...message, hasFailed: true } : message)) };
    case 'retried': {
      const message = state.unsaid.find(({ id }) => id === event.id);
      if (message === undefined) return state;
      // It is written anew, after whatever was meanwhile.
      return { ...state, unsaid: [...state.unsaid.filter(other => other !== message), { ...message, at: event.at, hasFailed: false }] };
    }
    case 'discarded': return { ...state, unsaid: state.unsaid.filter(({ id }) => id !== event.id) };
    case 'reacted': return reacted(state, event);
    case 'seen': return state.seen === state.arrived ? state : { ...state, seen: state.arrived, calls: 0 };
    case 'handWished': return { ...state, handWish: event.raised };
    case 'over': return emptyConversation;
  }
}

/** Messages of others that were not seen. */
export function unseen({ arrived, seen }: Conversation): number {
  return arrived - seen;
}

function stands(state: Conversation, { generation, ownLeaf, hands, at }: Extract<ConversationEvent, { readonly type: 'stands' }>): Conversation {
  const isIn = ownLeaf !== null;
  if (!isIn) return state.isIn ? { ...state, isIn } : state;
  if (generation !== state.generation) return { ...emptyConversation, generation, isIn, since: at };
  const handWish = state.handWish === hands.includes(ownLeaf) ? null : state.handWish;
  if (state.isIn) return handWish === state.handWish ? state : { ...state, handWish };
  return { ...kept({ ...state, items: [...state.items, { type: 'gap', at }] }), isIn, handWish };
}

function said(state: Conversation, message: ChatMessage): Conversation {
  const unsaid = message.isOwn ? state.unsaid.filter(({ id }) => id !== message.id) : state.unsaid;
  // A message that was posted again because its answer was lost is one message.
  if (state.items.some(item => item.type === 'message' && item.message.id === message.id && item.message.by?.leaf === message.by?.leaf)) return { ...state, unsaid };
  const next = kept({ ...state, unsaid, items: [...state.items, { type: 'message', message }] });
  return message.isOwn ? next : { ...next, arrived: state.arrived + 1, latest: message, calls: state.calls + (message.isForSelf === true ? 1 : 0) };
}

/** Ids are their authors' to choose: only with the leaf they name one message. */
export function messageKey(leaf: number, id: string): string {
  return `${leaf}:${id}`;
}

/** Who reacted to a message, by reaction. */
export function reactionsTo({ reactions }: Conversation, { id, by }: ChatMessage): ReadonlyMap<number, ReadonlyMap<string, Speaker>> {
  return reactions.get(messageKey(by?.leaf ?? -1, id)) ?? new Map();
}

function reacted(state: Conversation, { message, reaction, person, by, isOn }: Extract<ConversationEvent, { readonly type: 'reacted' }>): Conversation {
  const isKnown = state.items.some(item => item.type === 'message' && messageKey(item.message.by?.leaf ?? -1, item.message.id) === message);
  if (!isKnown) return state;
  const all = new Map(state.reactions.get(message));
  const people = new Map(all.get(reaction));
  if (isOn) people.set(person, by);
  else people.delete(person);
  if (people.size > 0) all.set(reaction, people);
  else all.delete(reaction);
  return { ...state, reactions: new Map(state.reactions).set(message, all) };
}

function kept(state: Conversation): Conversation {
  return state.items.length <= keptMaximum ? state : { ...state, items: state.items.slice(-keptMaximum), isCut: true };
}

/** Messages of one person, one after another. */
export interface ChatGroup {
  readonly key: string;
  readonly by: Speaker | null;
  readonly isOwn: boolean;
  readonly messages: readonly ChatMessage[];
}

/** What the panel shows, from top to bottom. */
export function groupsOf(items: readonly ChatItem[]): readonly (ChatGroup | { readonly key: string; readonly gapAt: number })[] {
  const groups: (ChatGroup | { readonly key: string; readonly gapAt: number })[] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (item.type === 'gap') {
      groups.push({ key: `gap-${item.at}`, gapAt: item.at });
    } else if (last !== undefined && 'messages' in last && belongs(last, item.message)) {
      groups[groups.length - 1] = { ...last, messages: [...last.messages, item.message] };
    } else {
      const { by, isOwn, id } = item.message;
      groups.push({ key: `${by?.leaf}-${id}`, by, isOwn, messages: [item.message] });
    }
  }
  return groups;
}

function belongs({ by, isOwn, messages }: ChatGroup, message: ChatMessage): boolean {
  const other = message.by;
  return audienceKey(messages[0]!.to) === audienceKey(message.to) && isOwn === message.isOwn && by?.leaf === other?.leaf && by?.name === other?.name && by?.isGuest === other?.isGuest
    && by?.isConfirmed === other?.isConfirmed && message.at - messages.at(-1)!.at < togetherFor;
}
