import { text, utf8, type Bytes } from './bytes';
import type { Reader, Writer } from './codec';
import type { ContentFormat } from './content';
import { personLength } from './person';

/** Longest question, and longest answer to choose, bytes of UTF-8. */
export const questionMaximum = 1_000;
export const answerMaximum = 300;
export const answersMinimum = 2;
export const answersMaximum = 10;

/** Most votes that a repeated poll brings along: the largest meeting has no more members. */
const ballotsMaximum = 500;

/** What somebody chose: one bit for each answer, the first being the lowest. */
export interface Ballot {
  /** See {@link personOf}. */
  readonly person: Bytes;
  readonly choices: number;
}

/** What a moderator tells of a poll to those who were not there when it was made, or came back. */
export interface ToldBallots {
  readonly isClosed: boolean;
  readonly ballots: readonly Ballot[];
}

/** A question to all, by a moderator. */
export interface PollContent {
  readonly type: 'poll';
  readonly id: Bytes;
  readonly question: string;
  readonly answers: readonly string[];
  readonly isMultiple: boolean;
  /** Names are not shown beside votes. Members' software knows them all the same: votes are signed. */
  readonly isNameless: boolean;
  /** Counts are shown when the poll is closed, and not before. */
  readonly isSecretUntilClosed: boolean;
  /** Null: it is asked now. */
  readonly told: ToldBallots | null;
}

/** One's choice; whoever votes again changes it, and no choice takes it back. */
export interface VoteContent {
  readonly type: 'vote';
  readonly poll: Bytes;
  readonly choices: number;
}

/** The end of a poll, with what its closer counted: everybody compares it with his own count. */
export interface PollCloseContent {
  readonly type: 'pollClose';
  readonly poll: Bytes;
  readonly totals: readonly number[];
}

export const pollFormat: ContentFormat<PollContent> = {
  code: 9,
  write: (writer, poll) => {
    writer.fixed(poll.id).vector(utf8(poll.question)).list(poll.answers, (to, answer) => to.vector(utf8(answer)))
      .uint8((poll.isMultiple ? 1 : 0) | (poll.isNameless ? 2 : 0) | (poll.isSecretUntilClosed ? 4 : 0)).optional(poll.told, writeTold);
  },
  read: reader => {
    const id = reader.fixed(16);
    const question = textOf(reader, questionMaximum);
    const answers = reader.list(from => textOf(from, answerMaximum), answersMaximum);
    reader.ensure(answers.length >= answersMinimum);
    const rules = reader.uint8();
    reader.ensure(rules < 8);
    const told = reader.optional(readTold);
    const isMultiple = (rules & 1) !== 0;
    reader.ensure(told === null || told.ballots.every(({ choices }) => isChoice(choices, answers.length, isMultiple)));
    return { type: 'poll', id, question, answers, isMultiple, isNameless: (rules & 2) !== 0, isSecretUntilClosed: (rules & 4) !== 0, told };
  },
};

export const voteFormat: ContentFormat<VoteContent> = {
  code: 10,
  write: (writer, { poll, choices }) => writer.fixed(poll).uint16(choices),
  read: reader => {
    const poll = reader.fixed(16);
    const choices = reader.uint16();
    reader.ensure(choices < 2 ** answersMaximum);
    return { type: 'vote', poll, choices };
  },
};

export const pollCloseFormat: ContentFormat<PollCloseContent> = {
  code: 11,
  write: (writer, { poll, totals }) => writer.fixed(poll).list(totals, (to, total) => to.uint32(total)),
  read: reader => {
    const poll = reader.fixed(16);
    const totals = reader.list(from => from.uint32(), answersMaximum);
    reader.ensure(totals.length >= answersMinimum);
    return { type: 'pollClose', poll, totals };
  },
};

/** True for a vote that a poll of so many answers allows. */
export function isChoice(choices: number, answers: number, isMultiple: boolean): boolean {
  return choices < 2 ** answers && (isMultiple || (choices & (choices - 1)) === 0);
}

function writeTold(writer: Writer, { isClosed, ballots }: ToldBallots): void {
  writer.uint8(isClosed ? 1 : 0).list(ballots, (to, { person, choices }) => to.fixed(person).uint16(choices));
}

function readTold(reader: Reader): ToldBallots {
  const isClosed = reader.oneOf(reader.uint8(), [0, 1]) === 1;
  return { isClosed, ballots: reader.list(from => ({ person: from.fixed(personLength), choices: from.uint16() }), ballotsMaximum) };
}

function textOf(reader: Reader, maximum: number): string {
  const read = text(reader.vector(1, maximum));
  reader.ensure(read !== null);
  return read!;
}
