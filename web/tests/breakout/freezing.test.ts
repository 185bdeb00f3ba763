import { expect, it } from 'vitest';
import { watchFreezing } from '../../src/session/breakout/freezing';
import { initialRoom, type RoomState } from '../../src/state/room';
import { Store } from '../../src/state/store';

const roomOf = (frozen: boolean, revision: number) => ({ ...initialRoom, roster: { revision, controls: { frozen } } }) as unknown as RoomState;

it('freezing stops who is in a breakout room once, each time that it begins, and nobody else', () => {
  const room = new Store(roomOf(false, 1));
  let isConcerned = true;
  let stops = 0;
  const end = watchFreezing(room, () => isConcerned, () => stops++);
  const seen: number[] = [];
  let revision = 1;
  const become = (frozen: boolean) => {
    room.set(roomOf(frozen, ++revision));
    seen.push(stops);
  };
  become(false);
  become(true);
  become(true);
  become(false);
  become(true);
  isConcerned = false;
  become(false);
  become(true);
  end();
  isConcerned = true;
  become(false);
  become(true);
  expect(seen).toEqual([0, 1, 1, 1, 2, 2, 2, 2, 2]);
});
