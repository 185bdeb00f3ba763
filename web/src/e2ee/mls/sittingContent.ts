import type { Bytes } from './bytes';
import { encode } from './codec';
import type { ContentFormat } from './content';
import { signatureLength, verify, type SigningKey } from './signing';

/** What members of a formal sitting tell each other (docs/sittings.md). */
export type SittingContent =
  /** `signature`: of the leaf's key over {@link sittingSigned}; empty until the worker signs. */
  | { readonly type: 'sitting'; readonly act: Bytes; readonly signature: Bytes }
  /** A piece of the sitting's history, for those who came later; `whole`: H of all pieces. */
  | { readonly type: 'sittingHistory'; readonly whole: Bytes; readonly part: number; readonly parts: number; readonly bytes: Bytes };

/** Longest act, bytes. */
export const actMaximum = 30_000;

/** Longest piece of a history, bytes. */
export const pieceMaximum = 30_000;

type Formats = { readonly [K in SittingContent['type']]: ContentFormat<Extract<SittingContent, { readonly type: K }>> };

export const sittingFormats: Formats = {
  sitting: {
    code: 20,
    write: (writer, { act, signature }) => writer.fixed(signature).vector(act),
    read: reader => ({ type: 'sitting', signature: reader.fixed(signatureLength), act: reader.vector(1, actMaximum) }),
  },
  sittingHistory: {
    code: 21,
    write: (writer, { whole, part, parts, bytes }) => writer.fixed(whole).uint8(part).uint8(parts).vector(bytes),
    read: reader => {
      const content = { type: 'sittingHistory' as const, whole: reader.fixed(32), part: reader.uint8(), parts: reader.uint8(), bytes: reader.vector(1, pieceMaximum) };
      reader.ensure(content.part < content.parts);
      return content;
    },
  },
};

/** What is signed: an act counts in one generation of one meeting, and under one leaf certificate. */
export function sittingSigned(groupId: Uint8Array, certificateHash: Uint8Array, act: Uint8Array): Bytes {
  return encode(writer => writer.vector(groupId).fixed(certificateHash).vector(act));
}

export function signSitting(key: SigningKey, groupId: Uint8Array, certificateHash: Uint8Array, act: Uint8Array): Promise<Bytes> {
  return key.sign('sitting', sittingSigned(groupId, certificateHash, act));
}

export function isSittingSigned(leafKey: Uint8Array, groupId: Uint8Array, certificateHash: Uint8Array, act: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return verify(leafKey, 'sitting', sittingSigned(groupId, certificateHash, act), signature);
}
