import { hex } from '../e2ee/mls/bytes';
import type { CaptionContent } from '../e2ee/mls/captionContent';
import type { MemberEntry } from '../e2ee/mls/memberTypes';
import { isModerator } from '../e2ee/mls/party';
import type { Speaker } from './conversation';

/** Lines that stay before the eyes. */
const shownMaximum = 2;

/** A line that is not typed on for so long is over, ms. */
export const captionLifetime = 8_000;

/** One line of captions. */
export interface CaptionLine {
  readonly by: Speaker;
  /** Of whoever types: the number of a line is his to count. */
  readonly stay: string;
  readonly number: number;
  readonly text: string;
  readonly isFinal: boolean;
  /** When it came or was last changed; ms of the epoch by one's own clock. */
  readonly at: number;
}

export interface Captions {
  readonly generation: number;
  /** Persons whom a moderator appointed to type. */
  readonly typists: ReadonlySet<string>;
  /** The last ones, the newest at the end. */
  readonly lines: readonly CaptionLine[];
}

export const noCaptions: Captions = { generation: 0, typists: new Set(), lines: [] };

export type CaptionEvent =
  | { readonly type: 'begins'; readonly generation: number }
  | { readonly type: 'heard'; readonly act: CaptionContent['act']; readonly by: MemberEntry; readonly at: number };

export function captionReducer(state: Captions, event: CaptionEvent): Captions {
  if (event.type === 'begins') return event.generation > state.generation ? { ...noCaptions, generation: event.generation } : state;
  const { act, by, at } = event;
  if (act.kind === 'appoint') return isModerator(by.role) ? appointed(state, hex(act.person), act.mayType) : state;
  return state.typists.has(by.person) ? typed(state, by, act, at) : state;
}

/** Whether one was appointed to type. */
export function mayType(state: Captions, member: Pick<MemberEntry, 'person'> | null): boolean {
  return member !== null && state.typists.has(member.person);
}

/** What is shown now. */
export function shownLines({ lines }: Captions, now: number): readonly CaptionLine[] {
  return lines.filter(({ at, text }) => text !== '' && now - at < captionLifetime);
}

function appointed(state: Captions, person: string, isOn: boolean): Captions {
  if (state.typists.has(person) === isOn) return state;
  const typists = new Set(state.typists);
  if (isOn) typists.add(person);
  else typists.delete(person);
  return { ...state, typists };
}

function typed(state: Captions, by: MemberEntry, { number, text, isFinal }: Extract<CaptionContent['act'], { readonly kind: 'line' }>, at: number): Captions {
  const line: CaptionLine = { by, stay: by.certificate, number, text, isFinal, at };
  const index = state.lines.findIndex(other => other.stay === by.certificate && other.number === number);
  if (index < 0) return { ...state, lines: [...state.lines, line].slice(-shownMaximum) };
  // A line that was ended is not written over.
  return state.lines[index]!.isFinal ? state : { ...state, lines: state.lines.map((other, at) => (at === index ? line : other)) };
}
