import { fromHex, utf8 } from '../e2ee/mls/bytes';
import { captionMaximum } from '../e2ee/mls/captionContent';
import { captionReducer, noCaptions, type CaptionEvent, type Captions } from '../state/captions';
import { teller } from '../state/polls';
import { typedText } from '../state/chatText';
import { Store } from '../state/store';
import type { SpokenGroup } from './conversation';
import type { Heard } from './groupSession';
import { Newcomers } from './newcomers';
import type { Clock } from './timing';

/** While somebody types, a line goes out once in so many ms: the server counts messages, and readers cannot follow more. */
const pace = 1_000;

/** Where captions come from: somebody's keyboard, or an engine that listens to the meeting on a member's own device. */
export interface CaptionEngine {
  /** Begins to tell what is said, until the function that is given back is called. */
  start(tell: (text: string, isFinal: boolean) => void): () => void;
}

/** Captions of the group of a stay: what is typed for all, and what one types oneself. */
export class CaptionSession {
  readonly state = new Store<Captions>(noCaptions);
  readonly #group: SpokenGroup;
  readonly #clock: Clock;
  readonly #newcomers = new Newcomers();
  #number = 0;
  #text = '';
  #said = '';
  #cancel: (() => void) | null = null;

  constructor(group: SpokenGroup, clock: Clock) {
    this.#group = group;
    this.#clock = clock;
  }

  /** Listens until the function that is given back is called. */
  open(): () => void {
    const unfollow = this.#group.state.subscribe(() => this.#follow());
    this.#follow();
    const unhear = this.#group.listen(['caption'], heard => this.#hear(heard));
    return () => {
      this.#cancel?.();
      unhear();
      unfollow();
    };
  }

  /** By a moderator: somebody may type from here on, or not any more. */
  appoint(person: string, mayType: boolean): void {
    this.#group.command({ type: 'say', content: { type: 'caption', act: { kind: 'appoint', person: fromHex(person), mayType } } });
  }

  /** What the line is now; the others see it as it grows. */
  type(text: string): void {
    this.#text = fitting(text);
    // The first word is not held back; what follows is gathered.
    if (this.#cancel === null) this.#say(false);
  }

  /** The line is as it shall be. */
  end(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#text !== '' || this.#said !== '') this.#say(true);
    this.#number++;
    this.#text = '';
    this.#said = '';
  }

  /** Lets an engine type. @returns ends it */
  run(engine: CaptionEngine): () => void {
    return engine.start((text, isFinal) => {
      this.type(text);
      if (isFinal) this.end();
    });
  }

  #say(isFinal: boolean): void {
    const text = typedText(this.#text);
    if (!isFinal && text === this.#said) return;
    this.#said = text;
    this.#group.command({ type: 'say', content: { type: 'caption', act: { kind: 'line', number: this.#number, text, isFinal } } });
    if (isFinal) return;
    this.#cancel = this.#clock.after(pace, () => {
      this.#cancel = null;
      this.#say(false);
    });
  }

  /** Who came does not know yet who types. */
  #follow(): void {
    const view = this.#group.state.value.view;
    if (view?.phase === 'closed') return this.state.set(noCaptions);
    if (view === null || view.ownLeaf === null) return;
    const came = this.#newcomers.since(view);
    if (came.size === 0 || teller(view.members, came, '') !== view.ownLeaf) return;
    for (const person of this.state.value.typists) this.appoint(person, true);
  }

  #hear(heard: Heard): void {
    if (heard.type === 'unsaid' || heard.content.type !== 'caption' || heard.generation < this.state.value.generation) return;
    this.#dispatch({ type: 'begins', generation: heard.generation });
    this.#dispatch({ type: 'heard', act: heard.content.act, by: heard.by, at: this.#clock.now() });
  }

  #dispatch(event: CaptionEvent): void {
    this.state.update(state => captionReducer(state, event));
  }
}

/** As much of the end of a text as a line holds. */
function fitting(text: string): string {
  let rest = [...text];
  while (utf8(rest.join('')).length > captionMaximum) rest = rest.slice(Math.max(1, Math.floor(rest.length / 20)));
  return rest.join('');
}
