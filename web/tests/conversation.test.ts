import { describe, expect, it } from 'vitest';
import { conversationReducer, emptyConversation, groupsOf, keptMaximum, unseen, type ChatMessage, type Conversation, type ConversationEvent, type Speaker } from '../src/state/conversation';
import { handIsUp, turnOf, type EncryptionView } from '../src/state/encryption';

const speaker = (leaf: number, name: string | null = `Orang ${leaf}`): Speaker => ({ leaf, name, isGuest: false, isConfirmed: false });
const message = (id: string, leaf = 1, change: Partial<ChatMessage> = {}): ChatMessage => ({ id, text: id, at: 1_000, by: speaker(leaf), isOwn: false, ...change });
const said = (item: ChatMessage, generation = 1): ConversationEvent => ({ type: 'said', generation, message: item });
const written = (id: string): ConversationEvent => ({ type: 'written', message: { id, text: id, at: 2_000, by: null, isOwn: true } });
const stands = (ownLeaf: number | null, hands: number[] = [], generation = 1, at = 500): ConversationEvent => ({ type: 'stands', generation, ownLeaf, hands, at });
const play = (...events: ConversationEvent[]): Conversation => events.reduce(conversationReducer, emptyConversation);
const texts = ({ items }: Conversation) => items.map(item => (item.type === 'gap' ? 'gap' : item.message.text));

describe('messages', () => {
  it('stand in the order in which they were said, one\'s own only when the log has them', () => {
    const before = play(stands(0), written('mine'), said(message('theirs')));
    expect(texts(before)).toEqual(['theirs']);
    expect(before.unsaid).toMatchObject([{ id: 'mine', hasFailed: false }]);
    const after = conversationReducer(before, said(message('mine', 0, { isOwn: true })));
    expect(texts(after)).toEqual(['theirs', 'mine']);
    expect(after.unsaid).toEqual([]);
  });

  it('that come twice are one, but two people may use one id', () => {
    const state = play(stands(0), said(message('a')), said(message('a')), said(message('a', 2)));
    expect(state.items).toHaveLength(2);
    expect(state.arrived).toBe(2);
  });

  it('that failed wait for the person, who says them again after what came since, or gives them up', () => {
    const failed = play(stands(0), written('a'), written('b'), { type: 'failed', id: 'a' });
    expect(failed.unsaid).toMatchObject([{ id: 'a', hasFailed: true }, { id: 'b', hasFailed: false }]);
    const again = conversationReducer(failed, { type: 'retried', id: 'a', at: 9_000 });
    expect(again.unsaid).toMatchObject([{ id: 'b' }, { id: 'a', at: 9_000, hasFailed: false }]);
    expect(conversationReducer(failed, { type: 'discarded', id: 'a' }).unsaid).toMatchObject([{ id: 'b' }]);
  });

  it('are counted until they are seen, one\'s own never', () => {
    const state = play(stands(0), said(message('a')), said(message('b', 0, { isOwn: true })), said(message('c')));
    expect(unseen(state)).toBe(2);
    expect(state.latest?.id).toBe('c');
    const seen = conversationReducer(state, { type: 'seen' });
    expect(unseen(seen)).toBe(0);
    expect(conversationReducer(seen, { type: 'seen' })).toBe(seen);
    expect(unseen(conversationReducer(seen, said(message('d'))))).toBe(1);
  });

  it('are kept up to a bound, and it is told', () => {
    const events = Array.from({ length: keptMaximum + 3 }, (_, index) => said(message(`m${index}`)));
    const state = play(stands(0), ...events);
    expect(state.items).toHaveLength(keptMaximum);
    expect(texts(state)[0]).toBe('m3');
    expect(state.isCut).toBe(true);
    expect(unseen(state)).toBe(keptMaximum + 3);
    expect(play(stands(0), said(message('a'))).isCut).toBe(false);
  });
});

describe('the group', () => {
  it('of a new generation has none of the messages before', () => {
    const state = play(stands(0), said(message('old')), written('unsent'), { type: 'handWished', raised: true }, stands(0, [], 2, 7_000));
    expect(state).toEqual({ ...emptyConversation, generation: 2, isIn: true, since: 7_000 });
    expect(texts(play(stands(0), said(message('old')), said(message('new'), 2)))).toEqual(['new']);
    expect(texts(play(stands(0, [], 2), said(message('old'), 1)))).toEqual([]);
  });

  it('that one comes back to as a new leaf leaves a gap, and shows where', () => {
    const state = play(stands(0), said(message('a')), stands(null), stands(4), said(message('b')));
    expect(texts(state)).toEqual(['a', 'gap', 'b']);
    expect(texts(play(stands(null), stands(0), stands(0)))).toEqual([]);
  });

  it('ends with everything that was said', () => {
    expect(play(stands(0), said(message('a')), written('b'), { type: 'over' })).toEqual(emptyConversation);
  });
});

describe('one\'s own hand', () => {
  const view = (ownLeaf: number | null, ...hands: number[]) => ({ ownLeaf, hands }) as unknown as EncryptionView;

  it('is shown as the person wants it until the group has it so', () => {
    const wished = play(stands(0), { type: 'handWished', raised: true });
    expect(handIsUp(view(0), wished)).toBe(true);
    const heard = conversationReducer(wished, stands(0, [0]));
    expect(heard.handWish).toBeNull();
    expect(handIsUp(view(0, 0), heard)).toBe(true);
    expect(handIsUp(view(0), heard)).toBe(false);
  });

  it('is as before where it could not be said', () => {
    const state = play(stands(0, [0]), { type: 'handWished', raised: false }, { type: 'handWished', raised: null });
    expect(handIsUp(view(0, 0), state)).toBe(true);
    expect(handIsUp(view(null), emptyConversation)).toBe(false);
  });

  it('has its turn after those that were raised before', () => {
    expect([turnOf(view(0, 2, 0), 0), turnOf(view(0, 2, 0), 1), turnOf(view(0, 2, 0), null), turnOf(null, 0)]).toEqual([2, null, null, null]);
  });
});

describe('groups of messages', () => {
  it('hold what one person said within a while', () => {
    const state = play(stands(0), said(message('a')), said(message('b', 1, { at: 2_000 })), said(message('c', 2)), said(message('d', 1)), said(message('e', 1, { at: 400_000 })));
    const groups = groupsOf(state.items).map(group => ('messages' in group ? group.messages.map(({ text }) => text).join() : 'gap'));
    expect(groups).toEqual(['a,b', 'c', 'd', 'e']);
  });

  it('never put two people who had one leaf under one name', () => {
    const state = play(stands(0), said(message('a', 1, { by: speaker(1, 'Budi') })), said(message('b', 1, { by: speaker(1, 'Dewi') })), said(message('c', 1, { by: { ...speaker(1, 'Dewi'), isGuest: true } })));
    expect(groupsOf(state.items)).toHaveLength(3);
  });

  it('are parted by a gap', () => {
    const state = play(stands(0), said(message('a')), stands(null), stands(3, [], 1, 5_000), said(message('b')));
    expect(groupsOf(state.items).map(group => ('gapAt' in group ? group.gapAt : group.messages.length))).toEqual([1, 5_000, 1]);
  });
});
