import { text, utf8, type Bytes } from './bytes';
import type { ContentFormat } from './content';

/** Longest name of a file, bytes of UTF-8. */
export const fileNameMaximum = 255;

/**
 * A file that somebody gives to all: where its ciphertext lies, and what opens it. `key` and `hash` are the worker's: in the page both are empty, going out
 * and coming in.
 */
export interface FileContent {
  readonly type: 'file';
  readonly id: Bytes;
  /** The server's name for the ciphertext. */
  readonly file: Bytes;
  /** As its giver calls it; nobody saves it under this without making it harmless. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly key: Bytes;
  /** SHA-256 of the ciphertext: a key of AES-GCM alone would not say which file is meant. */
  readonly hash: Bytes;
}

export const fileFormat: ContentFormat<FileContent> = {
  code: 8,
  write: (writer, { id, file, name, size, key, hash }) => writer.fixed(id).fixed(file).vector(utf8(name)).uint64(size).fixed(key).fixed(hash),
  read: reader => {
    const id = reader.fixed(16);
    const file = reader.fixed(16);
    const name = text(reader.vector(1, fileNameMaximum));
    reader.ensure(name !== null);
    return { type: 'file', id, file, name: name!, size: reader.safe64(), key: reader.fixed(32), hash: reader.fixed(32) };
  },
};
