import { fromHex, hex, type Bytes } from '../e2ee/mls/bytes';
import type { Content } from '../e2ee/mls/content';
import type { SaidAction } from '../e2ee/mls/memberTypes';
import type { PrivateContent } from '../e2ee/mls/sealedContent';
import type { RandomBytes } from '../e2ee/mls/suite';
import { conversationReducer, emptyConversation, messageKey, type Audience, type ChatMessage, type Conversation, type ConversationEvent, type FileNote } from '../state/conversation';
import { mentionsIn } from '../state/mentions';
import { typedText } from '../state/chatText';
import { Store } from '../state/store';
import type { GroupSession, GroupState, Heard } from './groupSession';

const idLength = 16;

/** What of a group is needed to talk in it. */
export type SpokenGroup = Pick<GroupSession, 'listen' | 'command'> & { readonly state: Pick<Store<Pick<GroupState, 'view'>>, 'value' | 'subscribe'> };

/** What is said in the group of a stay, and how one says something oneself. It lives as long as the room is shown. */
export class ConversationSession {
  readonly state = new Store<Conversation>(emptyConversation);
  readonly #group: SpokenGroup;
  readonly #random: RandomBytes;
  readonly #now: () => number;

  /** @param now ms of the epoch */
  constructor(group: SpokenGroup, random: RandomBytes, now: () => number) {
    this.#group = group;
    this.#random = random;
    this.#now = now;
  }

  /** Listens until the function that is given back is called. */
  open(): () => void {
    const unfollow = this.#group.state.subscribe(() => this.#follow());
    this.#follow();
    const unhear = this.#group.listen(['chat', 'private', 'hand', 'file', 'messageReaction'], heard => this.#hear(heard));
    return () => {
      unhear();
      unfollow();
    };
  }

  /** @param to whom alone it is for; null: all */
  say(typed: string, to: Audience | null): void {
    const text = typedText(typed);
    if (text === '') return;
    const id = this.#random(idLength);
    this.#dispatch({ type: 'written', message: { id: hex(id), text, ...(to === null ? {} : { to }), at: this.#now(), by: null, isOwn: true } });
    this.#group.command({ type: 'say', content: textContent(id, text, to) });
  }

  /** Says again what could not be said. */
  retry(id: string): void {
    const message = this.state.value.unsaid.find(unsaid => unsaid.id === id && unsaid.hasFailed);
    if (message === undefined) return;
    this.#dispatch({ type: 'retried', id, at: this.#now() });
    const content: Content = message.file === undefined ? textContent(fromHex(id), message.text, message.to ?? null) : fileContent(fromHex(id), message.file);
    this.#group.command({ type: 'say', content });
  }

  /** A file is with the server: says so to the others. */
  give(id: Bytes, file: FileNote): void {
    this.#dispatch({ type: 'written', message: { id: hex(id), text: '', file, at: this.#now(), by: null, isOwn: true } });
    this.#group.command({ type: 'say', content: fileContent(id, file) });
  }

  /** @param reaction index in `reactions` */
  react(message: ChatMessage, reaction: number, isOn: boolean): void {
    // Reactions are said to all, and would tell them of it.
    if (message.by === null || message.to !== undefined) return;
    this.#group.command({ type: 'say', content: { type: 'messageReaction', message: fromHex(message.id), author: message.by.leaf, reaction, isOn } });
  }

  /** Gives up what could not be said. */
  discard(id: string): void {
    if (this.state.value.unsaid.some(unsaid => unsaid.id === id && unsaid.hasFailed)) this.#dispatch({ type: 'discarded', id });
  }

  raiseHand(raised: boolean): void {
    this.#dispatch({ type: 'handWished', raised });
    this.#group.command({ type: 'say', content: { type: 'hand', raised, since: 0 } });
  }

  /** All messages that came are before the person's eyes. */
  see(): void {
    this.#dispatch({ type: 'seen' });
  }

  #follow(): void {
    const view = this.#group.state.value.view;
    if (view === null) return;
    if (view.phase === 'closed') this.#dispatch({ type: 'over' });
    else this.#dispatch({ type: 'stands', generation: view.generation, ownLeaf: view.ownLeaf, hands: view.hands, at: this.#now() });
  }

  #hear(heard: Heard): void {
    const { content } = heard;
    if (heard.type === 'unsaid') this.#unsaid(content);
    else if (content.type === 'chat') this.#said(heard, { id: content.id, text: content.text, ...this.#callsIn(content.text) });
    else if (content.type === 'private') this.#said(heard, { id: content.id, text: content.text, to: this.#audienceOf(heard, content), ...answerTo(heard), ...this.#callsIn(content.text) });
    else if (content.type === 'file') this.#said(heard, { id: content.id, text: '', file: { file: hex(content.file), name: content.name, size: content.size } });
    else if (content.type === 'messageReaction') {
      const { message, author, reaction, isOn } = content;
      this.#dispatch({ type: 'reacted', message: messageKey(author, hex(message)), reaction, person: heard.by.person, by: heard.by, isOn });
    }
  }

  #said({ generation, by, isOwn }: SaidAction, { id, ...message }: Omit<ChatMessage, 'id' | 'at' | 'by' | 'isOwn'> & { readonly id: Bytes }): void {
    this.#dispatch({ type: 'said', generation, message: { ...message, id: hex(id), at: this.#now(), by, isOwn } });
  }

  #audienceOf({ isOwn }: SaidAction, { id, to }: PrivateContent): Audience {
    if (to === null) return { type: 'moderators' };
    const written = isOwn ? this.state.value.unsaid.find(message => message.id === hex(id))?.to : undefined;
    const person = hex(to);
    const member = this.#group.state.value.view?.members.find(other => other.person === person);
    return written ?? { type: 'person', person, leaf: member?.leaf ?? -1, name: member?.name ?? null };
  }

  /** Whom a text calls by name, of those who are there. */
  #callsIn(text: string): Pick<ChatMessage, 'mentions' | 'isForSelf'> {
    const view = this.#group.state.value.view;
    const mentions = mentionsIn(text, (view?.members ?? []).flatMap(({ name }) => (name === null ? [] : [name]))).map(({ name }) => name);
    const own = view?.members.find(({ leaf }) => leaf === view.ownLeaf)?.name ?? null;
    return mentions.length === 0 ? {} : { mentions, isForSelf: own !== null && mentions.includes(own) };
  }

  #unsaid(content: Content): void {
    if (content.type === 'chat' || content.type === 'private' || content.type === 'file') this.#dispatch({ type: 'failed', id: hex(content.id) });
    if (content.type === 'hand') this.#dispatch({ type: 'handWished', raised: null });
  }

  #dispatch(event: ConversationEvent): void {
    this.state.update(state => conversationReducer(state, event));
  }
}

/** Who answers a private message answers its author. */
function answerTo({ isOwn, by: { person, leaf, name } }: SaidAction): Pick<ChatMessage, 'answer'> {
  return isOwn ? {} : { answer: { type: 'person', person, leaf, name } };
}

function textContent(id: Bytes, text: string, to: Audience | null): Content {
  return to === null ? { type: 'chat', id, text } : { type: 'private', id, to: to.type === 'moderators' ? null : fromHex(to.person), text };
}

/** Without its key: that is the worker's to add. */
function fileContent(id: Bytes, { file, name, size }: FileNote): Content {
  return { type: 'file', id, file: fromHex(file), name, size, key: new Uint8Array(), hash: new Uint8Array() };
}
