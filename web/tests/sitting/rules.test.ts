import { describe, expect, it } from 'vitest';
import { decode } from '../../src/e2ee/mls/codec';
import { encodeContent, parseContent } from '../../src/e2ee/mls/content';
import { encodeAct, parseAct, type ActOf, type SittingAct } from '../../src/state/sitting/acts';
import { encodeHistory, parseHistory, piecesOf, PieceGatherer } from '../../src/state/sitting/chain';
import { budgetOf, queueOrder, timeLeft } from '../../src/state/sitting/floor';
import { minutesText } from '../../src/state/sitting/minutes';
import { reduceSitting } from '../../src/state/sitting/reduce';
import { quorumOf, type Author, type Heard, type SittingState } from '../../src/state/sitting/state';
import { seeded } from '../e2ee/world';
import { plain } from './hall';

const seats = [['a', 'Melati'], ['b', 'Melati'], ['c', 'Melati'], ['d', 'Kenanga'], ['e', 'Kenanga'], ['f', 'Cempaka']] as const;
const author = (person: string): Author => ({ person, name: person, organization: 'DPR', isGuest: person === 'g', role: person === 'z' ? 'host' : person === 'y' ? 'coHost' : 'participant' });
const calling: ActOf<'open'> = {
  type: 'open', title: 'Sidang', place: '', form: 'open', allGroups: true, seats: seats.map(([person, group]) => ({ name: person.toUpperCase(), group, person })),
  agenda: [{ title: 'Satu', budget: 60 }], order: 'request', limits: { speech: 0, person: 0, group: 0 },
};

/** Acts one after another, a second apart; what is refused changes nothing. */
class Table {
  state: SittingState | null = null;
  now = 1_000_000;
  #entry = 0;

  act(person: string, act: SittingAct, at = this.now): string {
    this.#entry++;
    this.now += 1_000;
    const step = reduceSitting(this.state, { entry: this.#entry, hash: `h${this.#entry}`, at, author: author(person), act, minutes: null });
    if (typeof step === 'string') return step;
    this.state = step;
    return 'done';
  }

  get s(): SittingState {
    return this.state!;
  }
}

function begun(change: Partial<ActOf<'open'>> = {}): Table {
  const table = new Table();
  table.act('z', { ...calling, ...change });
  for (const person of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'z']) table.act(person, { type: 'sign' });
  expect(table.act('z', { type: 'begin' })).toBe('done');
  return table;
}

const order = (table: Table) => queueOrder(table.s).map(asked => asked.person).join('');

describe('the quorum', () => {
  it('is more than half of the members, and somebody of every group where the rule says so', () => {
    const table = new Table();
    table.act('z', calling);
    for (const person of ['a', 'b', 'c', 'd']) table.act(person, { type: 'sign' });
    expect(quorumOf(table.s)).toEqual({ seats: 6, present: 4, needed: 4, missingGroups: ['Cempaka'], isReached: false });
    expect(table.act('z', { type: 'begin' })).toBe('noQuorum');
    table.act('f', { type: 'sign' });
    table.act('b', { type: 'signOut' });
    expect(quorumOf(table.s)).toMatchObject({ present: 4, isReached: true });
    expect(table.act('z', { type: 'begin' })).toBe('done');
    expect(table.act('a', { type: 'sign' })).toBe('duplicate');
  });

  it('counts no guest, and a member only from when the chair put him into a seat', () => {
    const table = new Table();
    table.act('z', { ...calling, seats: [{ name: 'A', group: '', person: '' }] });
    table.act('a', { type: 'sign' });
    table.act('g', { type: 'sign' });
    expect(quorumOf(table.s).isReached).toBe(false);
    expect(table.act('a', { type: 'seat', seat: 0, name: 'A', group: '', person: 'a' })).toBe('notChair');
    table.act('z', { type: 'seat', seat: 0, name: 'A', group: '', person: 'a' });
    expect(quorumOf(table.s).isReached).toBe(true);
    expect(table.act('z', { type: 'seat', seat: null, name: 'A2', group: '', person: 'a' })).toBe('duplicate');
  });
});

describe('the list of speakers', () => {
  const asked = (table: Table, people: string) => { for (const person of people) table.act(person, { type: 'ask' }); };

  it('stands by request, alternates between groups, or lets larger groups go first', () => {
    const table = begun();
    asked(table, 'fabdce');
    expect(order(table)).toBe('fabdce');
    table.act('z', { type: 'setOrder', order: 'alternating' });
    expect(order(table)).toBe('fadbec');
    table.act('z', { type: 'setOrder', order: 'size' });
    expect(order(table)).toBe('adfbec');
    table.act('z', { type: 'grant', person: 'a' });
    // Melati has spoken: the others first.
    expect(order(table)).toBe('dfbec');
    expect(table.s.speeches[0]!.isOutOfTurn).toBe(false);
    table.act('z', { type: 'grant', person: 'c' });
    expect(table.s.speeches[1]!.isOutOfTurn).toBe(true);
    expect(table.act('f', { type: 'ask' })).toBe('duplicate');
    expect(table.act('x', { type: 'ask' })).toBe('notPresent');
  });

  it('keeps times per speech, person and group; interruptions stop them', () => {
    const table = begun({ limits: { speech: 30, person: 50, group: 60 } });
    const from = table.now;
    table.act('z', { type: 'grant', person: 'a' }, from);
    table.act('d', { type: 'interrupt', reason: '' });
    table.act('z', { type: 'answerInterruption', interruption: 0, granted: true }, from + 20_000);
    expect([timeLeft(table.s, 0, from + 90_000), timeLeft(table.s, 1, from + 90_000)]).toEqual([10_000, Infinity]);
    table.act('d', { type: 'endSpeech' }, from + 60_000);
    expect(timeLeft(table.s, 0, from + 65_000)).toBe(5_000);
    expect(table.act('b', { type: 'endSpeech' }, from + 70_000)).toBe('notOwn');
    table.act('z', { type: 'endSpeech' }, from + 95_000);
    expect([table.s.speeches[0]!.spent, budgetOf(table.s, 'a', 0), budgetOf(table.s, 'b', 0)]).toEqual([55_000, -5_000, 5_000]);
    expect(table.act('z', { type: 'grant', person: 'a' }, from + 96_000)).toBe('noTimeLeft');
    expect(table.act('z', { type: 'grant', person: 'b' }, from + 96_000)).toBe('done');
    expect(table.s.interruptions).toMatchObject([{ person: 'd', granted: true }]);
  });

  it('cannot be shifted by the clock of anybody but the chair', () => {
    const table = begun();
    table.act('z', { type: 'grant', person: 'a' });
    const { clock } = table.s;
    expect(table.act('a', { type: 'endSpeech' }, 9e12)).toBe('done');
    expect([table.s.clock, table.s.speeches[0]!.spent]).toEqual([clock, 24 * 3600_000]);
    table.act('z', { type: 'grant', person: 'b' }, 5);
    expect(table.s.speeches[1]!.startedAt).toBe(clock);
  });

  it('a refused interruption is counted and stops nothing', () => {
    const table = begun();
    table.act('z', { type: 'grant', person: 'a' });
    table.act('b', { type: 'interrupt', reason: 'tata tertib' });
    expect(table.act('b', { type: 'interrupt', reason: 'lagi' })).toBe('duplicate');
    expect(table.act('g', { type: 'interrupt', reason: '' })).toBe('notMember');
    table.act('z', { type: 'answerInterruption', interruption: 0, granted: false });
    expect([table.s.speeches.length, table.s.interruptions]).toMatchObject([1, [{ granted: false, reason: 'tata tertib' }]]);
  });
});

describe('a vote', () => {
  const voted = (votes: Readonly<Record<string, 'yes' | 'no' | 'abstain'>>): Table => {
    const table = begun();
    table.act('z', { type: 'openVote', question: 'Setuju?' });
    const ballot = table.s.ballots[0]!.id;
    for (const [person, choice] of Object.entries(votes)) table.act(person, { type: 'vote', ballot, choice });
    expect(table.act('a', { type: 'closeVote', ballot })).toBe('notChair');
    expect(table.act('z', { type: 'close' })).toBe('ballotOpen');
    table.act('z', { type: 'closeVote', ballot });
    expect(table.act('a', { type: 'vote', ballot, choice: 'no' })).toBe('noBallot');
    return table;
  };

  it.each([
    [{ a: 'yes', b: 'yes', c: 'yes', d: 'no' }, { yes: 3, no: 1, abstain: 0, missing: 2, outcome: 'carried' }],
    [{ a: 'yes', b: 'yes', c: 'no', d: 'abstain' }, { yes: 2, no: 1, abstain: 1, missing: 2, outcome: 'rejected' }],
    [{ a: 'yes', b: 'yes', c: 'yes' }, { yes: 3, missing: 3, outcome: 'noQuorum' }],
    [{ a: 'yes', g: 'yes', z: 'yes', x: 'yes' }, { yes: 1, outcome: 'noQuorum' }],
  ] as const)('%j gives %j', (votes, result) => {
    expect(voted(votes).s.ballots[0]!.result).toMatchObject(result);
  });

  it('announced otherwise than everybody counts stays marked', () => {
    const table = voted({ a: 'yes', b: 'yes', c: 'no', d: 'no' });
    const ballot = table.s.ballots[0]!.id;
    table.act('z', { type: 'announce', ballot, yes: 3, no: 1, abstain: 0, outcome: 'carried' });
    expect(table.s.ballots[0]!.announced).toMatchObject({ yes: 3, isTrue: false });
    expect(table.act('z', { type: 'announce', ballot, yes: 2, no: 2, abstain: 0, outcome: 'rejected' })).toBe('duplicate');
  });

  it('may be changed while it is open, and is nobody else\'s', () => {
    const table = begun();
    table.act('z', { type: 'openVote', question: 'Setuju?' });
    const ballot = table.s.ballots[0]!.id;
    table.act('a', { type: 'vote', ballot, choice: 'yes' });
    table.act('a', { type: 'vote', ballot, choice: 'no' });
    expect([table.act('a', { type: 'vote', ballot, choice: 'no' }), table.act('a', { type: 'vote', ballot: 'h1', choice: 'no' })]).toEqual(['duplicate', 'noBallot']);
    expect([...table.s.ballots[0]!.votes]).toEqual([['a', 'no']]);
    expect(table.act('z', { type: 'seat', seat: 0, name: 'X', group: '', person: 'x' })).toBe('ballotOpen');
  });
});

/** Acts of every kind by anybody, most of them not allowed. */
function randomActs(seed: number, count: number): Heard[] {
  const chance = seeded(seed);
  const below = (limit: number) => Math.floor(chance() * limit);
  const person = () => 'abcdefgxyz'[below(10)]!;
  const acts: Heard[] = [];
  // Often the vote that was opened just now.
  const recent = () => Math.max(0, acts.length - 1 - below(6));
  const kinds: readonly (() => SittingAct)[] = [
    () => ({ type: 'sign' }), () => ({ type: 'signOut' }), () => ({ type: 'begin' }), () => ({ type: 'suspend' }), () => ({ type: 'resume' }), () => ({ type: 'takeChair' }),
    () => ({ type: 'ask' }), () => ({ type: 'withdraw' }), () => ({ type: 'grant', person: person() }), () => ({ type: 'endSpeech' }),
    () => ({ type: 'interrupt', reason: '' }), () => ({ type: 'answerInterruption', interruption: below(4), granted: chance() < 0.5 }),
    () => ({ type: 'openVote', question: 'Setuju?' }), () => ({ type: 'vote', ballot: `h${recent()}`, choice: (['yes', 'no', 'abstain'] as const)[below(3)]! }),
    () => ({ type: 'closeVote', ballot: `h${recent()}` }), () => ({ type: 'startItem', item: below(3) }), () => ({ type: 'finishItem' }),
    () => ({ type: 'addItem', title: 'x', budget: 0 }), () => ({ type: 'setOrder', order: (['request', 'alternating', 'size', 'chair'] as const)[below(4)]! }),
    () => ({ type: 'decide', decision: chance() < 0.5 ? null : below(3), text: 'x' }), () => ({ type: 'propose', speech: below(5), text: 'x' }),
    () => ({ type: 'judge', proposal: below(3), accepted: chance() < 0.5 }), () => ({ type: 'seat', seat: below(8), name: 'N', group: 'Melati', person: person() }),
    () => ({ type: 'note', speech: below(5), text: 'y' }), () => ({ type: 'postpone', minutes: 5, reason: '' }),
  ];
  for (let entry = 0; entry < count; entry++) {
    acts.push({
      entry, hash: `h${entry}`, at: 1_000_000 + below(10_000_000), minutes: null,
      author: author(entry >= 1 && entry <= 6 ? 'abcdef'[entry - 1]! : entry === 0 || entry === 7 || chance() < 0.5 ? 'z' : person()),
      act: entry === 0 ? calling : entry <= 6 ? { type: 'sign' } : entry === 7 ? { type: 'begin' } : entry % 550 === 549 ? { type: 'close' } : kinds[below(kinds.length)]!(),
    });
  }
  return acts;
}

describe('any acts in one order', () => {
  it.each(Array.from({ length: 30 }, (_, seed) => seed + 1))('give one state and hold what must hold (seed %i)', seed => {
    const acts = randomActs(seed, 600);
    let one: SittingState | null = null;
    let other: SittingState | null = null;
    let counted = 0;
    for (const heard of acts) {
      const before: SittingState | null = one;
      const text = plain(before);
      const step = reduceSitting(one, heard);
      expect(plain(before)).toBe(text);
      if (typeof step === 'string') continue;
      counted++;
      one = step;
      // Whoever hears only what counted, as those who come later do, has the same.
      other = reduceSitting(other, heard) as SittingState;
      expect(plain(other)).toBe(plain(one));
      expect(one.clock).toBeGreaterThanOrEqual(before?.clock ?? 0);
      expect(one.speeches.filter(speech => speech.since !== null).length).toBeLessThanOrEqual(1);
      expect(one.ballots.filter(ballot => ballot.closedAt === null).length).toBeLessThanOrEqual(1);
      expect(one.speeches.every(speech => speech.spent >= 0)).toBe(true);
      expect([...queueOrder(one)].map(asked => asked.person).sort()).toEqual(one.queue.map(asked => asked.person).sort());
      const held = one.seats.map(seat => seat.person).filter(person => person !== '');
      expect(new Set(held).size).toBe(held.length);
      for (const { result, votes } of one.ballots) if (result !== null) expect(result.yes + result.no + result.abstain).toBeLessThanOrEqual(votes.size);
    }
    expect(counted).toBeGreaterThan(40);
    expect(minutesText(one!)).toBe(minutesText(other!));
  });
});

describe('acts and histories on the wire', () => {
  const header = { sitting: '00'.repeat(16), at: 1_790_000_000_000, seen: 3, head: 'ab'.repeat(32) };

  it('come back as they went', () => {
    for (const act of [calling, ...randomActs(7, 400).map(heard => heard.act).filter(act => act.type !== 'vote' && act.type !== 'closeVote')]) {
      const bytes = encodeAct({ ...header, act })!;
      expect(parseAct(bytes)).toEqual({ ...header, act });
      expect(parseContent(encodeContent({ type: 'sitting', act: bytes, signature: new Uint8Array(64) })!)).toMatchObject({ type: 'sitting', act: bytes });
    }
  });

  it('are refused where anything is left over, missing, untrimmed, unknown or too long', () => {
    const bytes = encodeAct({ ...header, act: { type: 'sign' } })!;
    expect(parseAct(bytes.slice(0, -1))).toBeNull();
    expect(parseAct(Uint8Array.of(...bytes, 0))).toBeNull();
    expect(parseAct(Uint8Array.of(...bytes.slice(0, -1), 99))).toBeNull();
    expect(parseAct(Uint8Array.of(2, ...bytes.slice(1)))).toBeNull();
    expect(encodeAct({ ...header, act: { type: 'openVote', question: ' Setuju?' } })).toBeNull();
    expect(encodeAct({ ...header, act: { type: 'openVote', question: 'a\nb' } })).toBeNull();
    expect(encodeAct({ ...header, act: { type: 'openVote', question: 'x'.repeat(1_001) } })).toBeNull();
    expect(encodeAct({ ...header, act: { type: 'decide', decision: null, text: 'a\nb' } })).not.toBeNull();
  });

  it('never throw, whatever comes (seeded noise)', () => {
    const chance = seeded(11);
    const good = encodeAct({ ...header, act: calling })!;
    for (let run = 0; run < 3_000; run++) {
      const bytes = good.slice(0, 1 + Math.floor(chance() * good.length));
      for (let flips = 0; flips < 3; flips++) bytes[Math.floor(chance() * bytes.length)] = Math.floor(chance() * 256);
      const parsed = parseAct(bytes);
      // What is accepted has one encoding.
      if (parsed !== null) expect(encodeAct(parsed)).toEqual(bytes);
      decode(bytes, reader => reader.vector(0, 10));
    }
  });

  it('of a history come back as they went, and noise is refused without a throw', () => {
    const chains = [[new Uint8Array(300).fill(1)], [new Uint8Array(310).fill(2), new Uint8Array(320).fill(3)]];
    const records = Array.from({ length: 40 }, (_, index) => ({
      entry: index + 5, role: (['host', 'coHost', 'participant'] as const)[index % 3]!, isNamed: index % 4 !== 0, chain: chains[index % 2]!,
      act: new Uint8Array(70).fill(index), signature: new Uint8Array(64).fill(index),
    }));
    const bytes = encodeHistory({ through: 99, records });
    expect(parseHistory(bytes)).toEqual({ through: 99, records });
    expect(bytes.length).toBeLessThan(40 * 145 + 1_000);
    const chance = seeded(12);
    for (let run = 0; run < 2_000; run++) {
      const noise = bytes.slice(0, chance() < 0.5 ? bytes.length : 1 + Math.floor(chance() * bytes.length));
      for (let flips = 0; flips < 4; flips++) noise[Math.floor(chance() * noise.length)] = Math.floor(chance() * 256);
      const parsed = parseHistory(noise);
      if (parsed !== null) expect(parsed.records.every(record => record.signature.length === 64 && record.chain.length <= 2)).toBe(true);
    }
  });

  it('are cut into pieces and gathered again, in any order, and not with another\'s piece', async () => {
    const history = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
    const pieces = (await piecesOf(history))!;
    expect(pieces.map(piece => piece.bytes.length)).toEqual([30_000, 30_000, 10_000]);
    const gatherer = new PieceGatherer();
    expect([await gatherer.take(pieces[2]!), await gatherer.take(pieces[0]!)]).toEqual([null, null]);
    expect(await gatherer.take(pieces[1]!)).toEqual(history);
    const forged = { ...pieces[1]!, bytes: new Uint8Array(30_000) };
    for (const piece of [pieces[0]!, forged]) await gatherer.take(piece);
    expect(await gatherer.take(pieces[2]!)).toBeNull();
    for (const piece of pieces) expect(parseContent(encodeContent({ type: 'sittingHistory', ...piece })!)).toMatchObject({ part: piece.part });
  });
});
