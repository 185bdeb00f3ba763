import { describe, expect, it } from 'vitest';
import type { MemberEntry } from '../../src/e2ee/mls/memberTypes';
import type { EncryptionView } from '../../src/state/encryption';
import type { BreakoutPlan } from '../../src/state/breakout/state';
import type { Roster } from '../../src/state/roster';
import { elsewhere } from '../../src/view/room/breakout/elsewhere';
import type { BreakoutModel } from '../../src/view/room/breakout/model';
import { participantOf, silent } from '../fakes';

const people = ['sari', 'budi', 'citra'];
const members = people.map((person, leaf) => ({ person, leaf }) as MemberEntry);
const encryption = { leafOf: new Map(people.map((person, leaf) => [person, leaf])) } as unknown as EncryptionView;
const roster = (speaks: string | null = null) => ({ participants: people.map((id, index) => participantOf(id, { ...silent, microphone: id === speaks }, id, index)) }) as unknown as Roster;
const places = new Map([['budi', { room: 1, isThere: true, turn: 1, isVisit: false }], ['citra', { room: 1, isThere: false, turn: 1, isVisit: false }]]);
const plan = { id: 'a', endsAt: 1_000, places, rooms: [], helps: new Map(), by: 'sari', choosesSelf: false } as BreakoutPlan;
const model = (change: Partial<BreakoutModel> = {}): BreakoutModel => ({ plan, word: null, self: members[0]!, members, here: null, returned: null, founding: null, waiting: 0, ...change });
const away = (breakout: BreakoutModel | null, who = roster(), now = 500) => [...elsewhere(breakout, encryption, who, now)];

describe('people in breakout rooms', () => {
  it('have no tile in the main room while they are there and send nothing to it', () => {
    expect(away(model())).toEqual(['budi']);
    expect(away(model(), roster('budi'))).toEqual([]);
  });

  it('have one again when the rooms are over, and for those who are in a room themselves, of whom alone it speaks', () => {
    expect(away(model(), roster(), 1_000)).toEqual([]);
    expect(away(model({ here: { number: 1, name: 'x', meetingId: '', fragment: '' } }))).toEqual([]);
    expect(away(model({ plan: null }))).toEqual([]);
    expect(away(null)).toEqual([]);
  });
});
