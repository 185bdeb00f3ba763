import type { FileFault } from './files/fileCipher';
import type { MeetingLink } from './link';
import type { Bytes } from './mls/bytes';
import type { MemberCommand } from './mls/memberTypes';
import type { Answers, FoundingWish, FromWorker, NetworkEvent, Question, SpokenIdentity, ToWorker } from './protocol';

/** What the worker tells the page: what is to be asked of the server, and what people shall see. */
export interface EncryptionObserver {
  told(message: Exclude<FromWorker, { readonly type: 'answer' | 'failed' }>): void;
  /** The worker is gone or failed: nothing is sent any more. Another one comes back as a new leaf. */
  failed(): void;
}

/** The part of a Worker that is used here. */
export interface WorkerLike {
  postMessage(message: ToWorker): void;
  terminate(): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: () => void): void;
}

/** The page's end of the worker that owns the keys. It holds none, and could not be asked for one. */
export class EncryptionClient {
  readonly #worker: WorkerLike;
  readonly #observer: EncryptionObserver;
  readonly #questions = new Map<number, (answer: Answers[keyof Answers] | null) => void>();
  #number = 0;
  #isOver = false;

  constructor(worker: WorkerLike, observer: EncryptionObserver) {
    this.#worker = worker;
    this.#observer = observer;
    worker.addEventListener('message', ({ data }) => this.#take(data));
    worker.addEventListener('error', () => this.#fail());
    worker.addEventListener('messageerror', () => this.#fail());
  }

  /** Opens the link of an encrypted meeting; the statement that the server gave follows as an event. */
  open(link: MeetingLink & { readonly statementHash: Bytes }, identity: SpokenIdentity): void {
    this.#post({ type: 'open', meetingId: link.meetingId, fragment: link.statementHash, identity });
  }

  /** The server said something, or the socket came or went. */
  tell(event: NetworkEvent): void {
    this.#post({ type: 'event', event });
  }

  command(command: MemberCommand): void {
    this.#post({ type: 'command', command });
  }

  /** Signs the statement of a new meeting. @param at ms since 1970. @returns null where the device certificate is not good */
  found(wish: FoundingWish, identity: SpokenIdentity, at: number): Promise<Answers['found'] | null> {
    return this.#ask({ type: 'found', wish, identity, at });
  }

  /** Founds a breakout room of the open meeting. @param persons who may enter it by themselves. @returns null for who does not moderate */
  foundRoom(persons: readonly string[], identity: SpokenIdentity, at: number): Promise<Answers['foundRoom'] | null> {
    return this.#ask({ type: 'foundRoom', persons, identity, at });
  }

  /** The device key, with proof that it is held: for a device certificate of an account. */
  device(accountId: Bytes, at: number): Promise<Answers['device'] | null> {
    return this.#ask({ type: 'device', accountId, at });
  }

  codes(): Promise<Answers['codes']> {
    return this.#ask({ type: 'codes' });
  }

  counts(): Promise<Answers['counts'] | null> {
    return this.#ask({ type: 'counts' });
  }

  /** Encrypts a file for the message of this id. @returns null where the worker could not */
  sealFile(id: Bytes, file: Blob): Promise<Blob | null> {
    return this.#ask({ type: 'sealFile', id, file });
  }

  openFile(file: Bytes, ciphertext: Blob): Promise<Blob | FileFault | null> {
    return this.#ask({ type: 'openFile', file, ciphertext });
  }

  /** Drops all keys of the meeting, and the worker with them. */
  close(): void {
    if (!this.#isOver) this.#end();
  }

  #ask<T extends Question>(question: T): Promise<Answers[T['type']] | null> {
    if (this.#isOver) return Promise.resolve(null);
    const number = ++this.#number;
    return new Promise(resolve => {
      this.#questions.set(number, answer => resolve(answer as Answers[T['type']] | null));
      this.#post({ type: 'ask', number, question });
    });
  }

  #take(message: FromWorker): void {
    if (this.#isOver) return;
    switch (message.type) {
      case 'answer':
        this.#questions.get(message.number)?.(message.answer);
        this.#questions.delete(message.number);
        break;
      case 'failed': return this.#fail();
      default: return this.#observer.told(message);
    }
  }

  #fail(): void {
    if (this.#isOver) return;
    this.#end();
    this.#observer.failed();
  }

  #end(): void {
    this.#isOver = true;
    this.#worker.terminate();
    for (const answer of this.#questions.values()) answer(null);
    this.#questions.clear();
  }

  #post(message: ToWorker): void {
    if (!this.#isOver) this.#worker.postMessage(message);
  }
}

/** Starts the worker: a chunk of its own, loaded when an encrypted meeting is opened or founded. The peer connections need it for their transforms. */
export function startEncryption(observer: EncryptionObserver): { readonly client: EncryptionClient; readonly worker: Worker } {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'e2ee' });
  return { client: new EncryptionClient(worker, observer), worker };
}
