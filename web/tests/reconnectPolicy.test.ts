import { describe, expect, it } from 'vitest';
import { announcedDelay, reconnectDelay } from '../src/signaling/reconnectPolicy';
import { seeded } from './fakes';

describe('reconnect policy', () => {
  it('doubles the wait and bounds it', () => {
    expect([0, 1, 2, 3, 4, 10].map(attempt => reconnectDelay(attempt, 0.5))).toEqual([250, 500, 1000, 2000, 2500, 2500]);
    expect(reconnectDelay(1_000_000, 0.999)).toBeLessThanOrEqual(12_500);
  });

  it('spreads a hall of clients', () => {
    const chance = seeded(3);
    const waits = Array.from({ length: 500 }, () => reconnectDelay(3, chance()));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(2500);
    expect(new Set(waits).size).toBeGreaterThan(200);
  });

  it('tries often enough in the first minute to notice a restarted server within 4 s', () => {
    for (let attempt = 0, elapsed = 0; elapsed < 60_000; attempt++) {
      const wait = reconnectDelay(attempt, 1);
      expect(wait).toBeLessThanOrEqual(4_000);
      elapsed += wait;
    }
  });

  it('honours the time that a stopping server asks for, within reason', () => {
    expect(announcedDelay(2_000, 0)).toBe(2_000);
    expect(announcedDelay(3_600_000, 0)).toBe(10_000);
    expect(announcedDelay(Number.NaN, 0)).toBe(0);
    expect(announcedDelay(-5, 0)).toBe(0);
  });
});
