import { fromHex, hex } from '../e2ee/mls/bytes';
import type { Content } from '../e2ee/mls/content';
import type { RandomBytes } from '../e2ee/mls/suite';
import { conversationReducer, emptyConversation, type Conversation, type ConversationEvent } from '../state/conversation';
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
    const unhear = this.#group.listen(['chat', 'hand'], heard => this.#hear(heard));
    return () => {
      unhear();
      unfollow();
    };
  }

  say(typed: string): void {
    const text = typedText(typed);
    if (text === '') return;
    const id = this.#random(idLength);
    this.#dispatch({ type: 'written', message: { id: hex(id), text, at: this.#now(), by: null, isOwn: true } });
    this.#group.command({ type: 'say', content: { type: 'chat', id, text } });
  }

  /** Says again what could not be said. */
  retry(id: string): void {
    const message = this.state.value.unsaid.find(unsaid => unsaid.id === id && unsaid.hasFailed);
    if (message === undefined) return;
    this.#dispatch({ type: 'retried', id, at: this.#now() });
    this.#group.command({ type: 'say', content: { type: 'chat', id: fromHex(id), text: message.text } });
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
    else if (content.type === 'chat') {
      const { by, isOwn, generation } = heard;
      this.#dispatch({ type: 'said', generation, message: { id: hex(content.id), text: content.text, at: this.#now(), by, isOwn } });
    }
  }

  #unsaid(content: Content): void {
    if (content.type === 'chat') this.#dispatch({ type: 'failed', id: hex(content.id) });
    if (content.type === 'hand') this.#dispatch({ type: 'handWished', raised: null });
  }

  #dispatch(event: ConversationEvent): void {
    this.state.update(state => conversationReducer(state, event));
  }
}
