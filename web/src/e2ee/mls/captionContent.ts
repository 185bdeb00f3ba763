import { text, utf8, type Bytes } from './bytes';
import type { ContentFormat } from './content';
import { personLength } from './person';

/** Longest line of captions, bytes of UTF-8. */
export const captionMaximum = 600;

/** A line as far as it is typed, or who may type. */
export interface CaptionContent {
  readonly type: 'caption';
  readonly act:
    /** The line of that number is now so; a later message of the same number replaces it until it is final. */
    | { readonly kind: 'line'; readonly number: number; readonly text: string; readonly isFinal: boolean }
    /** By a moderator. */
    | { readonly kind: 'appoint'; readonly person: Bytes; readonly mayType: boolean };
}

export const captionFormat: ContentFormat<CaptionContent> = {
  code: 12,
  write: (writer, { act }) => {
    if (act.kind === 'line') writer.uint8(1).uint32(act.number).vector(utf8(act.text)).uint8(act.isFinal ? 1 : 0);
    else writer.uint8(2).fixed(act.person).uint8(act.mayType ? 1 : 0);
  },
  read: reader => {
    if (reader.oneOf(reader.uint8(), [1, 2]) === 2) {
      const person = reader.fixed(personLength);
      return { type: 'caption', act: { kind: 'appoint', person, mayType: reader.oneOf(reader.uint8(), [0, 1]) === 1 } };
    }
    const number = reader.uint32();
    const read = text(reader.vector(0, captionMaximum));
    reader.ensure(read !== null);
    return { type: 'caption', act: { kind: 'line', number, text: read!, isFinal: reader.oneOf(reader.uint8(), [0, 1]) === 1 } };
  },
};
