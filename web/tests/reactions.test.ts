import { describe, expect, it } from 'vitest';
import type { Content, Reaction } from '../src/e2ee/mls/content';
import type { MemberCommand, MemberPhase } from '../src/e2ee/mls/memberTypes';
import type { GroupState, Heard } from '../src/session/groupSession';
import { ReactionSession } from '../src/session/reactions';
import { Bucket } from '../src/state/bucket';
import { MutedSpeech } from '../src/state/mutedSpeech';
import { Store } from '../src/state/store';
import { ManualClock } from './fakes';

class FakeGroup {
  readonly state = new Store({ view: { phase: 'active' } } as Pick<GroupState, 'view'>);
  readonly commands: MemberCommand[] = [];
  #listener: ((heard: Heard) => void) | null = null;

  listen(_: readonly Content['type'][], listener: (heard: Heard) => void): () => void {
    this.#listener = listener;
    return () => { this.#listener = null; };
  }

  command(command: MemberCommand): void {
    this.commands.push(command);
  }

  say(leaf: number, reaction: Reaction, isOwn = false): void {
    this.#listener?.({ type: 'said', generation: 1, entry: 1, by: { leaf }, isOwn, content: { type: 'reaction', reaction } } as Heard);
  }

  phase(phase: MemberPhase): void {
    this.state.set({ view: { phase } } as Pick<GroupState, 'view'>);
  }
}

function opened() {
  const clock = new ManualClock();
  const group = new FakeGroup();
  const session = new ReactionSession(group, clock);
  const close = session.open();
  return { clock, group, session, close, signs: () => session.state.value.floating.map(({ leaf, reaction }) => `${leaf} ${reaction}`) };
}

describe('reactions', () => {
  it('float for four seconds', async () => {
    const { clock, group, signs } = opened();
    group.say(3, 'clap');
    await clock.advance(3_900);
    expect(signs()).toEqual(['3 clap']);
    await clock.advance(200);
    expect(signs()).toEqual([]);
  });

  it('of one person do not pile up over his tile', () => {
    const { group, signs } = opened();
    for (const reaction of ['clap', 'heart', 'laugh', 'surprise'] as const) group.say(3, reaction);
    group.say(4, 'clap');
    expect(signs()).toEqual(['3 heart', '3 laugh', '3 surprise', '4 clap']);
  });

  it('are told in one phrase, those of others', async () => {
    const { clock, group, session } = opened();
    group.say(3, 'clap');
    group.say(4, 'clap');
    group.say(4, 'thumbsUp');
    group.say(0, 'heart', true);
    expect(session.state.value.news).toBeNull();
    await clock.advance(2_600);
    expect(session.state.value.news).toMatchObject({ counts: [{ reaction: 'thumbsUp', count: 1 }, { reaction: 'clap', count: 2 }], only: null });
    group.say(5, 'heart');
    await clock.advance(2_600);
    expect(session.state.value.news).toMatchObject({ counts: [{ reaction: 'heart', count: 1 }], only: 5 });
  });

  it('are limited at who sends them', async () => {
    const { clock, group, session } = opened();
    expect(Array.from({ length: 7 }, () => session.react('clap'))).toEqual([true, true, true, true, true, false, false]);
    expect(group.commands).toHaveLength(5);
    await clock.advance(2_000);
    expect([session.react('clap'), session.react('clap')]).toEqual([true, false]);
  });

  it('of a member who floods are dropped by who receives them, and nobody else pays for it', async () => {
    const { clock, group, session, signs } = opened();
    let seen = 0;
    session.state.subscribe(() => { seen = Math.max(seen, ...session.state.value.floating.map(({ id }) => id)); });
    for (let count = 0; count < 100; count++) group.say(3, 'clap');
    expect(seen).toBe(8);
    group.say(4, 'heart');
    expect(signs()).toContain('4 heart');
    await clock.advance(1_500);
    group.say(3, 'laugh');
    expect(signs()).toContain('3 laugh');
  });

  it('from before one came back are over', () => {
    const { group, signs } = opened();
    group.phase('replaying');
    group.say(3, 'clap');
    group.phase('active');
    expect(signs()).toEqual([]);
  });

  it('are forgotten when the room is closed', async () => {
    const { clock, group, session, close } = opened();
    group.say(3, 'clap');
    close();
    await clock.advance(5_000);
    expect(session.state.value).toEqual({ floating: [], news: null });
  });
});

describe('a bucket', () => {
  it('fills up again by time and never over its size', () => {
    const bucket = new Bucket(2, 1_000);
    expect([bucket.take(0), bucket.take(0), bucket.take(999)]).toEqual([true, true, false]);
    expect(bucket.take(1_001)).toBe(true);
    expect([bucket.take(60_000), bucket.take(60_000), bucket.take(60_000)]).toEqual([true, true, false]);
  });
});

describe('speaking while muted', () => {
  /** @returns when the person is told, ms */
  function told(levelAt: (now: number) => number, length: number): number[] {
    const speech = new MutedSpeech();
    const found: number[] = [];
    for (let now = 0; now <= length; now += 50) if (speech.hear(now, levelAt(now))) found.push(now);
    return found;
  }

  it('is told within a second, and not again for half a minute', () => {
    const times = told(() => 0.6, 40_000);
    expect(times).toHaveLength(2);
    expect(times[0]).toBeLessThanOrEqual(1_000);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(30_000);
  });

  it('is not a cough, a door, or the noise of a room', () => {
    expect(told(now => (now % 3_000 < 300 ? 0.9 : 0.05), 60_000)).toEqual([]);
    expect(told(() => 0.3, 60_000)).toEqual([]);
  });

  it('is words with pauses between them', () => {
    expect(told(now => (now % 600 < 300 ? 0.5 : 0), 5_000)).toHaveLength(1);
  });
});
