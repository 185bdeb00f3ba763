import { equal, type Bytes } from './bytes';
import type { Content } from './content';

interface Outgoing {
  readonly number: number;
  readonly content: Content;
  message: Bytes | null;
}

/** One's own messages until the log has them: its order is everybody's, so they count as said only there. */
export class Outbox {
  #messages: Outgoing[] = [];
  #next = 1;

  add(content: Content): void {
    this.#messages.push({ number: this.#next++, content, message: null });
  }

  get all(): readonly { readonly number: number; readonly content: Content }[] {
    return this.#messages;
  }

  /** Messages that are not under way. */
  get unsent(): readonly { readonly number: number; readonly content: Content }[] {
    return this.#messages.filter(({ message }) => message === null);
  }

  sent(number: number, message: Bytes): void {
    const found = this.#messages.find(outgoing => outgoing.number === number);
    if (found !== undefined) found.message = message;
  }

  /** The server did not take it: encrypt it anew. */
  returned(number: number): void {
    const found = this.#messages.find(outgoing => outgoing.number === number);
    if (found !== undefined) found.message = null;
  }

  drop(number: number): Content | null {
    const found = this.#messages.find(outgoing => outgoing.number === number);
    this.#messages = this.#messages.filter(outgoing => outgoing !== found);
    return found?.content ?? null;
  }

  /** After a lost socket, when the log is read to its end: what is not in it was lost. */
  reset(): void {
    for (const outgoing of this.#messages) outgoing.message = null;
  }

  /** One's own message in the log, which one cannot decrypt. */
  take(bytes: Bytes): Content | null {
    const found = this.#messages.find(({ message }) => message !== null && equal(message, bytes));
    if (found === undefined) return null;
    this.drop(found.number);
    return found.content;
  }
}
