import { fromHex, hex } from '../e2ee/mls/bytes';
import type { MemberEntry } from '../e2ee/mls/memberTypes';
import { isModerator } from '../e2ee/mls/party';
import { isChoice, type PollCloseContent, type PollContent, type ToldBallots, type VoteContent } from '../e2ee/mls/pollContent';

/** Most polls that are kept of a meeting; the oldest go first. */
export const pollsMaximum = 50;

export interface Vote {
  readonly choices: number;
  /** As the group had it; null where it is not known, or must not be shown. */
  readonly name: string | null;
  /** By a moderator's word, and not heard oneself. */
  readonly isTold: boolean;
}

export interface Poll {
  /** In hexadecimal. */
  readonly id: string;
  readonly question: string;
  readonly answers: readonly string[];
  readonly isMultiple: boolean;
  readonly isNameless: boolean;
  readonly isSecretUntilClosed: boolean;
  /** Who asked, or who told of it where it was asked before one came. */
  readonly by: MemberEntry;
  readonly isOwn: boolean;
  /** It was asked before one came. */
  readonly wasTold: boolean;
  /** By person: everybody has one, whatever leaf he has. */
  readonly votes: ReadonlyMap<string, Vote>;
  /** One was out of the group meanwhile, so votes may be missing until a moderator tells them. */
  readonly isBehind: boolean;
  /** Null while it is open. */
  readonly closed: PollEnd | null;
  /** What one chose and the log does not have yet. */
  readonly wish: { readonly choices: number; readonly hasFailed: boolean } | null;
}

export interface PollEnd {
  /** Whether the closer counted as this device did; null where it cannot know, since votes were told to it. */
  readonly agrees: boolean | null;
}

export interface Polls {
  readonly generation: number;
  /** Of one's own; null before one is in. */
  readonly stay: string | null;
  readonly self: string | null;
  /** In the order in which they were asked. */
  readonly list: readonly Poll[];
  /** Questions and results of others, and how many of them were seen. */
  readonly arrived: number;
  readonly seen: number;
  /** For the announcer. */
  readonly latest: { readonly what: 'asked' | 'closed'; readonly poll: string } | null;
}

export const noPolls: Polls = { generation: 0, stay: null, self: null, list: [], arrived: 0, seen: 0, latest: null };

export type PollEvent =
  | { readonly type: 'stands'; readonly generation: number; readonly stay: string; readonly self: string }
  /** What follows is said in this generation. */
  | { readonly type: 'begins'; readonly generation: number }
  | { readonly type: 'polled'; readonly content: PollContent; readonly by: MemberEntry; readonly isOwn: boolean }
  | { readonly type: 'voted'; readonly content: VoteContent; readonly by: MemberEntry }
  | { readonly type: 'closed'; readonly content: PollCloseContent; readonly by: MemberEntry; readonly isOwn: boolean }
  | { readonly type: 'wished'; readonly poll: string; readonly choices: number }
  /** One's vote could not be said. */
  | { readonly type: 'failed'; readonly poll: string }
  | { readonly type: 'seen' };

/** Whether somebody may ask all, and close what was asked: one place for buttons and for what is believed. */
export function mayPoll(member: Pick<MemberEntry, 'role'> | null): boolean {
  return member !== null && isModerator(member.role);
}

export function pollReducer(state: Polls, event: PollEvent): Polls {
  switch (event.type) {
    case 'stands': return stands(state, event);
    case 'begins': return event.generation > state.generation ? { ...noPolls, generation: event.generation } : state;
    case 'polled': return mayPoll(event.by) ? polled(state, event) : state;
    case 'voted': return change(state, hex(event.content.poll), poll => voted(poll, event, state.self));
    case 'closed': return mayPoll(event.by) ? closed(state, event) : state;
    case 'wished': return change(state, event.poll, poll => ({ ...poll, wish: { choices: event.choices, hasFailed: false } }));
    case 'failed': return change(state, event.poll, poll => (poll.wish === null ? poll : { ...poll, wish: { ...poll.wish, hasFailed: true } }));
    case 'seen': return state.seen === state.arrived ? state : { ...state, seen: state.arrived };
  }
}

/** How many chose each answer. */
export function totalsOf({ answers, votes }: Pick<Poll, 'answers' | 'votes'>): readonly number[] {
  return answers.map((_, index) => [...votes.values()].filter(({ choices }) => (choices & (1 << index)) !== 0).length);
}

/** How many chose anything. */
export function votersOf({ votes }: Pick<Poll, 'votes'>): number {
  return [...votes.values()].filter(({ choices }) => choices !== 0).length;
}

/** What one chose, as far as the page knows. */
export function ownChoices(poll: Poll, self: string | null): number {
  return poll.wish?.choices ?? poll.votes.get(self ?? '')?.choices ?? 0;
}

/** Whether the counts are to be seen now. */
export function showsCounts(poll: Pick<Poll, 'closed' | 'isSecretUntilClosed'>): boolean {
  return poll.closed !== null || !poll.isSecretUntilClosed;
}

/** What is told of a poll to those who came. */
export function ballotsOf({ closed: end, votes }: Poll): ToldBallots {
  const ballots = [...votes].map(([person, { choices }]) => ({ person: fromHex(person), choices }));
  return { isClosed: end !== null, ballots };
}

/**
 * Whose word it is to tell a poll to those who came: its asker's if he is there, else the moderator's with the lowest leaf. Who has only just come himself
 * knows least, and speaks where nobody else can.
 */
export function teller(members: readonly MemberEntry[], came: ReadonlySet<number>, asker: string): number | null {
  const moderators = members.filter(mayPoll);
  const settled = moderators.filter(({ leaf }) => !came.has(leaf));
  const able = settled.length > 0 ? settled : moderators;
  const maker = able.find(({ person }) => person === asker);
  return (maker ?? able.reduce<MemberEntry | null>((first, next) => (first === null || next.leaf < first.leaf ? next : first), null))?.leaf ?? null;
}

function stands(state: Polls, { generation, stay, self }: Extract<PollEvent, { readonly type: 'stands' }>): Polls {
  if (generation !== state.generation) return { ...noPolls, generation, stay, self };
  if (stay === state.stay) return state;
  // Between two stays one hears nothing, and does not know what.
  return { ...state, stay, self, list: state.stay === null ? state.list : state.list.map(fallenBehind) };
}

function fallenBehind(poll: Poll): Poll {
  return { ...poll, isBehind: true, votes: new Map([...poll.votes].map(([person, vote]) => [person, { ...vote, isTold: true }])) };
}

function polled(state: Polls, { content, by, isOwn }: Extract<PollEvent, { readonly type: 'polled' }>): Polls {
  const { told, question, answers, isMultiple, isNameless, isSecretUntilClosed } = content;
  const id = hex(content.id);
  if (state.list.some(poll => poll.id === id)) return told === null ? state : change(state, id, poll => (poll.isBehind && !isOwn ? caughtUp(poll, told) : poll));
  const fresh: Poll = {
    id, question, answers, isMultiple, isNameless, isSecretUntilClosed, by, isOwn, wasTold: told !== null,
    votes: new Map(), isBehind: told !== null, closed: null, wish: null,
  };
  const poll = told === null ? fresh : caughtUp(fresh, told);
  const next = { ...state, list: [...state.list, poll].slice(-pollsMaximum) };
  return isOwn || poll.closed !== null ? next : { ...next, arrived: state.arrived + 1, latest: { what: 'asked', poll: id } };
}

/** With a moderator's word for what one did not hear; what one heard oneself stands. */
function caughtUp(poll: Poll, told: ToldBallots): Poll {
  const votes = new Map<string, Vote>();
  for (const { person, choices } of told.ballots) votes.set(hex(person), { choices, name: poll.votes.get(hex(person))?.name ?? null, isTold: true });
  for (const [person, vote] of poll.votes) if (!vote.isTold) votes.set(person, vote);
  return { ...poll, votes, isBehind: false, closed: poll.closed ?? (told.isClosed ? { agrees: null } : null) };
}

function voted(poll: Poll, { content: { choices }, by }: Extract<PollEvent, { readonly type: 'voted' }>, self: string | null): Poll {
  if (poll.closed !== null || !isChoice(choices, poll.answers.length, poll.isMultiple)) return poll;
  const votes = new Map(poll.votes).set(by.person, { choices, name: by.name, isTold: false });
  return { ...poll, votes, wish: by.person === self && poll.wish?.choices === choices ? null : poll.wish };
}

function closed(state: Polls, { content, isOwn }: Extract<PollEvent, { readonly type: 'closed' }>): Polls {
  const id = hex(content.poll);
  const before = state.list.find(poll => poll.id === id);
  if (before === undefined || before.closed !== null) return state;
  const knowsAll = !before.isBehind && [...before.votes.values()].every(vote => !vote.isTold);
  const own = totalsOf(before);
  const agrees = own.length === content.totals.length && own.every((total, index) => total === content.totals[index]);
  // Votes that were told could be the cause of a difference: then it proves nothing.
  const end: PollEnd = { agrees: agrees || knowsAll ? agrees : null };
  const next = change(state, id, poll => ({ ...poll, closed: end, wish: null }));
  return isOwn ? next : { ...next, arrived: state.arrived + 1, latest: { what: 'closed', poll: id } };
}

function change(state: Polls, id: string, step: (poll: Poll) => Poll): Polls {
  const list = state.list.map(poll => (poll.id === id ? step(poll) : poll));
  return list.every((poll, index) => poll === state.list[index]) ? state : { ...state, list };
}
