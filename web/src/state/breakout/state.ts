import { fromBase64Url, fromHex, hex, toBase64Url } from '../../e2ee/mls/bytes';
import type { BreakoutAct } from '../../e2ee/mls/breakoutContent';
import type { MemberEntry } from '../../e2ee/mls/memberTypes';
import { isModerator } from '../../e2ee/mls/party';

/** How long everybody is told beforehand that the rooms end, ms. */
export const countdown = 30_000;

export interface BreakoutRoom {
  readonly number: number;
  readonly name: string;
  readonly meetingId: string;
  /** Of the link, in base64url. */
  readonly fragment: string;
}

export interface Place {
  /** 0: none. */
  readonly room: number;
  /** He said that he went there. */
  readonly isThere: boolean;
  /** Grows with each time that somebody sends him to a room, the same one included. */
  readonly turn: number;
  /** A moderator's own way, on which nobody sent him. */
  readonly isVisit: boolean;
}

/** Rooms that were opened, until others are. Whether they are over is a matter of time: {@link isOver}. */
export interface BreakoutPlan {
  /** In hexadecimal. */
  readonly id: string;
  /** The person who opened them, or told of them. */
  readonly by: string;
  readonly choosesSelf: boolean;
  /** By the own clock, ms; null: no end is set. */
  readonly endsAt: number | null;
  readonly rooms: readonly BreakoutRoom[];
  /** By person. */
  readonly places: ReadonlyMap<string, Place>;
  /** Rooms from which a moderator is asked for, by room, with the person who asked last. */
  readonly helps: ReadonlyMap<number, string>;
}

/** What a moderator said to rooms. */
export interface Word {
  readonly entry: number;
  readonly room: number;
  readonly text: string;
  readonly by: string | null;
}

export interface Breakout {
  readonly generation: number;
  /** Of one's own leaf; null before one is in. */
  readonly stay: string | null;
  readonly self: string | null;
  readonly plan: BreakoutPlan | null;
  /** One was out of the group meanwhile: what is told counts. */
  readonly isBehind: boolean;
  readonly word: Word | null;
}

export const noBreakout: Breakout = { generation: 0, stay: null, self: null, plan: null, isBehind: false, word: null };

type Rooms = Extract<BreakoutAct, { readonly kind: 'rooms' }>;

export type BreakoutEvent =
  | { readonly type: 'stands'; readonly generation: number; readonly stay: string; readonly self: string }
  /** From before the page was loaded again. */
  | { readonly type: 'recalled'; readonly act: Rooms; readonly at: number }
  /** @property at the own clock, ms @property entry of the log */
  | { readonly type: 'heard'; readonly generation: number; readonly act: BreakoutAct; readonly by: Pick<MemberEntry, 'person' | 'role' | 'name'>; readonly at: number; readonly entry: number };

/** Whether somebody may open rooms and send people there: one place for buttons and for what is believed. */
export function mayOpen(member: Pick<MemberEntry, 'role'> | null): boolean {
  return member !== null && isModerator(member.role);
}

export function breakoutReducer(state: Breakout, event: BreakoutEvent): Breakout {
  if (event.type === 'stands') {
    const { generation, stay, self } = event;
    if (generation !== state.generation) return { ...noBreakout, generation, stay, self };
    return stay === state.stay ? state : { ...state, stay, self, isBehind: state.stay !== null };
  }
  if (event.type === 'recalled') return state.plan === null ? { ...opened(state, { ...event.act, isTold: true }, '', event.at), isBehind: true } : state;
  if (event.generation < state.generation) return state;
  return heard(event.generation > state.generation ? { ...noBreakout, generation: event.generation } : state, event);
}

type Heard = Extract<BreakoutEvent, { readonly type: 'heard' }>;

function heard(state: Breakout, { act, by, at, entry }: Heard): Breakout {
  if (act.kind === 'rooms') return mayOpen(by) ? opened(state, act, by.person, at) : state;
  const { plan } = state;
  // What was meant for other rooms, or cannot be placed, is nothing.
  if (plan === null || plan.id !== hex(act.plan) || ('room' in act && act.room > plan.rooms.length)) return state;
  if (act.kind === 'at') return { ...state, plan: gone(plan, by, act.room) };
  if (act.kind === 'help') return { ...state, plan: asked(plan, by.person, act.isWanted) };
  if (!mayOpen(by)) return state;
  switch (act.kind) {
    case 'move': return { ...state, plan: moved(plan, hex(act.person), act.room) };
    case 'end': return { ...state, plan: { ...plan, endsAt: act.left === null ? null : at + act.left } };
    case 'word': return { ...state, word: { entry, room: act.room, text: act.text, by: by.name } };
    case 'renew': return { ...state, plan: { ...plan, rooms: plan.rooms.map(room => (room.number === act.room ? { ...room, meetingId: toBase64Url(act.meetingId), fragment: toBase64Url(act.fragment) } : room)) } };
  }
}

function opened(state: Breakout, act: Rooms, by: string, at: number): Breakout {
  const id = hex(act.plan);
  // Who heard of it himself believes nobody's tale; a new plan never has the name of an old one.
  if (act.isTold ? state.plan !== null && !state.isBehind : state.plan?.id === id) return state;
  const known = state.plan?.id === id ? state.plan : null;
  const plan: BreakoutPlan = {
    id, by, choosesSelf: act.choosesSelf, endsAt: act.left === null ? null : at + act.left,
    rooms: act.rooms.map(({ number, name, meetingId, fragment }) => ({ number, name, meetingId: toBase64Url(meetingId), fragment: toBase64Url(fragment) })),
    // The turn that one knows stays where the place is the same: nobody is sent anew by a tale.
    places: new Map(act.people.map(({ person, room, isThere }) => {
      const before = known?.places.get(hex(person));
      return [hex(person), { room, isThere, turn: before?.room === room ? before.turn : (before?.turn ?? 0) + 1, isVisit: before?.room === room && before.isVisit }];
    })),
    helps: known?.helps ?? new Map<number, string>(),
  };
  return { ...state, plan, isBehind: false, word: known === null ? null : state.word };
}

/** Only a moderator goes where he likes; others choose where everybody chooses, and else go where they were sent. */
function gone(plan: BreakoutPlan, by: Heard['by'], room: number): BreakoutPlan {
  const place = plan.places.get(by.person) ?? { room: 0, isThere: false, turn: 0, isVisit: false };
  if (room > 0 && room !== place.room && !plan.choosesSelf && !mayOpen(by)) return plan;
  const helps = new Map([...plan.helps].filter(([number, person]) => person !== by.person && !(mayOpen(by) && number === room)));
  // Who was sent somewhere keeps that place when he leaves it; who chose it, or visited it, does not.
  const stays = room === 0 && !plan.choosesSelf && !place.isVisit ? place.room : room;
  const isVisit = stays === place.room ? place.isVisit : mayOpen(by) && stays > 0;
  const next = { room: stays, isThere: room > 0, turn: stays === place.room ? place.turn : place.turn + 1, isVisit };
  return { ...plan, helps, places: new Map(plan.places).set(by.person, next) };
}

function moved(plan: BreakoutPlan, person: string, room: number): BreakoutPlan {
  const turn = (plan.places.get(person)?.turn ?? 0) + 1;
  const helps = new Map([...plan.helps].filter(([, asker]) => asker !== person));
  return { ...plan, helps, places: new Map(plan.places).set(person, { room, isThere: false, turn, isVisit: false }) };
}

function asked(plan: BreakoutPlan, person: string, isWanted: boolean): BreakoutPlan {
  const place = plan.places.get(person);
  if (place === undefined || !place.isThere) return plan;
  const helps = new Map(plan.helps);
  if (isWanted) helps.set(place.room, person);
  else helps.delete(place.room);
  return { ...plan, helps };
}

export function isOver(plan: Pick<BreakoutPlan, 'endsAt'>, now: number): boolean {
  return plan.endsAt !== null && now >= plan.endsAt;
}

/** Rooms that people may be in now. */
export function isOpen(plan: BreakoutPlan | null, now: number): plan is BreakoutPlan {
  return plan !== null && !isOver(plan, now);
}

export function roomOf(plan: BreakoutPlan, number: number): BreakoutRoom | null {
  return plan.rooms.find(room => room.number === number) ?? null;
}

/** Whether a member lets somebody into a room who knocks there: he was sent there or chose it, or moderates the main room. He must be in that one too. */
export function mayEnter(plan: BreakoutPlan, room: number, person: string, members: readonly Pick<MemberEntry, 'person' | 'role'>[]): boolean {
  const member = members.find(other => other.person === person);
  return member !== undefined && (mayOpen(member) || plan.places.get(person)?.room === room);
}

/** For those who came: everything as it is now. @param members of whom alone is told; null: of all @param now by the own clock, ms */
export function toldAct(plan: BreakoutPlan, members: readonly Pick<MemberEntry, 'person'>[] | null, now: number): Rooms {
  const here = members === null ? null : new Set(members.map(({ person }) => person));
  return {
    kind: 'rooms', plan: fromHex(plan.id), isTold: true, choosesSelf: plan.choosesSelf, left: plan.endsAt === null ? null : Math.max(0, Math.floor(plan.endsAt - now)),
    rooms: plan.rooms.map(({ number, name, meetingId, fragment }) => ({ number, name, meetingId: fromBase64Url(meetingId)!, fragment: fromBase64Url(fragment)! })),
    people: [...plan.places].filter(([person, { room }]) => room > 0 && (here === null || here.has(person))).map(([person, { room, isThere }]) => ({ person: fromHex(person), room, isThere })),
  };
}
