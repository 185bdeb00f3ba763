import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fromHex } from '../../src/e2ee/mls/bytes';
import { BreakoutSession } from '../../src/session/breakout/breakoutSession';
import { roomMemory } from '../../src/session/breakout/roomMemory';
import { isOpen } from '../../src/state/breakout/state';
import { noWish, whereTo } from '../../src/state/breakout/way';
import { toBase64Url } from '../../src/e2ee/mls/bytes';
import { guest, randomBytes } from '../e2ee/people';
import { Scene } from '../e2ee/scene';
import type { Client } from '../e2ee/world';
import { ManualClock } from '../fakes';
import { GroupPage, settle } from '../talk/page';
import { openAct, planId, roomId } from './acts';

vi.setConfig({ testTimeout: 60_000 });

class Storage {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}

/** A page in a real group, with the storage of its tab. */
class Goer extends GroupPage {
  readonly rooms: BreakoutSession;
  readonly #close: () => void;

  constructor(client: Client, scene: Scene, readonly clock = new ManualClock(), readonly storage = new Storage()) {
    super(client, scene);
    this.rooms = new BreakoutSession(this, randomBytes, clock, roomMemory('m', storage));
    this.#close = this.rooms.open();
  }

  get plan() {
    return this.rooms.state.value.plan;
  }

  get where() {
    return whereTo(this.plan, this.rooms.self, noWish, this.clock.now())?.number ?? 0;
  }

  get person() {
    return this.rooms.self!.person;
  }

  close(): void {
    this.#close();
  }
}

let scene: Scene;
let sari: Goer;
let budi: Goer;
let citra: Goer;
let pages: Goer[];
const run = (milliseconds?: number) => settle(scene, pages, milliseconds);

beforeEach(async () => {
  scene = await Scene.create();
  pages = (await scene.meetingOf('Budi', 'Citra')).map(client => new Goer(client, scene));
  [sari, budi, citra] = pages as [Goer, Goer, Goer];
});

const rooms = [1, 2].map(number => ({ number, name: `Ruang ${number}`, meetingId: toBase64Url(roomId(number)), fragment: toBase64Url(new Uint8Array(32).fill(number)) }));

async function open(left: number | null = null): Promise<void> {
  sari.rooms.openRooms({ choosesSelf: false, left, rooms, places: new Map([[budi.person, 1], [citra.person, 2]]) });
  await run();
}

describe('breakout rooms in a group', () => {
  it('are the same for all, with everything that happens to them', async () => {
    await open(600_000);
    expect(pages.map(page => page.where)).toEqual([0, 1, 2]);
    budi.rooms.go(1);
    await run();
    budi.rooms.askForHelp(true);
    sari.rooms.move(citra.person, 1);
    sari.rooms.tell(0, 'Sebentar lagi selesai');
    await run();
    for (const page of pages) {
      expect([...page.plan!.helps.keys()]).toEqual([1]);
      expect(page.plan!.places.get(citra.person)!.room).toBe(1);
      expect(page.rooms.state.value.word).toMatchObject({ text: 'Sebentar lagi selesai', by: 'Retno Wulandari' });
    }
    sari.rooms.callBack();
    await run();
    for (const page of pages) expect([isOpen(page.plan, page.clock.now() + 29_000), isOpen(page.plan, page.clock.now() + 30_000)]).toEqual([true, false]);
  });

  it('of somebody who does not moderate count for nothing, whatever he says of them', async () => {
    budi.command({ type: 'say', content: { type: 'breakout', act: openAct([[citra.person, 1]]) } });
    budi.command({ type: 'say', content: { type: 'breakout', act: openAct([[citra.person, 1]], { isTold: true }) } });
    await run();
    for (const page of pages) expect(page.plan).toBeNull();
    await open();
    const plan = fromHex(sari.plan!.id);
    for (const act of [
      { kind: 'move', plan, person: fromHex(citra.person), room: 1 }, { kind: 'end', plan, left: 0 }, { kind: 'word', plan, room: 0, text: 'Bubar' },
      { kind: 'renew', plan, room: 2, meetingId: roomId(9), fragment: new Uint8Array(32) }, { kind: 'at', plan, room: 2 }, openAct([[citra.person, 1]], { plan: planId }),
    ] as const) budi.command({ type: 'say', content: { type: 'breakout', act } });
    await run(1_000);
    for (const page of pages) {
      expect([page.plan!.id, page.plan!.endsAt, page.plan!.rooms, page.plan!.places.get(budi.person)!.room, page.rooms.state.value.word]).toEqual([sari.plan!.id, null, rooms, 1, null]);
    }
    expect(citra.where).toBe(2);
  });

  it('let nobody in by themselves who was removed from one', async () => {
    const knock = () => sari.client.view.knocks[0] ?? null;
    await sari.client.command({ type: 'remove', leaf: citra.client.view.ownLeaf! });
    await scene.world.until('the removal', () => citra.client.view.phase === 'closed');
    await scene.browser(citra.client.person).open();
    await scene.world.until('the knock', () => knock() !== null);
    expect(knock()).toMatchObject({ name: 'Citra', wasRemoved: true, fault: null });
    await scene.browser(await guest('Dewi')).open();
    await scene.world.until('the other knock', () => sari.client.view.knocks.length === 2);
    expect(sari.client.view.knocks.find(({ name }) => name === 'Dewi')).toMatchObject({ wasRemoved: false });
  });

  it('are told to who comes later, and to who was made anew', async () => {
    await open(600_000);
    const dewi = new Goer(await scene.admit(sari.client, await guest('Dewi')), scene);
    pages.push(dewi);
    await run();
    expect([dewi.plan!.rooms, dewi.where]).toEqual([rooms, 0]);
    sari.rooms.move(dewi.person, 2);
    await run();
    expect(dewi.where).toBe(2);
    const before = citra.client.view.epoch;
    await citra.client.command({ type: 'comeBack' });
    sari.rooms.move(citra.person, 1);
    await scene.world.until('the return', () => citra.client.view.phase === 'active' && citra.client.view.epoch > before);
    await run(1_500);
    expect([citra.where, citra.rooms.state.value.isBehind]).toEqual([1, false]);
  });

  it('are known again to the only moderator whose page is loaded anew, for the time that is left', async () => {
    await open(600_000);
    sari.close();
    await sari.clock.advance(60_000);
    const again = new Goer(sari.client, scene, sari.clock, sari.storage);
    pages[0] = again;
    await run();
    expect([again.plan!.id, again.plan!.rooms, again.plan!.endsAt! - again.clock.now()]).toEqual([budi.plan!.id, rooms, 540_000]);
    again.rooms.callBack();
    await run();
    expect(isOpen(budi.plan, budi.clock.now() + 30_000)).toBe(false);
    // What is over, or of another meeting, or not whole is not known again.
    const { kept } = again.storage;
    const [[key, value]] = [...kept] as [[string, string]];
    for (const other of [value.replace('"m"', '"n"'), value.slice(0, -3), value.replace(/,(\d+),"/, ',0,"'), 'x', '[]']) {
      const page = new Goer(sari.client, scene, again.clock, new Storage());
      page.storage.setItem(key, other);
      page.close();
      const fresh = new Goer(sari.client, scene, again.clock, page.storage);
      expect(isOpen(fresh.plan, again.clock.now()), other.slice(0, 40)).toBe(false);
    }
  });
});
