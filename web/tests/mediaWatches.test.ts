import { describe, expect, it } from 'vitest';
import { PaceGuard } from '../src/media/effects/paceGuard';
import { SilenceWatch } from '../src/media/silenceWatch';

/** Plays a source and a processing at so many pictures a second; returns the second at which the guard speaks, or null. */
function play(offered: (second: number) => number, done: (second: number) => number, seconds: number): number | null {
  const guard = new PaceGuard(0);
  for (let second = 0; second < seconds; second++) {
    for (let i = 0; i < offered(second); i++) guard.offer();
    for (let i = 0; i < done(second); i++) guard.done();
    if (guard.isTooSlow((second + 1) * 1_000)) return second + 1;
  }
  return null;
}

describe('the guard of the pace', () => {
  it('speaks when processing falls below five pictures a second for long', () => {
    expect(play(() => 30, () => 3, 60)).toBe(10);
  });

  it('is patient with the beginning and with a source that is slow itself', () => {
    expect(play(() => 30, second => (second < 3 ? 0 : 25), 60)).toBeNull();
    expect(play(() => 4, () => 4, 60)).toBeNull();
  });

  it('lets a short load pass', () => {
    expect(play(() => 30, second => (second === 20 || second === 21 ? 0 : 20), 60)).toBeNull();
  });
});

describe('the watch over a silent microphone', () => {
  it('speaks of one that was never heard, after its patience', () => {
    const watch = new SilenceWatch(15_000, 1_000);
    expect(watch.hear(0, 15_999)).toBe(false);
    expect(watch.hear(0.02, 16_000)).toBe(true);
  });

  it('is quiet for good about one that was heard once', () => {
    const watch = new SilenceWatch(15_000, 0);
    watch.hear(0.4, 200);
    expect(watch.hear(0, 600_000)).toBe(false);
  });

  it('takes its word back with the first sound', () => {
    const watch = new SilenceWatch(15_000, 0);
    expect(watch.hear(0, 20_000)).toBe(true);
    expect(watch.hear(0.3, 21_000)).toBe(false);
  });
});
