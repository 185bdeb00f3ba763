import { fromHex, hex } from '../e2ee/mls/bytes';
import type { PollContent } from '../e2ee/mls/pollContent';
import type { RandomBytes } from '../e2ee/mls/suite';
import { ballotsOf, noPolls, pollReducer, teller, totalsOf, type Poll, type PollEvent, type Polls } from '../state/polls';
import { Store } from '../state/store';
import type { SpokenGroup } from './conversation';
import type { Heard } from './groupSession';
import { Newcomers } from './newcomers';

/** Bytes of a poll's id. */
const idLength = 16;

/** Most polls that are told to those who come: messages are counted by the server. */
const toldMaximum = 8;

/** What somebody asks. */
export type Question = Pick<PollContent, 'question' | 'answers' | 'isMultiple' | 'isNameless' | 'isSecretUntilClosed'>;

/** Polls of the group of a stay: each page counts for itself what members sign. */
export class PollSession {
  readonly state = new Store<Polls>(noPolls);
  readonly #group: SpokenGroup;
  readonly #random: RandomBytes;
  readonly #newcomers = new Newcomers();

  constructor(group: SpokenGroup, random: RandomBytes) {
    this.#group = group;
    this.#random = random;
  }

  /** Listens until the function that is given back is called. */
  open(): () => void {
    const unfollow = this.#group.state.subscribe(() => this.#follow());
    this.#follow();
    const unhear = this.#group.listen(['poll', 'vote', 'pollClose'], heard => this.#hear(heard));
    return () => {
      unhear();
      unfollow();
    };
  }

  ask(question: Question): void {
    this.#group.command({ type: 'say', content: { type: 'poll', id: this.#random(idLength), ...question, told: null } });
  }

  /** @param choices none takes one's vote back */
  vote(poll: string, choices: number): void {
    this.#dispatch({ type: 'wished', poll, choices });
    this.#group.command({ type: 'say', content: { type: 'vote', poll: fromHex(poll), choices } });
  }

  close(id: string): void {
    const poll = this.state.value.list.find(other => other.id === id);
    if (poll !== undefined) this.#group.command({ type: 'say', content: { type: 'pollClose', poll: fromHex(id), totals: totalsOf(poll) } });
  }

  /** All that was asked is before the person's eyes. */
  see(): void {
    this.#dispatch({ type: 'seen' });
  }

  #follow(): void {
    const view = this.#group.state.value.view;
    if (view === null) return;
    // What was asked is gone with the meeting.
    if (view.phase === 'closed') return this.state.set(noPolls);
    const { generation, ownLeaf, members } = view;
    const came = this.#newcomers.since(view);
    const own = members.find(({ leaf }) => leaf === ownLeaf);
    if (own !== undefined) this.#dispatch({ type: 'stands', generation, stay: own.certificate, self: own.person });
    if (ownLeaf === null || came.size === 0 || (came.size === 1 && came.has(ownLeaf))) return;
    for (const poll of this.state.value.list.slice(-toldMaximum)) if (teller(members, came, poll.by.person) === ownLeaf) this.#tell(poll);
  }

  #tell(poll: Poll): void {
    const { id, question, answers, isMultiple, isNameless, isSecretUntilClosed } = poll;
    this.#group.command({
      type: 'say',
      content: { type: 'poll', id: fromHex(id), question, answers, isMultiple, isNameless, isSecretUntilClosed, told: ballotsOf(poll) },
    });
  }

  #hear(heard: Heard): void {
    const { content } = heard;
    if (heard.type === 'unsaid') {
      if (content.type === 'vote') this.#dispatch({ type: 'failed', poll: hex(content.poll) });
      return;
    }
    if (heard.generation < this.state.value.generation) return;
    const { by, isOwn, generation } = heard;
    this.#dispatch({ type: 'begins', generation });
    if (content.type === 'poll') this.#dispatch({ type: 'polled', content, by, isOwn });
    if (content.type === 'vote') this.#dispatch({ type: 'voted', content, by });
    if (content.type === 'pollClose') this.#dispatch({ type: 'closed', content, by, isOwn });
  }

  #dispatch(event: PollEvent): void {
    this.state.update(state => pollReducer(state, event));
  }
}
