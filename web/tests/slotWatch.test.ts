import { beforeEach, describe, expect, it } from 'vitest';
import { SlotWatch } from '../src/session/slotWatch';
import type { SeatMap } from '../src/signaling/contract';
import { ManualClock } from './fakes';

let clock: ManualClock;
let asked: string[][];
let changes: number;
let watch: SlotWatch;

const seats = (...people: string[]): SeatMap => ({
  seats: people.map((participantId, seat) => ({ seat, participantId, source: 'camera' as const, pause: 'none' as const })), voices: [],
});
const report = (slot: string, leaf: number) => watch.report([{ slot, leaf, epoch: 1n }]);

beforeEach(() => {
  clock = new ManualClock();
  asked = [];
  changes = 0;
  watch = new SlotWatch({ clock, ask: slots => asked.push([...slots]), changed: () => changes++ });
});

describe('whose frames a tile carries', () => {
  it('is told by their keys once the seat has settled', async () => {
    watch.bind(seats('sari'));
    report('seat-0-video', 7);
    expect([...watch.leavesOf('sari')]).toEqual([]);
    await clock.advance(1_500);
    expect(asked).toEqual([['seat-0-audio', 'seat-0-video']]);
    report('seat-0-video', 7);
    expect([...watch.leavesOf('sari')]).toEqual([7]);
    expect(changes).toBe(1);
    report('seat-0-video', 7);
    expect(changes).toBe(1);
  });

  it('is not taken from the frames of the one who sat there before', async () => {
    watch.bind(seats('sari'));
    await clock.advance(1_500);
    report('seat-0-video', 7);
    watch.bind(seats('budi'));
    report('seat-0-video', 7);
    expect([...watch.leavesOf('budi')]).toEqual([]);
    expect([...watch.leavesOf('sari')]).toEqual([]);
    await clock.advance(1_500);
    // The server goes on sending Sari's frames under Budi's name.
    report('seat-0-video', 7);
    expect([...watch.leavesOf('budi')]).toEqual([7]);
  });

  it('keeps what it knows of seats that stay as they are', async () => {
    watch.bind(seats('sari', 'budi'));
    await clock.advance(1_500);
    report('seat-0-audio', 1);
    report('seat-1-audio', 2);
    watch.bind(seats('sari', 'citra'));
    expect([...watch.leavesOf('sari')]).toEqual([1]);
    expect([...watch.leavesOf('citra')]).toEqual([]);
    watch.bind(seats('sari'));
    await clock.advance(5_000);
    expect(asked).toHaveLength(1);
  });

  it('shows where one tile mixes people', async () => {
    watch.bind(seats('sari'));
    await clock.advance(1_500);
    report('seat-0-audio', 1);
    report('seat-0-video', 2);
    expect([...watch.leavesOf('sari')].sort()).toEqual([1, 2]);
  });

  it('counts voices without a seat', async () => {
    watch.bind({ seats: [], voices: [{ voice: 3, participantId: 'wayan' }] });
    await clock.advance(1_500);
    report('voice-3', 5);
    expect([...watch.leavesOf('wayan')]).toEqual([5]);
  });
});
