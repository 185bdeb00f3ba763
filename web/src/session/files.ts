import { ciphertextLength } from '../e2ee/files/fileCipher';
import type { EncryptionClient } from '../e2ee/client';
import { fromHex, hex, type Bytes } from '../e2ee/mls/bytes';
import { fileNameMaximum } from '../e2ee/mls/fileContent';
import type { RandomBytes } from '../e2ee/mls/suite';
import type { FileStore } from '../signaling/files';
import { byteLength } from '../state/chatText';
import type { FileNote } from '../state/conversation';
import { safeFileName } from '../state/fileNames';
import { Store } from '../state/store';
import { noTransfers, transferReducer, type TransferEvent, type Transfers } from '../state/transfers';

/** Bytes of a message's id. */
const idLength = 16;

export interface FilePorts {
  readonly meetingId: string;
  /** The worker, which alone has the keys. */
  readonly safe: Pick<EncryptionClient, 'sealFile' | 'openFile'>;
  readonly store: FileStore;
  readonly random: RandomBytes;
  /** Says to the group that the file is there. */
  readonly say: (id: Bytes, note: FileNote) => void;
  /** Gives it to the person, as bytes of no type. */
  readonly save: (file: Blob, name: string) => void;
}

/** Files that go to the group of a stay and come from it: through the worker's encryption, and past the server as ciphertext. */
export class FileSession {
  readonly state = new Store<Transfers>(noTransfers);
  readonly #ports: FilePorts;
  readonly #running = new Map<string, AbortController>();
  /** What can be sent again. */
  readonly #files = new Map<string, File>();

  constructor(ports: FilePorts) {
    this.#ports = ports;
  }

  /** Gives a file to all. */
  send(file: File): Promise<void> {
    const id = hex(this.#ports.random(idLength));
    this.#files.set(id, file);
    return this.#send(id, file);
  }

  retry(id: string): Promise<void> {
    const file = this.#files.get(id);
    return file === undefined ? Promise.resolve() : this.#send(id, file);
  }

  /** Stops it, or gives up what failed. */
  cancel(id: string): void {
    this.#running.get(id)?.abort();
    this.#files.delete(id);
    this.#dispatch({ type: 'done', id });
  }

  /** Fetches, opens and saves a file that somebody gave. */
  async fetch({ file, name, size }: FileNote): Promise<void> {
    if (this.#running.has(file)) return;
    const { meetingId, safe, store, save } = this.#ports;
    await this.#run(file, async signal => {
      this.#dispatch({ type: 'got', file, progress: 0 });
      const got = await store.get(meetingId, fromHex(file), ciphertextLength(size), progress => this.#dispatch({ type: 'got', file, progress }), signal);
      if (got === 'cancelled') return this.#dispatch({ type: 'saved', file });
      const opened = typeof got === 'string' ? got : await safe.openFile(fromHex(file), got) ?? 'broken';
      if (typeof opened === 'string') return this.#dispatch({ type: 'lost', file, fault: opened });
      this.#dispatch({ type: 'saved', file });
      save(opened, safeFileName(name));
    });
  }

  stop(file: string): void {
    this.#running.get(file)?.abort();
  }

  /** Nothing goes on when the room is left. */
  close(): void {
    for (const running of this.#running.values()) running.abort();
    this.#files.clear();
  }

  async #send(id: string, file: File): Promise<void> {
    const name = nameToSay(file.name);
    const { meetingId, safe, store, say } = this.#ports;
    this.#dispatch({ type: 'begun', upload: { id, name, size: file.size } });
    const refuse = (fault: Extract<TransferEvent, { readonly type: 'refused' }>['fault'], maximum: number | null = null) =>
      this.#dispatch({ type: 'refused', id, fault, maximum });
    await this.#run(id, async signal => {
      if (file.size === 0) return refuse('empty');
      const room = await store.room(meetingId);
      if (signal.aborted) return;
      if (room === null) return refuse('unreachable');
      if (file.size > room.maximum) return refuse('tooLarge', room.maximum);
      if (ciphertextLength(file.size) > room.left) return refuse('full');
      const ciphertext = await safe.sealFile(fromHex(id), file);
      if (signal.aborted) return;
      if (ciphertext === null) return refuse('unreadable');
      const stored = await store.put(meetingId, ciphertext, progress => this.#dispatch({ type: 'sent', id, progress }), signal);
      if (stored === 'cancelled') return;
      if (typeof stored === 'string') return refuse(stored);
      this.#files.delete(id);
      this.#dispatch({ type: 'done', id });
      say(fromHex(id), { file: hex(stored), name, size: file.size });
    });
  }

  async #run(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    this.#running.set(name, controller);
    try {
      await work(controller.signal);
    } finally {
      this.#running.delete(name);
    }
  }

  #dispatch(event: TransferEvent): void {
    this.state.update(state => transferReducer(state, event));
  }
}

/** One's own file's name, as far as it may be said. */
function nameToSay(name: string): string {
  const safe = safeFileName(name);
  return byteLength(safe) <= fileNameMaximum ? safe : safeFileName([...safe].slice(-60).join(''));
}
