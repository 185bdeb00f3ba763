import type { Bytes } from './bytes';
import type { ContentFormat } from './content';

/** Most leaves that one message can be sealed to: more copies would not fit into a content. */
export const copiesMaximum = 20;

/** Lengths of X-Wing's encapsulation, and of 32 bytes under AES-256-GCM. */
const [encapsulationLength, sealedKeyLength] = [1_120, 48];

/** The text comes in steps of this many bytes: those who cannot read it shall not count its letters either. */
export const textStep = 256;

/** Longest text with its length, in whole steps. */
const paddedMaximum = 8_192;
const tagLength = 16;

const audiences = ['person', 'moderators'] as const;

/** To whom it is said: to one person, under whatever leaves he has, or to all who moderate. */
export type SealedAudience = (typeof audiences)[number];

/** The message's key, for one leaf. Which leaf it is for is not said: each tries its own key. */
export interface SealedCopy {
  readonly encapsulation: Bytes;
  readonly key: Bytes;
}

/** A private message as it goes to all: the text under a key of its own, and that key for each leaf that may have it (docs/e2ee.md §17). */
export interface SealedContent {
  readonly type: 'sealed';
  readonly id: Bytes;
  readonly audience: SealedAudience;
  /** To the key, so that all recipients read one text. */
  readonly commitment: Bytes;
  readonly copies: readonly SealedCopy[];
  readonly ciphertext: Bytes;
}

/** A private message as it is written and read. It has no form of its own on the wire: the leaf that says it seals it. */
export interface PrivateContent {
  readonly type: 'private';
  readonly id: Bytes;
  /** The person (`personOf`); null: all moderators. */
  readonly to: Bytes | null;
  readonly text: string;
}

export const sealedFormat: ContentFormat<SealedContent> = {
  code: 6,
  write: (writer, { id, audience, commitment, copies, ciphertext }) => writer.fixed(id).uint8(audiences.indexOf(audience) + 1).fixed(commitment)
    .list(copies, (inner, { encapsulation, key }) => inner.fixed(encapsulation).fixed(key)).vector(ciphertext),
  read: reader => {
    const id = reader.fixed(16);
    const audience = audiences[reader.oneOf(reader.uint8(), [1, 2]) - 1]!;
    const commitment = reader.fixed(32);
    const copies = reader.list(inner => ({ encapsulation: inner.fixed(encapsulationLength), key: inner.fixed(sealedKeyLength) }), copiesMaximum);
    const ciphertext = reader.vector(textStep + tagLength, paddedMaximum + tagLength);
    reader.ensure(copies.length > 0 && (ciphertext.length - tagLength) % textStep === 0);
    return { type: 'sealed', id, audience, commitment, copies, ciphertext };
  },
};
