import { describe, expect, it, vi } from 'vitest';
import { badgeOf, counterHolds, type BadgeFacts } from '../../src/e2ee/mls/badge';
import { MeetingClock } from '../../src/e2ee/mls/clock';
import { epochCode, rosterCode } from '../../src/e2ee/mls/codes';
import { committerOrder, heralds } from '../../src/e2ee/mls/election';
import { ForkWatch, type EpochFacts } from '../../src/e2ee/mls/forks';
import { mixesScripts, skeleton, TakenNames } from '../../src/e2ee/mls/names';
import { words } from '../../src/e2ee/mls/words';
import { randomBytes } from './people';

vi.setConfig({ testTimeout: 60_000 });

describe('names', () => {
  it('that look alike have one skeleton', () => {
    for (const [a, b] of [
      ['Joko Widodo', 'joko  widodo'], ['Joko Widodo', 'Jоkо Wіdоdо'], ['Joko Widodo', 'J0K0 W1D0D0'], ['Joko Widodo', 'Jökó Wïdôdø'], ['Ismail', 'lsmaiI'],
      ['Kamal', 'Karnal'], ['Wawan', 'VVaVVan'], ['Budi', 'B\u200bu\u00addi'], ['Ali', 'Αlι'], ['Sari', '$ari'], ['Budi', 'Ｂｕｄｉ'], ['Dewi', 'clewi'],
    ]) expect(skeleton(a!), `${a} and ${b}`).toBe(skeleton(b!));
    for (const [a, b] of [['Budi', 'Buda'], ['Joko Widodo', 'Joko Widada'], ['Siti', 'Sita']]) expect(skeleton(a!), `${a} and ${b}`).not.toBe(skeleton(b!));
  });

  it('of guests are not shown when they are those of members, of roles, or of many scripts', () => {
    const taken = new TakenNames(['Joko Widodo', 'Siti']);
    for (const name of ['joko widodo', 'Widodo, Joko', 'Sіti', 'MODERATOR', 'Tuan  Rumah', 'H0st', 'Pendopo', 'Ali علي', '...']) expect(taken.isConfusable(name), name).toBe(true);
    for (const name of ['Joko Susilo', 'Budi', 'Mohammad Ali', '王小明', 'さくら 花子', 'Дмитрий']) expect(taken.isConfusable(name), name).toBe(false);
    expect(mixesScripts('Budi王')).toBe(true);
    expect(mixesScripts('花子さん')).toBe(false);
  });
});

describe('verification codes', () => {
  it('have 256 words that cannot be mistaken by their first four letters', () => {
    expect(words).toHaveLength(256);
    expect(new Set(words.map(word => word.slice(0, 4))).size).toBe(256);
    for (const word of words) expect(word).toMatch(/^[a-z]{3,7}$/);
  });

  it('differ where a single bit differs, and not by the order of people', async () => {
    const secret = randomBytes(64);
    const other = secret.slice();
    other[63] = other[63]! ^ 1;
    expect(await epochCode(secret)).toEqual(await epochCode(secret));
    expect((await epochCode(secret)).digits).not.toBe((await epochCode(other)).digits);
    const [a, b] = [{ device: randomBytes(32), role: 'host' }, { device: randomBytes(32), role: 'participant' }] as const;
    const hash = randomBytes(32);
    expect(await rosterCode(hash, [a, b])).toEqual(await rosterCode(hash, [b, a]));
    expect(await rosterCode(hash, [a, { ...b, role: 'coHost' }])).not.toEqual(await rosterCode(hash, [a, b]));
  });

  it('spread over all words', async () => {
    const seen = new Set<string>();
    for (let round = 0; round < 200; round++) for (const word of (await epochCode(randomBytes(64))).words) seen.add(word);
    expect(seen.size).toBeGreaterThan(250);
  });
});

describe('election', () => {
  it('is the same for all, goes round, and bears no favourite', async () => {
    const leaves = Array.from({ length: 20 }, (_, leaf) => leaf);
    const firsts = new Map<number, number>();
    for (let epoch = 0; epoch < 200; epoch++) {
      const hash = randomBytes(64);
      const order = await committerOrder(hash, leaves);
      expect(await committerOrder(hash, [...leaves].reverse())).toEqual(order);
      firsts.set(order[0]!, (firsts.get(order[0]!) ?? 0) + 1);
      expect((await heralds(hash, leaves)).size).toBe(4);
    }
    expect(firsts.size).toBe(20);
    expect(Math.max(...firsts.values())).toBeLessThan(35);
  });
});

describe('meeting time', () => {
  it('follows the answer that was quickest', () => {
    const clock = new MeetingClock(0);
    clock.observe(10_500, 0, 1000);
    expect(clock.at(1000)).toBe(11_000);
    clock.observe(20_000, 1000, 9000);
    expect(clock.at(1000)).toBe(11_000);
    clock.observe(12_010, 2000, 2020);
    expect(clock.at(2020)).toBe(12_020);
    // The device slept: its clock stood still, the server's did not.
    clock.observe(600_000, 3000, 3400);
    expect(clock.at(3400)).toBe(600_200);
    clock.notBefore(600_100, 3400);
    expect(clock.at(3400)).toBe(600_200);
    clock.notBefore(700_000, 3400);
    expect(clock.at(3400)).toBe(700_000);
  });
});

describe('heartbeats', () => {
  const keys = new Map([0, 1, 2, 3].map(leaf => [leaf, randomBytes(32)]));
  const epoch = (number: bigint, change: Partial<EpochFacts> = {}): EpochFacts => ({
    epoch: number, transcriptHash: new Uint8Array(64).fill(Number(number)), keys, moderators: new Set([0]), heralds: new Set([0, 1, 2, 3]), ...change,
  });
  const signed = async (): Promise<boolean> => true;
  const beat = (leaf: number, number: bigint, sequence: number, hash = new Uint8Array(64).fill(Number(number))) => ({ leaf, epoch: number, sequence, transcriptHash: hash });
  const lie = new Uint8Array(64).fill(99);

  it('of one who lies mark that one; a second stops us', async () => {
    const watch = new ForkWatch(1, 0);
    await watch.begin(0, epoch(1n));
    expect(await watch.hear(10, beat(2, 1n, 1, lie), signed)).toBe('conflicts');
    expect(watch.state(10)).toBe('together');
    expect([...watch.marked(10)]).toEqual([2]);
    await watch.hear(20, beat(2, 1n, 2, lie), signed);
    expect(watch.state(20)).toBe('together');
    await watch.hear(30, beat(3, 1n, 1, lie), signed);
    expect(watch.state(30)).toBe('fork');
  });

  it('of two moderators that contradict each other stop us', async () => {
    const watch = new ForkWatch(1, 0);
    await watch.begin(0, epoch(1n, { moderators: new Set([0, 2]) }));
    await watch.hear(10, beat(0, 1n, 1), signed);
    expect(watch.state(10)).toBe('together');
    await watch.hear(20, beat(2, 1n, 1, lie), signed);
    expect(watch.state(20)).toBe('fork');
  });

  it('of a moderator that contradicts us, who moderate too, stop us', async () => {
    const watch = new ForkWatch(0, 0);
    await watch.begin(0, epoch(1n, { moderators: new Set([0, 2]) }));
    await watch.hear(20, beat(2, 1n, 1, lie), signed);
    expect(watch.state(20)).toBe('fork');
  });

  it('count once, signed, and not from long ago', async () => {
    const watch = new ForkWatch(1, 0);
    await watch.begin(0, epoch(1n));
    expect(await watch.hear(10, beat(2, 1n, 5), signed)).toBe('agrees');
    expect(await watch.hear(11, beat(2, 1n, 5), signed)).toBe('ignored');
    expect(await watch.hear(12, beat(2, 1n, 4), signed)).toBe('ignored');
    expect(await watch.hear(13, beat(3, 1n, 1), async () => false)).toBe('ignored');
    expect(await watch.hear(13, beat(9, 1n, 1), signed)).toBe('ignored');
    await watch.begin(1000, epoch(2n));
    expect(await watch.hear(30_000, beat(2, 1n, 6), signed)).toBe('agrees');
    expect(await watch.hear(31_001, beat(2, 1n, 7), signed)).toBe('ignored');
    expect(await watch.hear(31_001, beat(2, 2n, 8), signed)).toBe('agrees');
  });

  it('from an epoch ahead are judged when we are there', async () => {
    const watch = new ForkWatch(1, 0);
    await watch.begin(0, epoch(1n));
    expect(await watch.hear(10, beat(2, 2n, 1, lie), signed)).toBe('ahead');
    expect(watch.marked(10).size).toBe(0);
    await watch.begin(20, epoch(2n));
    expect([...watch.conflicting]).toEqual([2]);
  });

  it('are sent by those chosen every 5 s, and by anybody who hears none for 10 s', async () => {
    const chosen = new ForkWatch(0, 0);
    await chosen.begin(0, epoch(1n));
    expect(chosen.takeBeat(499)).toBe(false);
    expect(chosen.takeBeat(500)).toBe(true);
    expect(chosen.takeBeat(5_499)).toBe(false);
    expect(chosen.takeBeat(5_500)).toBe(true);
    const other = new ForkWatch(1, 0);
    await other.begin(0, epoch(1n, { heralds: new Set([0]) }));
    expect(other.takeBeat(9_999)).toBe(false);
    expect(other.takeBeat(10_000)).toBe(true);
    expect(other.takeBeat(14_999)).toBe(false);
    expect(other.takeBeat(15_000)).toBe(true);
    expect(other.state(29_999)).toBe('together');
    expect(other.state(30_000)).toBe('silence');
    await other.hear(30_500, beat(0, 1n, 1), signed);
    expect(other.state(30_500)).toBe('together');
  });

  it('are nobody’s business when one is alone', async () => {
    const watch = new ForkWatch(0, 0);
    await watch.begin(0, epoch(1n, { keys: new Map([[0, randomBytes(32)]]) }));
    expect(watch.takeBeat(60_000)).toBe(false);
    expect(watch.state(600_000)).toBe('together');
  });

  it('of a leaf that somebody else holds now do not count for or against him', async () => {
    const watch = new ForkWatch(1, 0);
    await watch.begin(0, epoch(1n));
    await watch.hear(10, beat(2, 1n, 1, lie), signed);
    await watch.begin(20, epoch(2n, { keys: new Map(keys).set(2, randomBytes(32)) }));
    expect(watch.marked(20).size).toBe(0);
    expect(await watch.hear(30, beat(2, 1n, 2, lie), signed)).toBe('ignored');
  });
});

describe('the badge', () => {
  const good: BadgeFacts = { link: 'encrypted', statementFits: true, isActive: true, isComingBack: false, isInTree: true, treeHolds: true, sends: true, alarms: [], isVerified: false };

  it('is computed from cryptographic state alone', () => {
    expect(badgeOf(good)).toBe('encrypted');
    expect(badgeOf({ ...good, isVerified: true })).toBe('verified');
    expect(badgeOf({ ...good, isVerified: true, alarms: [{ kind: 'countMismatch', leaf: null }] })).toBe('attention');
    for (const missing of ['isActive', 'sends'] as const) expect(badgeOf({ ...good, [missing]: false })).toBe('paused');
    for (const missing of ['statementFits', 'isInTree', 'treeHolds'] as const) expect(badgeOf({ ...good, [missing]: false })).toBe('none');
    expect(badgeOf({ ...good, isInTree: false, treeHolds: false, isActive: false, isComingBack: true })).toBe('paused');
    expect(badgeOf({ ...good, link: null })).toBe('none');
    expect(badgeOf({ ...good, link: 'openBroadcast' })).toBe('broadcast');
  });

  it('counts places, keys and receivers, which must be equal', () => {
    expect(counterHolds({ present: 3, keys: 3, receivers: 3 })).toBe(true);
    for (const odd of ['present', 'keys', 'receivers'] as const) expect(counterHolds({ ...{ present: 3, keys: 3, receivers: 3 }, [odd]: 4 })).toBe(false);
  });
});
