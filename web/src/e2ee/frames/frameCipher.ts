import { concat, type Bytes } from './bytes';
import { open, seal, tagLength } from './cipher';
import { isAudio, type FrameDescription } from './codecs';
import { associatedData, joinPlain, splitPlain, unwrapBody, wrapBody } from './format';
import type { ReceiveKey, SendKey } from './frameKey';
import { headerLength, readHeader, writeHeader } from './header';
import type { FrameKeyStore, KeyRefusal } from './keys';

/** Why a frame was dropped. Nothing of a dropped frame goes on. */
export type DropReason =
  /** Sending is stopped, or no key was given yet. */
  | 'notSending'
  /** The codec is none that is encrypted, or is not known yet. */
  | 'unknownCodec'
  /** No frame of its codec, or not in the form that senders give it; plaintext ends here at the latest. */
  | 'malformed'
  | KeyRefusal
  /** Its counter was seen, or is older than the replay window. */
  | 'replayed'
  /** Ciphertext, tag or associated data are not what the sender made. */
  | 'undecryptable'
  /** The browser's cryptography refused. */
  | 'failed';

/** A frame and the key it was sealed with: `body` is what both sides of a digest hash. */
export interface SealedFrame<Key> {
  key: Key;
  counter: number;
  body: Bytes;
  /** The frame as it goes on. */
  data: Bytes;
}

/** Encrypts a frame of an encoder. */
export async function encryptFrame(keys: FrameKeyStore, description: FrameDescription, frame: Bytes): Promise<SealedFrame<SendKey> | DropReason> {
  const { codec } = description;
  const split = splitPlain(codec, frame);
  if (split === null) return 'malformed';
  const key = keys.sending;
  if (key === null) return 'notSending';
  try {
    const derived = await key.derived;
    if (keys.sending !== key) return keys.sending === null ? 'notSending' : await encryptFrame(keys, description, frame);
    const counter = key.takeCounter();
    const header = new Uint8Array(headerLength(key.keyId, counter));
    writeHeader(header, 0, key.keyId, counter);
    const sealed = await seal(derived, counter, associatedData(description, header, split.clear), split.rest);
    if (keys.sending === null) return 'notSending';
    const body = concat(split.clear, header, sealed);
    return { key, counter, body, data: wrapBody(codec, split.clear.length, body) };
  } catch {
    return 'failed';
  }
}

/** Decrypts a received frame: one key, one attempt. Video waits a little for the keys of an epoch that has only just begun. */
export async function decryptFrame(keys: FrameKeyStore, description: FrameDescription, frame: Bytes): Promise<SealedFrame<ReceiveKey> | DropReason> {
  const split = unwrapBody(description.codec, frame);
  const header = split === null ? null : readHeader(split.rest);
  if (split === null || header === null || split.rest.length < header.length + tagLength) return 'malformed';
  let key = keys.receiving(header.keyId);
  if (key === 'unknownKey' && !isAudio(description.codec)) {
    await keys.arrival(header.keyId);
    key = keys.receiving(header.keyId);
  }
  if (typeof key === 'string') return key;
  const { counter } = header;
  if (!key.window.isFresh(counter)) return 'replayed';
  try {
    const aad = associatedData(description, split.rest.subarray(0, header.length), split.clear);
    const plain = await open(await key.derived, counter, aad, split.rest.subarray(header.length));
    if (plain === null) {
      keys.forget(key);
      return 'undecryptable';
    }
    if (!keys.holds(key)) return 'unknownKey';
    if (!key.window.record(counter)) return 'replayed';
    // Only the body of H.264 lies nowhere in one piece.
    const body = split.clear.length === 0 ? split.rest : description.codec === 'vp8' ? frame : concat(split.clear, split.rest);
    return { key, counter, body, data: joinPlain(split.clear, plain) };
  } catch {
    return 'failed';
  }
}
