import { describe, expect, it } from 'vitest';
import { placingsMaximum, roomsMaximum, type BreakoutAct } from '../../src/e2ee/mls/breakoutContent';
import { equal } from '../../src/e2ee/mls/bytes';
import { encodeContent, kindOf, parseContent } from '../../src/e2ee/mls/content';
import { randomBytes } from '../e2ee/people';
import { seeded } from '../talk/seeded';
import { openAct, planId, roomId } from './acts';

const person = randomBytes(16);
const placing = () => ({ person: randomBytes(16), room: 1, isThere: true });
const rooms = (count: number) => Array.from({ length: count }, (_, index) => ({ number: index + 1, name: `Ruang ${index + 1}`, meetingId: roomId(index), fragment: randomBytes(32) }));

const acts: readonly BreakoutAct[] = [
  openAct([]), openAct([], { isTold: true, choosesSelf: true, left: 86_400_000, people: Array.from({ length: 20 }, placing) }),
  openAct([], { rooms: rooms(roomsMaximum), people: Array.from({ length: placingsMaximum }, placing) }),
  { kind: 'move', plan: planId, person, room: 0 }, { kind: 'end', plan: planId, left: 0 }, { kind: 'end', plan: planId, left: null },
  { kind: 'word', plan: planId, room: 0, text: 'Selamat berdiskusi' }, { kind: 'renew', plan: planId, room: 2, meetingId: roomId(9), fragment: randomBytes(32) },
  { kind: 'at', plan: planId, room: 30 }, { kind: 'help', plan: planId, isWanted: true },
];

describe('content about breakout rooms', () => {
  it('is read as it was written, and passes a lock of the chat', () => {
    for (const act of acts) {
      const content = { type: 'breakout', act } as const;
      expect(parseContent(encodeContent(content)!)).toEqual(content);
      expect(kindOf(content)).toBe('message');
    }
  });

  it('out of its bounds is not written', () => {
    const [one, two] = rooms(2);
    const refused: readonly BreakoutAct[] = [
      openAct([], { rooms: [] }), openAct([], { rooms: rooms(roomsMaximum + 1) }), openAct([], { rooms: [two!, one!] }), openAct([], { rooms: [one!, { ...two!, meetingId: one!.meetingId }] }),
      // A broadcast is no room: what is said there is not encrypted.
      openAct([], { rooms: [{ ...one!, meetingId: Uint8Array.of(0xb0, ...randomBytes(17)) }] }), openAct([], { rooms: [{ ...one!, name: '' }] }), openAct([], { rooms: [{ ...one!, name: 'a'.repeat(101) }] }),
      openAct([], { left: 86_400_001 }), openAct([], { people: [{ person, room: 3, isThere: false }] }), openAct([], { people: [{ person, room: 0, isThere: true }] }),
      openAct([], { people: [{ person, room: 1, isThere: false }, { person, room: 2, isThere: false }] }), openAct([], { people: Array.from({ length: placingsMaximum + 1 }, placing) }),
      { kind: 'move', plan: planId, person, room: 31 }, { kind: 'word', plan: planId, room: 0, text: '' }, { kind: 'word', plan: planId, room: 0, text: 'a'.repeat(1_001) },
      { kind: 'renew', plan: planId, room: 0, meetingId: roomId(1), fragment: randomBytes(32) }, { kind: 'at', plan: planId.slice(1), room: 1 },
    ];
    for (const act of refused) expect(encodeContent({ type: 'breakout', act }), JSON.stringify(act).slice(0, 120)).toBeNull();
  });

  it('that was changed anywhere is read as something that is written the same, or not at all', () => {
    const random = seeded(13);
    let kept = 0;
    for (const act of acts) {
      const bytes = encodeContent({ type: 'breakout', act })!;
      for (let round = 0; round < 300; round++) {
        const changed = bytes.slice();
        for (let count = 1 + random(3); count > 0; count--) changed[random(Math.min(changed.length, 400))] = random(256);
        const read = parseContent(changed);
        if (read === null) continue;
        kept++;
        if (!equal(encodeContent(read)!, changed)) expect.fail(`round ${round} of ${act.kind} has two forms`);
      }
    }
    expect(kept).toBeGreaterThan(0);
  });
});
