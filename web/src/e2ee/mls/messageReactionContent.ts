import type { Bytes } from './bytes';
import type { ContentFormat } from './content';

/** What one may answer to a message without words. Closed, so that a reaction is never another way to write; only ever added to. */
export const reactions = ['agree', 'disagree', 'done', 'heart', 'smile', 'question'] as const;

/** A member's reaction to a message: on, or taken back. A message is its id and the leaf that said it, since ids are their authors' to choose. */
export interface MessageReactionContent {
  readonly type: 'messageReaction';
  readonly message: Bytes;
  readonly author: number;
  /** Index in {@link reactions}. */
  readonly reaction: number;
  readonly isOn: boolean;
}

export const messageReactionFormat: ContentFormat<MessageReactionContent> = {
  code: 7,
  write: (writer, { message, author, reaction, isOn }) => writer.fixed(message).uint32(author).uint8(reaction).uint8(isOn ? 1 : 0),
  read: reader => {
    const message = reader.fixed(16);
    const author = reader.uint32();
    const reaction = reader.uint8();
    reader.ensure(reaction < reactions.length);
    return { type: 'messageReaction', message, author, reaction, isOn: reader.oneOf(reader.uint8(), [0, 1]) === 1 };
  },
};
