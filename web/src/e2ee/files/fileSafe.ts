import { hex, type Bytes } from '../mls/bytes';
import type { Content } from '../mls/content';
import type { FileContent } from '../mls/fileContent';
import type { SaidAction } from '../mls/memberTypes';
import type { RandomBytes } from '../mls/suite';
import { decryptFile, encryptFile, hashOf, isHashOf, type FileFault } from './fileCipher';

const none: Bytes = new Uint8Array();

/** Most keys of files that are kept; the oldest go first. */
const keptMaximum = 1_000;

interface Lock {
  readonly key: Bytes;
  readonly hash: Bytes;
  readonly size: number;
}

/** Keys of the meeting's files. They stay in the worker: the page sees contents of files, and never what opens them. */
export class FileSafe {
  readonly #random: RandomBytes;
  /** Of one's own, by message. */
  readonly #sealed = new Map<string, Lock>();
  /** Of what was said, by the server's name for the file. */
  readonly #known = new Map<string, Lock>();

  constructor(random: RandomBytes) {
    this.#random = random;
  }

  /** Encrypts a file that a message is going to give. @param id of the message */
  async seal(id: Bytes, file: Blob): Promise<Blob> {
    const key = this.#random(32);
    const ciphertext = await encryptFile(file, key);
    keep(this.#sealed, hex(id), { key, hash: await hashOf(ciphertext), size: file.size });
    return ciphertext;
  }

  /** Opens a file that somebody said. */
  async open(file: Bytes, ciphertext: Blob): Promise<Blob | FileFault> {
    const lock = this.#known.get(hex(file));
    if (lock === undefined || !await isHashOf(ciphertext, lock.hash)) return 'broken';
    return decryptFile(ciphertext, lock.key, lock.size);
  }

  /** What goes to the others, with what opens it; without, nobody could say it. */
  outgoing(content: Content): Content {
    const lock = content.type === 'file' ? this.#sealed.get(hex(content.id)) : undefined;
    return content.type !== 'file' || lock === undefined ? content : { ...content, ...lock };
  }

  /** What the page is told. */
  told(action: SaidAction): SaidAction {
    const { content } = action;
    if (content.type !== 'file') return action;
    // Whoever names a file that is known already cannot give it another key.
    if (!this.#known.has(hex(content.file))) keep(this.#known, hex(content.file), { key: content.key, hash: content.hash, size: content.size });
    return { ...action, content: withoutKey(content) };
  }

  /** Drops all keys. */
  clear(): void {
    for (const locks of [this.#sealed, this.#known]) {
      for (const { key } of locks.values()) key.fill(0);
      locks.clear();
    }
  }
}

/** What may leave the worker of a content. */
export function withoutKey<T extends Content>(content: T | FileContent): T | FileContent {
  return content.type === 'file' ? { ...(content as FileContent), key: none, hash: none } : content;
}

function keep(locks: Map<string, Lock>, name: string, lock: Lock): void {
  locks.set(name, lock);
  if (locks.size <= keptMaximum) return;
  const [oldest] = locks.keys();
  locks.delete(oldest!);
}
