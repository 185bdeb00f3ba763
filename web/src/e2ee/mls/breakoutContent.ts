import { kindOf, meetingIdLength } from '../link';
import { text, toBase64Url, utf8, type Bytes } from './bytes';
import type { Reader, Writer } from './codec';
import type { ContentFormat } from './content';
import { personLength } from './person';

/** Most breakout rooms at once, and most people whose place is told: the largest meeting has no more members. */
export const roomsMaximum = 30;
export const placingsMaximum = 500;

/** Longest name of a room, and longest word to rooms, bytes of UTF-8. */
export const roomNameMaximum = 100;
export const wordMaximum = 1_000;

/** Longest time that rooms may have left, ms: a day. */
export const leftMaximum = 86_400_000;

/** A breakout room is an encrypted meeting of its own; this is the way to it. */
export interface RoomEntry {
  /** From 1 on; 0 stands for the main room. */
  readonly number: number;
  readonly name: string;
  readonly meetingId: Bytes;
  /** Hash of the room's founding statement. */
  readonly fragment: Bytes;
}

export interface Placing {
  /** See {@link personOf}. */
  readonly person: Bytes;
  /** 0: none. */
  readonly room: number;
  /** He has gone there, as far as the teller knows. */
  readonly isThere: boolean;
}

/** What is said of breakout rooms in the main room. All but `at` and `help` are a moderator's to say. */
export type BreakoutAct =
  /** Opens rooms in place of those before. `isTold`: they are open already, and this is for those who came. */
  | {
    readonly kind: 'rooms'; readonly plan: Bytes; readonly isTold: boolean; readonly choosesSelf: boolean;
    /** Time that is left, ms; null: no end was set. */
    readonly left: number | null; readonly rooms: readonly RoomEntry[]; readonly people: readonly Placing[];
  }
  | { readonly kind: 'move'; readonly plan: Bytes; readonly person: Bytes; readonly room: number }
  /** The rooms end after so many ms; null: whenever somebody ends them. */
  | { readonly kind: 'end'; readonly plan: Bytes; readonly left: number | null }
  /** To everybody in a room; to all for 0. */
  | { readonly kind: 'word'; readonly plan: Bytes; readonly room: number; readonly text: string }
  /** A room is another meeting from here on, since somebody must not be in it any more. */
  | { readonly kind: 'renew'; readonly plan: Bytes; readonly room: number; readonly meetingId: Bytes; readonly fragment: Bytes }
  /** Where one goes; 0: back to the main room. */
  | { readonly kind: 'at'; readonly plan: Bytes; readonly room: number }
  /** A moderator is asked into the room that one is in, or no more. */
  | { readonly kind: 'help'; readonly plan: Bytes; readonly isWanted: boolean };

export interface BreakoutContent {
  readonly type: 'breakout';
  readonly act: BreakoutAct;
}

const kinds = ['rooms', 'move', 'end', 'word', 'renew', 'at', 'help'] as const satisfies readonly BreakoutAct['kind'][];

export const breakoutFormat: ContentFormat<BreakoutContent> = {
  code: 13,
  write: (writer, { act }) => {
    writer.uint8(kinds.indexOf(act.kind) + 1).fixed(act.plan);
    switch (act.kind) {
      case 'rooms':
        writer.uint8((act.isTold ? 1 : 0) | (act.choosesSelf ? 2 : 0)).optional(act.left, writeLeft).list(act.rooms, writeRoom).list(act.people, writePlacing);
        break;
      case 'move': writer.fixed(act.person).uint8(act.room); break;
      case 'end': writer.optional(act.left, writeLeft); break;
      case 'word': writer.uint8(act.room).vector(utf8(act.text)); break;
      case 'renew': writer.uint8(act.room).fixed(act.meetingId).fixed(act.fragment); break;
      case 'at': writer.uint8(act.room); break;
      case 'help': writer.uint8(act.isWanted ? 1 : 0); break;
    }
  },
  read: reader => {
    const kind = reader.uint8();
    reader.ensure(kind >= 1 && kind <= kinds.length);
    const plan = reader.fixed(16);
    return { type: 'breakout', act: readAct(reader, kinds[kind - 1]!, plan) };
  },
};

function readAct(reader: Reader, kind: BreakoutAct['kind'], plan: Bytes): BreakoutAct {
  switch (kind) {
    case 'rooms': return readRooms(reader, plan);
    case 'move': return { kind, plan, person: reader.fixed(personLength), room: readNumber(reader, 0) };
    case 'end': return { kind, plan, left: reader.optional(readLeft) };
    case 'word': return { kind, plan, room: readNumber(reader, 0), text: textOf(reader, wordMaximum) };
    case 'renew': return { kind, plan, room: readNumber(reader, 1), meetingId: readMeetingId(reader), fragment: reader.fixed(32) };
    case 'at': return { kind, plan, room: readNumber(reader, 0) };
    case 'help': return { kind, plan, isWanted: reader.oneOf(reader.uint8(), [0, 1]) === 1 };
  }
}

/** Rooms have their numbers in order and are different meetings; nobody is placed twice, or in a room that there is not. */
function readRooms(reader: Reader, plan: Bytes): BreakoutAct {
  const rules = reader.uint8();
  reader.ensure(rules < 4);
  const left = reader.optional(readLeft);
  const rooms = reader.list(readRoom, roomsMaximum);
  reader.ensure(rooms.length > 0 && rooms.every(({ number }, index) => number === index + 1));
  reader.ensure(new Set(rooms.map(({ meetingId }) => meetingId.join())).size === rooms.length);
  const people = reader.list(readPlacing, placingsMaximum);
  reader.ensure(people.every(({ room, isThere }) => room <= rooms.length && (room > 0 || !isThere)));
  reader.ensure(new Set(people.map(({ person }) => person.join())).size === people.length);
  return { kind: 'rooms', plan, isTold: (rules & 1) !== 0, choosesSelf: (rules & 2) !== 0, left, rooms, people };
}

function writeLeft(writer: Writer, left: number): void {
  writer.uint32(left);
}

function readLeft(reader: Reader): number {
  const left = reader.uint32();
  reader.ensure(left <= leftMaximum);
  return left;
}

function writeRoom(writer: Writer, { number, name, meetingId, fragment }: RoomEntry): void {
  writer.uint8(number).vector(utf8(name)).fixed(meetingId).fixed(fragment);
}

function readRoom(reader: Reader): RoomEntry {
  return { number: readNumber(reader, 1), name: textOf(reader, roomNameMaximum), meetingId: readMeetingId(reader), fragment: reader.fixed(32) };
}

/** A room is never a broadcast. */
function readMeetingId(reader: Reader): Bytes {
  const meetingId = reader.fixed(meetingIdLength);
  reader.ensure(kindOf(toBase64Url(meetingId)) === 'encrypted');
  return meetingId;
}

function writePlacing(writer: Writer, { person, room, isThere }: Placing): void {
  writer.fixed(person).uint8(room).uint8(isThere ? 1 : 0);
}

function readPlacing(reader: Reader): Placing {
  return { person: reader.fixed(personLength), room: readNumber(reader, 0), isThere: reader.oneOf(reader.uint8(), [0, 1]) === 1 };
}

function readNumber(reader: Reader, least: number): number {
  const number = reader.uint8();
  reader.ensure(number >= least && number <= roomsMaximum);
  return number;
}

function textOf(reader: Reader, maximum: number): string {
  const said = text(reader.vector(1, maximum));
  reader.ensure(said !== null);
  return said!;
}
