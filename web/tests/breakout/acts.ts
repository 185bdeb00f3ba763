import type { BreakoutAct } from '../../src/e2ee/mls/breakoutContent';
import { fromHex, type Bytes } from '../../src/e2ee/mls/bytes';

export const planId = new Uint8Array(16).fill(7);

/** The id of an encrypted meeting. */
export function roomId(seed: number): Bytes {
  return Uint8Array.of(0xac, ...new Uint8Array(17).fill(seed));
}

type Rooms = Extract<BreakoutAct, { readonly kind: 'rooms' }>;

/** Two rooms. @param placed person, in hexadecimal, and his room */
export function openAct(placed: readonly (readonly [string, number])[], change: Partial<Rooms> = {}): Rooms {
  return {
    kind: 'rooms', plan: planId, isTold: false, choosesSelf: false, left: null,
    rooms: [1, 2].map(number => ({ number, name: `Ruang ${number}`, meetingId: roomId(number), fragment: new Uint8Array(32).fill(number) })),
    people: placed.map(([person, room]) => ({ person: fromHex(person), room, isThere: false })), ...change,
  };
}
