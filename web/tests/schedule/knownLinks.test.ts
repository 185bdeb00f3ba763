import { beforeEach, describe, expect, it, vi } from 'vitest';
import { contradictedLinks, rememberLink } from '../../src/session/knownLinks';

const one = { meetingId: 'rAAAAAAAAAAAAAAAAAAAAAAA', fragment: 'a'.repeat(43) };
const other = { meetingId: 'rBBBBBBBBBBBBBBBBBBBBBBB', fragment: 'b'.repeat(43) };

describe('links that this browser knows', () => {
  let stored: Map<string, string>;
  beforeEach(() => {
    stored = new Map();
    vi.stubGlobal('localStorage', { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => void stored.set(key, value) });
  });

  it('are held against what the server lists', async () => {
    await rememberLink(one.meetingId, one.fragment);
    expect(await contradictedLinks([one, other])).toEqual(new Set());
    expect(await contradictedLinks([{ ...one, fragment: 'c'.repeat(43) }, other])).toEqual(new Set([one.meetingId]));
  });

  it('stay as they were known first, and bear no link', async () => {
    await rememberLink(one.meetingId, one.fragment);
    await rememberLink(one.meetingId, 'c'.repeat(43));
    expect(await contradictedLinks([one])).toEqual(new Set());
    expect([...stored.values()].join()).not.toContain(one.meetingId);
  });

  it('are forgotten oldest first, and never stand in the way', async () => {
    await rememberLink(one.meetingId, one.fragment);
    for (let index = 0; index < 500; index++) await rememberLink(`meeting ${index}`, other.fragment);
    expect(await contradictedLinks([{ ...one, fragment: other.fragment }])).toEqual(new Set());
    for (const [key] of stored) stored.set(key, '{"not": "ours"}');
    expect(await contradictedLinks([one])).toEqual(new Set());
  });
});
