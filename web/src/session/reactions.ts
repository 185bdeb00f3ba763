import type { Reaction } from '../e2ee/mls/content';
import { Bucket } from '../state/bucket';
import { newsOf, noReactions, reactionLasts, withReaction, type FloatingReaction, type ReactionState } from '../state/reactions';
import { Store } from '../state/store';
import type { GroupSession, GroupState, Heard } from './groupSession';
import type { Clock } from './timing';

/** One's own: five at once, then one in two seconds. Of others a little more is believed, since what was said apart may come together. */
const sent = { size: 5, interval: 2_000 };
const heard = { size: 8, interval: 1_500 };

/** What comes within this time is told in one phrase, ms. */
const gathering = 2_500;

export type ReactingGroup = Pick<GroupSession, 'listen' | 'command'> & { readonly state: Pick<Store<Pick<GroupState, 'view'>>, 'value'> };

/** Reactions of everybody in the group while the room is shown. */
export class ReactionSession {
  readonly state = new Store<ReactionState>(noReactions);
  readonly #group: ReactingGroup;
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  readonly #own = new Bucket(sent.size, sent.interval);
  readonly #others = new Map<number, Bucket>();
  readonly #timers = new Set<() => void>();
  #gathered: FloatingReaction[] = [];
  #next = 1;

  constructor(group: ReactingGroup, clock: Pick<Clock, 'now' | 'after'>) {
    this.#group = group;
    this.#clock = clock;
  }

  /** Listens until the function that is given back is called. */
  open(): () => void {
    const unhear = this.#group.listen(['reaction'], said => this.#hear(said));
    return () => {
      unhear();
      for (const cancel of this.#timers) cancel();
      this.#timers.clear();
      this.#gathered = [];
      this.state.set(noReactions);
    };
  }

  /** @returns false where it was too much and nothing is sent */
  react(reaction: Reaction): boolean {
    if (!this.#own.take(this.#clock.now())) return false;
    this.#group.command({ type: 'say', content: { type: 'reaction', reaction } });
    return true;
  }

  #hear(said: Heard): void {
    // What was said while one was away is over; it is not shown late.
    if (said.type === 'unsaid' || said.content.type !== 'reaction' || this.#group.state.value.view?.phase !== 'active') return;
    const { by: { leaf }, content: { reaction }, isOwn } = said;
    const bucket = this.#others.get(leaf) ?? new Bucket(heard.size, heard.interval);
    this.#others.set(leaf, bucket);
    if (!bucket.take(this.#clock.now())) return;
    const floating = { id: this.#next++, leaf, reaction };
    this.state.update(state => ({ ...state, floating: withReaction(state.floating, floating) }));
    this.#after(reactionLasts, () => this.state.update(state => ({ ...state, floating: state.floating.filter(other => other !== floating) })));
    if (!isOwn) this.#gather(floating);
  }

  #gather(floating: FloatingReaction): void {
    this.#gathered.push(floating);
    if (this.#gathered.length > 1) return;
    this.#after(gathering, () => {
      const news = newsOf(floating.id, this.#gathered);
      this.#gathered = [];
      this.state.update(state => ({ ...state, news }));
    });
  }

  #after(milliseconds: number, run: () => void): void {
    const cancel = this.#clock.after(milliseconds, () => {
      this.#timers.delete(cancel);
      run();
    });
    this.#timers.add(cancel);
  }
}
