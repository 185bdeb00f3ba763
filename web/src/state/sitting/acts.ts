import { hex, text, utf8, type Bytes } from '../../e2ee/mls/bytes';
import { decode, encode, type Reader, type Writer } from '../../e2ee/mls/codec';
import { actMaximum } from '../../e2ee/mls/sittingContent';

/** How one field of an act is written. */
interface Field<T> {
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
}

export const orders = ['request', 'alternating', 'size', 'chair'] as const;
/** Who speaks next: by request, alternating between groups, the larger group first, or whom the chair chooses. */
export type Order = (typeof orders)[number];

export const forms = ['open', 'invited', 'secret'] as const;
/** Open, or closed with the stamp that its minutes bear: *hanya untuk yang diundang* or *rahasia*. */
export type Form = (typeof forms)[number];

export const choices = ['yes', 'no', 'abstain'] as const;
export type Choice = (typeof choices)[number];

export const outcomes = ['carried', 'rejected', 'noQuorum'] as const;
export type Outcome = (typeof outcomes)[number];

/** s; 0: no limit. */
export interface Limits {
  /** Of one speech. */
  readonly speech: number;
  /** Of all speeches of a person. */
  readonly person: number;
  /** Of all speeches of a group's members. */
  readonly group: number;
}

/** Somebody with the right to vote. */
export interface Seat {
  readonly name: string;
  /** His group (*fraksi*); empty where there is none. */
  readonly group: string;
  /** Who holds it (`partyKey`); empty until the chair knows. */
  readonly person: string;
}

export interface Plan {
  readonly title: string;
  /** s; 0: none. */
  readonly budget: number;
}

export interface Tally {
  readonly yes: number;
  readonly no: number;
  readonly abstain: number;
}

export const seatMaximum = 600;
export const agendaMaximum = 60;
const longestTime = 7 * 24 * 3600;

const words = (minimum: number, maximum: number, refused: RegExp): Field<string> => ({
  write: (writer, value) => writer.vector(utf8(value)),
  read: reader => {
    const value = text(reader.vector(minimum, maximum));
    reader.ensure(value !== null && value === value.trim() && !refused.test(value));
    return value!;
  },
});
/** One line of so many bytes, trimmed. */
const line = (maximum: number, minimum = 0) => words(minimum, maximum, /[\p{Cc}\p{Zl}\p{Zp}]/u);
/** Text with line feeds. */
const prose = (maximum: number, minimum = 0) => words(minimum, maximum, /[^\P{Cc}\n]/u);
const number = (maximum: number): Field<number> => ({
  write: (writer, value) => writer.uint32(value),
  read: reader => {
    const value = reader.uint32();
    reader.ensure(value <= maximum);
    return value;
  },
});
const maybe = <T>(field: Field<T>): Field<T | null> => ({
  write: (writer, value) => writer.optional(value, (inner, present) => field.write(inner, present)),
  read: reader => reader.optional(inner => field.read(inner)),
});
const many = <T>(field: Field<T>, maximum: number): Field<readonly T[]> => ({
  write: (writer, values) => writer.list(values, (inner, value) => field.write(inner, value)),
  read: reader => reader.list(inner => field.read(inner), maximum),
});
const oneOf = <T extends string>(known: readonly T[]): Field<T> => ({
  write: (writer, value) => writer.uint8(known.indexOf(value)),
  read: reader => {
    const index = reader.uint8();
    reader.ensure(index < known.length);
    return known[index]!;
  },
});
const flag: Field<boolean> = {
  write: (writer, value) => writer.uint8(value ? 1 : 0),
  read: reader => reader.oneOf(reader.uint8(), [0, 1]) === 1,
};
const hash: Field<string> = { write: (writer, value) => writer.fixed(bytesOf(value)), read: reader => hex(reader.fixed(32)) };

type Values<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** A struct: its fields in their order. */
const struct = <F extends Readonly<Record<string, Field<unknown>>>>(fields: F): Field<Values<F>> => ({
  write: (writer, value) => {
    for (const [name, field] of Object.entries(fields)) field.write(writer, value[name as keyof F]);
  },
  read: reader => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.read(reader)])) as unknown as Values<F>,
});

const person = line(80);
const long = prose(4_000);
const name = line(320, 1);
const group = line(120);
const limits: Field<Limits> = struct({ speech: number(longestTime), person: number(longestTime), group: number(longestTime) });
const plan: Field<Plan> = struct({ title: line(400, 1), budget: number(longestTime) });
const index = number(100_000);

/** Every act: its code, and its fields in their order. */
const acts = {
  /** The sitting is called. Its author is the chair. */
  open: [1, {
    title: line(400, 1), place: line(400), form: oneOf(forms), allGroups: flag, seats: many<Seat>(struct({ name, group, person }), seatMaximum),
    agenda: many(plan, agendaMaximum), order: oneOf(orders), limits,
  }],
  /** Puts a person into a seat, or makes a new one (null). */
  seat: [2, { seat: maybe(number(seatMaximum)), name, group, person }],
  /** *Daftar hadir*: one signs in, and out where one leaves for good. */
  sign: [3, {}],
  signOut: [4, {}],
  takeChair: [5, {}],
  /** The chair declares the sitting opened; there is a quorum. */
  begin: [6, {}],
  postpone: [7, { minutes: number(24 * 60), reason: line(400) }],
  suspend: [8, {}],
  resume: [9, {}],
  close: [10, {}],
  addItem: [20, { title: line(400, 1), budget: number(longestTime) }],
  startItem: [21, { item: number(agendaMaximum) }],
  finishItem: [22, {}],
  ask: [30, {}],
  withdraw: [31, {}],
  setOrder: [32, { order: oneOf(orders) }],
  setLimits: [33, { limits }],
  grant: [34, { person }],
  endSpeech: [35, {}],
  interrupt: [36, { reason: line(400) }],
  answerInterruption: [37, { interruption: index, granted: flag }],
  openVote: [40, { question: line(1_000, 1) }],
  /** `ballot`: H of the act that opened the vote. */
  vote: [41, { ballot: hash, choice: oneOf(choices) }],
  closeVote: [42, { ballot: hash }],
  announce: [43, { ballot: hash, yes: number(seatMaximum), no: number(seatMaximum), abstain: number(seatMaximum), outcome: oneOf(outcomes) }],
  /** A decision as the chair or the secretary writes it; null: a new one. Without text it is struck. */
  decide: [50, { decision: maybe(index), text: long }],
  note: [51, { speech: index, text: long }],
  propose: [52, { speech: index, text: prose(4_000, 1) }],
  judge: [53, { proposal: index, accepted: flag }],
  /** The chair fixes the minutes: H of their canonical text. */
  fix: [54, { minutes: hash }],
} as const;

type Acts = typeof acts;
export type ActType = keyof Acts;
export type SittingAct = { [K in ActType]: { readonly type: K } & Values<Acts[K][1]> }[ActType];
export type ActOf<K extends ActType> = Extract<SittingAct, { readonly type: K }>;

/** An act as its author signs it. */
export interface SignedAct {
  /** 16 bytes in hexadecimal. */
  readonly sitting: string;
  /** Of the author's clock, ms since 1970. */
  readonly at: number;
  /** How many acts of the sitting the author knew, and the head of their chain: who knows others disagrees about what happened. */
  readonly seen: number;
  readonly head: string;
  readonly act: SittingAct;
}

function formOf(type: ActType): readonly [number, Field<unknown>] {
  const [code, fields] = acts[type];
  return [code, struct(fields as Readonly<Record<string, Field<unknown>>>)];
}

/** @returns null where a field is too long or not in its form */
export function encodeAct({ sitting, at, seen, head, act }: SignedAct): Bytes | null {
  const [code, form] = formOf(act.type);
  const bytes = encode(writer => form.write(writer.uint8(1).fixed(bytesOf(sitting)).uint64(at).uint32(seen).fixed(bytesOf(head)).uint8(code), act));
  return parseAct(bytes) === null ? null : bytes;
}

export function parseAct(bytes: Uint8Array): SignedAct | null {
  if (bytes.length > actMaximum) return null;
  return decode(bytes, reader => {
    reader.oneOf(reader.uint8(), [1]);
    const header = { sitting: hex(reader.fixed(16)), at: reader.safe64(), seen: reader.uint32(), head: hex(reader.fixed(32)) };
    const code = reader.uint8();
    const type = (Object.keys(acts) as ActType[]).find(known => acts[known][0] === code);
    reader.ensure(type !== undefined);
    const values = formOf(type!)[1].read(reader) as object;
    return { ...header, act: { type, ...values } as SittingAct };
  });
}

/** Bytes of an even number of hexadecimal digits. */
export function bytesOf(digits: string): Bytes {
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}
